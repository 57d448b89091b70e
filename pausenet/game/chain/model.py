"""The chain as a model: what it asks, what it answers, and its reference scenario."""

from __future__ import annotations

from typing import Final

from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Series,
    Table,
    spelled,
)
from pausenet.game.chain.parameters import PARAMETERS, design_of
from pausenet.game.chain.reference import CHECKS, REFERENCE
from pausenet.game.chain.stages import Chain, Design, Site, chain, water_filling
from pausenet.game.deterrence.lag import FRIEDMAN
from pausenet.game.deterrence.static import BECKER
from pausenet.game.model import Chosen, Model
from pausenet.game.repeated.green_porter import GREEN_PORTER, Regime

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
    weak = [place for place, site in enumerate(found.sites, 1) if not _holds(design, found, site)]
    if isinstance(found.enough, Infeasible):
        budget = f"no number of looks is enough: {found.enough.why}"
    else:
        budget = f"all three bounds need {found.enough:.3g} looks a period"
    if not weak:
        return (
            "Every site is deterred, and a sprint escapes with a chance of "
            f"{max(site.escape for site in found.sites):.2g} at most; {budget}."
        )
    named = ", ".join(str(place) for place in weak)
    several = "Sites" if len(weak) > 1 else "Site"
    return f"{several} {named} of {len(found.sites)}: the pause does not hold there; {budget}."


def _holds(design: Design, found: Chain, site: Site) -> bool:
    slack = 1e-9
    return (
        site.left <= slack * design.values[0]
        and site.law >= found.needed - slack
        and site.escape <= design.bound + slack
    )


def _stages(found: Chain) -> Table:
    best = found.cheapest
    cheapest: tuple[Cell, Cell, Cell] = (
        (best, best, best) if isinstance(best, Infeasible) else (best.alpha, best.looks, best.cost)
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        ("1 records find a cheat, a look", found.verified.records),
        ("1 the meter finds it", found.verified.meter),
        ("1 both together", found.verified.both),
        ("2 looks a period for full deterrence", found.looks),
        ("2 their cost with false alarms", found.cost),
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
        f"first site: v / (d (v + q F) - alpha f) = {value:g} / ({d:.6g} x {loss:g} - {worry:g}) "
        f"= {spelled(value / (d * loss - worry))} looks a period."
    )


def _picture(design: Design, found: Chain) -> Lines:
    """Looks at each site by the looks there are: water filling."""
    most = found.looks if isinstance(found.looks, float) else float(len(design.values))
    budgets = [most * step / 60 for step in range(1, 73)]
    filled = [water_filling(design, budget) for budget in budgets]
    series = [
        Series(
            name=f"site {place + 1}, value {value:g}",
            points=tuple((b, each[place]) for b, each in zip(budgets, filled, strict=True)),
        )
        for place, value in enumerate(design.values[:6])
    ]
    return Lines(
        title="Looks go first where most is to be gained, and small sites come last.",
        subtitle="Looks a period at each site, by the looks there are in all.",
        x=Axis(title="looks a period in all", low=0),
        y=Axis(title="looks a period at the site", low=0, high=1),
        series=tuple(series),
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
