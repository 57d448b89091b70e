"""The chain as a model: what it asks, what it answers, and its reference scenario."""

from __future__ import annotations

import math
from typing import Final

from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Mark,
    Series,
    Table,
    spelled,
)
from pausenet.game.chain.parameters import PARAMETERS, design_of
from pausenet.game.chain.reference import CHECKS, REFERENCE
from pausenet.game.chain.stages import Chain, Design, allocated, chain
from pausenet.game.deterrence.lag import FRIEDMAN
from pausenet.game.deterrence.static import BECKER
from pausenet.game.model import Chosen, Model
from pausenet.game.repeated.green_porter import GREEN_PORTER, Regime
from pausenet.game.security.sites import as_chosen, drawn_places, drawn_words

_SLACK: Final = 1e-9
_QUANTITIES: Final = (Column(name="quantity"), Column(name="value"))


def _solve(chosen: Chosen) -> Answer:
    design = design_of(chosen)
    found = chain(design)
    return Answer(
        sentence=_sentence(design, found),
        not_shown="How many labs sign (coalitions), what they fear of each other (global games), "
        "evasions that no channel sees, and verifiers that lie.",
        tables=(_stages(found), _by_site(found)),
        picture=_picture(design, found),
        hand_check=_by_hand(design, found),
    )


def _sentence(design: Design, found: Chain) -> str:
    fails = _failures(design, found)
    if isinstance(found.enough, Infeasible):
        budget = f"no number of looks is enough: {found.enough.why}"
    else:
        budget = (
            f"one cheat, cheating until caught and breakout together need {_up(found.enough)} "
            "looks a period"
        )
    if found.given > found.spent + _SLACK:
        budget += (
            f"; {found.spent:.4g} of the {found.given:g} looks are spent, as these bounds need no "
            "more"
        )
    if not fails:
        return (
            "Every site is deterred, a sprint escapes with a chance of "
            f"{max(site.escape for site in found.sites):.2g} at most, and races after an "
            f"accusation keep the pause; {budget}."
        )
    return f"The pause does not hold: {'; '.join(fails)}. {budget[0].upper()}{budget[1:]}."


def _failures(design: Design, found: Chain) -> list[str]:
    """Each bound that fails, and where."""
    places = list(enumerate(found.sites, 1))
    tempted = [place for place, site in places if site.left > _SLACK * max(design.values)]
    going_on = [place for place, site in places if site.law < found.needed - _SLACK]
    sprints = {place: site.escape for place, site in places if site.escape > design.bound + _SLACK}
    fails = []
    if tempted:
        fails.append(f"one cheat pays at {_named(tempted, found)}")
    if going_on:
        fails.append(f"cheating until caught pays at {_named(going_on, found)}")
    if sprints:
        fails.append(
            f"breakout at {_named(list(sprints), found)}, where a sprint escapes with chance "
            f"{max(sprints.values()):.3g}{' at worst' if len(sprints) > 1 else ''}, above the "
            f"bound of {design.bound:g}"
        )
    if isinstance(found.regime, Infeasible):
        fails.append(
            f"stage 4 fails, as no length of races after an accusation keeps the pause "
            f"({found.regime.why}{_patience(design, found)})"
        )
    return fails


def _patience(design: Design, found: Chain) -> str:
    """What discount factor would be needed, where there is one."""
    if isinstance(found.patience, Infeasible):
        return ""
    return (
        f"; the discount factor is {design.discount:g}, needed is {float(found.patience):.4g} or "
        "more"
    )


def _named(places: list[int], found: Chain) -> str:
    sites = "site" if len(places) == 1 else "sites"
    return f"{sites} {', '.join(map(str, places))} of {len(found.sites)}"


def _up(looks: float) -> str:
    """A number of looks, rounded up so that it is enough.

    >>> _up(3.28737)
    '3.288'
    """
    return f"{math.ceil(looks * 1000.0) / 1000.0:.3f}"


