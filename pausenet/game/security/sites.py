"""The model of inspections over sites: what is covered, what still pays, and what deters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Mark,
    Number,
    Series,
    Table,
    spelled,
)
from pausenet.game.checks import Check
from pausenet.game.inspection.attribute import detection_chance
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.security.origami import (
    Allocation,
    Site,
    allocated,
    deterring_budget,
    watched_site,
)
from pausenet.game.security.papers import KIEKINTVELD
from pausenet.inference.detection import detection_probability

_STEPS: Final = 48
_DRAWN: Final = 7


def each_of(name: str, values: tuple[Fraction, ...], count: int) -> tuple[Fraction, ...]:
    """One value for each, where one stands for all. Raises `Misuse` for another number.

    >>> each_of("detection", (Fraction(1, 2),), 2)
    (Fraction(1, 2), Fraction(1, 2))
    """
    if len(values) == 1:
        return values * count
    if len(values) != count:
        raise Misuse(f"{name}: expected 1 number or {count}, found {len(values)}")
    return values


def _sites(chosen: Chosen) -> tuple[Site, ...]:
    values = chosen.numbers("values")
    penalty, detection, harm = (
        each_of(name, chosen.numbers(name), len(values))
        for name in ("penalty", "detection", "harm")
    )
    alarm = chosen.exact("false_alarm") * chosen.exact("alarm_cost")
    return tuple(
        watched_site(value, fine, found, per_gain * value, alarm)
        for value, fine, found, per_gain in zip(values, penalty, detection, harm, strict=True)
    )


def _solve(chosen: Chosen) -> Answer:
    sites, budget = _sites(chosen), chosen.exact("budget")
    found, least = allocated(sites, budget), deterring_budget(sites)
    more = allocated(sites, budget + 1).inspector - found.inspector
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            str(place + 1),
            site.open_gain,
            float(share),
            float(site.gain(share)),
            float(site.payoff(share)),
        )
        for place, (site, share) in enumerate(zip(sites, found.coverage, strict=True))
    )
    return Answer(
        sentence=_said(found, budget, least),
        not_shown="Labs that violate at several sites at once, inspections that must be spent in "
        "whole days or by teams, and labs whose gains the inspector does not know.",
        tables=(
            Table(
                title="How likely each site is inspected",
                columns=(
                    Column(name="site"),
                    Column(name="gain", unit="payoff"),
                    Column(name="coverage", unit="1"),
                    Column(name="lab expects if it violates there", unit="payoff"),
                    Column(name="inspector expects if violated there", unit="payoff"),
                ),
                rows=rows,
            ),
            Table(
                title="The whole",
                columns=(Column(name="quantity"), Column(name="value", unit="1")),
                rows=(
                    ("inspections that deter everywhere", _real(least)),
                    ("lab expects", float(found.lab)),
                    ("inspector expects", float(found.inspector)),
                    ("worth of one inspection more", float(more)),
                ),
            ),
        ),
        picture=_picture(sites, budget, least),
        hand_check=f"m_min = sum v / (d (v + F) - f \u03b1) = {spelled(_real(least))}.",
    )


def _real(value: Fraction | Infeasible) -> Cell:
    return value if isinstance(value, Infeasible) else float(value)


def _said(found: Allocation, budget: Fraction, least: Fraction | Infeasible) -> str:
    if found.violated == ():
        needed = "" if isinstance(least, Infeasible) else f" ({float(least):.3f} are enough)"
        return f"{float(budget):.4g} inspections deter a violation at every site{needed}."
    if isinstance(least, Infeasible):
        needed = f"no number deters, as {least.why}"
    else:
        needed = f"{float(least):.3f} would deter everywhere"
    return (
        f"{float(budget):.4g} inspections leave the lab a gain of {float(found.lab):.4g}; it "
        f"violates at site {found.violated[0] + 1}, where the inspector expects "
        f"{float(found.inspector):.4g}; {needed}."
    )


def drawn_places(values: Sequence[Fraction | float]) -> tuple[int, ...]:
    """Which sites a picture draws: all, or of many the largest and the smallest, in their order.

    >>> drawn_places((1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
    (0, 4, 5, 6, 7, 8, 9)
    """
    largest = sorted(range(len(values)), key=lambda place: (-values[place], place))
    if len(values) <= _DRAWN:
        return tuple(range(len(values)))
    return tuple(sorted((*largest[: _DRAWN - 1], largest[-1])))


def drawn_words(places: Sequence[int], count: int) -> str:
    """What a picture leaves out, as an addition to its subtitle; empty where it shows all."""
    if len(places) == count:
        return ""
    return f" Drawn are the {len(places) - 1} largest of {count} sites, and the smallest."


def as_chosen(budget: Number | int, high: int) -> Series:
    """A line up a picture where the budget is that was chosen."""
    return Series(name="", points=((budget, 0), (budget, high)), faint=True)


def _picture(sites: tuple[Site, ...], budget: Fraction, least: Fraction | Infeasible) -> Lines:
    top = Fraction(len(sites)) if isinstance(least, Infeasible) else least * Fraction(6, 5)
    top = max(top, budget * Fraction(6, 5), Fraction(1, 10))
    budgets = [top * step / _STEPS for step in range(_STEPS + 1)]
    found = [allocated(sites, each).coverage for each in budgets]
    places = drawn_places([site.open_gain for site in sites])
    return Lines(
        title="Coverage rises like water: first where a violation gains most.",
        subtitle="How likely each site is inspected, by the inspections there are."
        + drawn_words(places, len(sites)),
        x=Axis(title="inspections", low=0, high=top),
        y=Axis(title="coverage", low=0, high=1, percent=True),
        series=(
            as_chosen(budget, 1),
            *(
                Series(
                    name=f"site {place + 1} (gain {spelled(sites[place].open_gain)})",
                    points=tuple(
                        (each, coverage[place])
                        for each, coverage in zip(budgets, found, strict=True)
                    ),
                )
                for place in places
            ),
        ),
        marks=(Mark(x=budget, y=0, words="as chosen"),),
    )


_VALUES: Final = tuple(map(Fraction, (10, 8, 6, 4, 2)))


def _reference(penalty: str = "5", detection: str = "1") -> tuple[Site, ...]:
    return tuple(
        watched_site(value, Fraction(penalty), Fraction(detection), value) for value in _VALUES
    )


def _chain() -> tuple[Site, ...]:
    """The reference scenario: records and a meter together, a false alarm costs 0.5 x 0.02."""
    records = float(detection_chance(1000, 10, 100, Fraction(9, 10)))
    meter = detection_probability(2.0, 0.02)
    found = Fraction(1.0 - (1.0 - records) * (1.0 - meter))
    return tuple(
        watched_site(value, Fraction(5), found, value, Fraction(1, 100)) for value in _VALUES
    )


def _covered(budget: int) -> Allocation:
    return allocated(_reference(), Fraction(budget))


def _check(where: str, what: str, stated: str, ours: Callable[[], Fraction | Infeasible]) -> Check:
    return Check(paper=KIEKINTVELD, where=where, what=what, stated=stated, ours=ours)


def _share(budget: int, place: int, stated: str) -> Check:
    return _check(
        f"values 10, 8, 6, 4, 2, penalty 5, m = {budget}",
        f"coverage of site {place + 1}",
        stated,
        lambda: _covered(budget).coverage[place],
    )


def _played(budget: int, lab: str, inspector: str) -> tuple[Check, Check]:
    where = f"values 10, 8, 6, 4, 2, penalty 5, m = {budget}"
    return (
        _check(where, "lab", lab, lambda: _covered(budget).lab),
        _check(where, "inspector", inspector, lambda: _covered(budget).inspector),
    )


def _deterring(penalty: str, detection: str, stated: str) -> Check:
    return _check(
        "full deterrence",
        f"m_min for F = {penalty}, d = {detection}",
        stated,
        lambda: deterring_budget(_reference(penalty, detection)),
    )


_CHAIN: Final = "reference scenario: N = 1000, r = 10, n = 100, meter 2 sigma, alpha = 0.02"


def _chained(place: int, stated: str) -> Check:
    return _check(
        _CHAIN,
        f"coverage of site {place + 1}",
        stated,
        lambda: allocated(_chain(), Fraction(5)).coverage[place],
    )


_CHECKS: Final[tuple[Check, ...]] = (
    *(
        _share(1, place, stated)
        for place, stated in enumerate(("0.421313", "0.332284", "0.210881", "0.035522", "0"))
    ),
    *_played(1, "3.680306", "-3.857914"),
    *(
        _share(2, place, stated)
        for place, stated in enumerate(("0.590556", "0.527564", "0.441667", "0.317593", "0.122620"))
    ),
    *_played(2, "1.141663", "-1.754761"),
    _deterring("5", "1", "2.557665"),
    _deterring("1", "1", "4.121789"),
    _deterring("20", "1", "1.107393"),
    _deterring("5", "0.7", "3.653807"),
    _check(_CHAIN, "m_min", "3.209727", lambda: deterring_budget(_chain())),
    *(
        _chained(place, stated)
        for place, stated in enumerate(("0.836379", "0.772142", "0.684518", "0.557897", "0.358791"))
    ),
)


def payoffs(name: str, symbol: str, default: str, meaning: str) -> Parameter:
    """A list of payoffs above 0."""
    return Parameter(
        name=name,
        symbol=symbol,
        unit="payoff",
        default=tuple(Fraction(each) for each in default.split(",")),
        meaning=meaning,
        above=0,
    )


BUDGET: Final = Parameter(
    name="budget",
    symbol="m",
    unit="inspections",
    default=Fraction(2),
    meaning="How many inspections there are in the time in which the lab may violate once.",
    low=0,
)
DETECTION: Final = Parameter(
    name="detection",
    symbol="d",
    unit="1",
    default=(Fraction(1),),
    meaning="How likely an inspection finds a violation: one number, or one a site.",
    above=0,
    high=1,
)
HARM: Final = Parameter(
    name="harm",
    symbol="h",
    unit="losses per gain",
    default=(Fraction(1),),
    meaning="What an unfound violation harms the inspector, by what it gains the lab: one number, "
    "or one a site.",
    low=0,
)
SITES: Final = Model(
    name="sites",
    title="Inspections over sites",
    question="Which sites should be inspected how often, and how many inspections deter?",
    validity="The lab knows how likely each site is inspected, violates once or keeps the rule, "
    "and all payoffs are known; where it is indifferent it does what is best for the inspector.",
    papers=(KIEKINTVELD,),
    parameters=(
        payoffs("values", "v", "10,8,6,4,2", "What an unfound violation gains, one a site."),
        payoffs("penalty", "F", "5", "What a found violation costs: one number, or one a site."),
        DETECTION,
        HARM,
        BUDGET,
        Parameter(
            name="false_alarm",
            symbol="\u03b1",
            unit="1",
            default=Fraction(0),
            meaning="How likely an inspection accuses a lab that keeps the rule.",
            low=0,
            high=1,
        ),
        Parameter(
            name="alarm_cost",
            symbol="f",
            unit="payoff",
            default=Fraction(0),
            meaning="What a false alarm costs the lab.",
            low=0,
        ),
    ),
    solve=_solve,
    checks=_CHECKS,
)