def _stages(found: Chain) -> Table:
    best = found.cheapest
    cheapest: tuple[Cell, Cell, Cell] = (
        (best, best, best) if isinstance(best, Infeasible) else (best.alpha, best.looks, best.cost)
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        ("1 records find a cheat, a look", found.verified.records),
        ("1 the meter finds it", found.verified.meter),
        ("1 both together", found.verified.both),
        ("2 looks a period that deter one cheat", found.looks),
        ("2 their cost with false alarms", found.cost),
        ("2 looks a period that are spent", found.spent),
        ("2 chance that a lab cheats, after an alarm", found.after_alarm),
        ("3 needed discounted chance of an answer, K", found.needed),
        ("4 least discount factor, races without end", found.patience),
        ("4 best length of races (periods of a turn)", _length(found.regime)),
        ("5 cheapest false alarms a look", cheapest[0]),
        ("5 looks a period with it", cheapest[1]),
        ("5 cost with it", cheapest[2]),
        ("5 looks a period that all three bounds need", found.enough),
        ("5 looks saved by a larger penalty, a unit of it (at the margin)", found.shadow),
    )
    return Table(title="Stages", columns=_QUANTITIES, rows=rows)


def _length(regime: Regime | Infeasible) -> Cell:
    return regime if isinstance(regime, Infeasible) else regime.length


def _by_site(found: Chain) -> Table:
    return Table(
        title="Sites",
        columns=(
            Column(name="value"),
            Column(name="looks", unit="a period"),
            Column(name="left to gain"),
            Column(name="D", unit="1"),
            Column(name="escapes", unit="chance"),
            Column(name="looks needed", unit="a period"),
            Column(name="needed for"),
        ),
        rows=tuple(
            (
                site.value,
                site.coverage,
                site.left,
                site.law,
                site.escape,
                site.needed,
                str(site.binds),
            )
            for site in found.sites
        ),
    )


def _by_hand(design: Design, found: Chain) -> str:
    value, d = design.values[0], found.verified.both
    worry = design.false_alarm * design.nuisance
    loss = value + design.imposed * design.penalty
    return (
        f"first site: v / (d (v + q F) - \u03b1 f) = {value:g} / ({d:.6g} x {loss:g} - {worry:g}) "
        f"= {spelled(value / (d * loss - worry))} looks a period."
    )


def _picture(design: Design, found: Chain) -> Lines:
    """Looks at each site by the looks there are: water filling, and spare looks after it."""
    wanted = [each for each in (found.looks, found.enough) if isinstance(each, float)]
    most = 1.2 * max(*wanted, found.spent) if wanted else float(len(design.values))
    budgets = [most * step / 72 for step in range(1, 73)]
    filled = [allocated(design, budget) for budget in budgets]
    places = drawn_places(design.values)
    series = [
        Series(
            name=f"site {place + 1}, value {design.values[place]:g}",
            points=tuple((b, each[place]) for b, each in zip(budgets, filled, strict=True)),
        )
        for place in places
    ]
    return Lines(
        title="Looks go first where most is to be gained, and small sites come last.",
        subtitle="Looks a period at each site, by the looks there are in all."
        + drawn_words(places, len(design.values)),
        x=Axis(title="looks a period in all", low=0, high=most),
        y=Axis(title="looks a period at the site", low=0, high=1),
        series=(as_chosen(found.spent, 1), *series),
        marks=(Mark(x=found.spent, y=0, words="spent as chosen"),),
    )


MODEL: Final = Model(
    name="chain",
    title="From verification to deterrence",
    question="Does this verification make the pause hold at every site, and what would?",
    validity="Sites and periods alike but for their values; labs know how often each is looked at.",
    papers=(REFERENCE, BECKER, FRIEDMAN, GREEN_PORTER),
    parameters=PARAMETERS,
    solve=_solve,
    checks=CHECKS,
)
MODELS: Final[tuple[Model, ...]] = (MODEL,)
