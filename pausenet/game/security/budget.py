"""The cheapest inspections that deter at every site: how many, and how readily a meter alarms.

| symbol | here | meaning | unit |
|---|---|---|---|
| d_0 | `other_detection` | chance that an inspection finds a violation without the meter | 1 |
| mu / sigma | `separation` | how far a violation moves the meter's reading | sigmas |
| alpha | `false_alarm` | chance that the meter accuses a lab that keeps the rule | 1 |
| f | `alarm_cost` | what a false alarm costs the lab | payoff |
| k | `handling` | what a false alarm costs the inspector, in inspections | inspections |

1. An inspection finds a violation with d(alpha) = 1 - (1 - d_0)(1 - Phi(mu / sigma - z_alpha)),
   where the meter errs by itself.
2. Deterring at every site takes m(alpha) = sum_t v_t / (d (v_t + F_t) - f alpha) inspections, where
   no site needs more than a sure one.
3. Their cost is m(alpha) (1 + k alpha): each inspection, and what its false alarms take.
4. The best alpha is found on a grid of z_alpha, a twentieth of a sigma apart, and then by golden
   section between the neighbours of the best point, to 1e-9 sigma.

Kiekintveld and others 2009 for step 2 with sure detection; Avenhaus and Canty 1996 for the test.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Cell, Column, Infeasible, Lines, Mark, Series, Table
from pausenet.game.checks import Check
from pausenet.game.inspection.attribute import detection_chance
from pausenet.game.inspection.papers import COMPLIANCE
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.security.papers import KIEKINTVELD
from pausenet.game.security.sites import each_of, payoffs
from pausenet.inference.normal import above

_LEAST_Z: Final = -80
_MOST_Z: Final = 160
_PER_SIGMA: Final = 20
_GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0
_TELLS: Final = 2.0
_WHY: Final = "at no false-alarm rate is every site deterred by a sure inspection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """Sites, what is found, and what false alarms cost. Raises `Misuse` for impossible numbers."""

    values: tuple[float, ...]
    penalties: tuple[float, ...]
    other_detection: float
    separation: float
    alarm_cost: float
    handling: float

    def __post_init__(self) -> None:
        if not self.values or len(self.values) != len(self.penalties):
            raise Misuse("Regime: expected a penalty for each site, and a site at least")
        if min(*self.values, *self.penalties) <= 0.0 or not 0.0 <= self.other_detection <= 1.0:
            raise Misuse("Regime: expected values and penalties above 0, and a probability")
        if min(self.separation, self.alarm_cost, self.handling) < 0.0:
            raise Misuse("Regime: expected separation and costs from 0")

    def detection(self, z: float) -> float:
        """d for a meter that alarms above z sigmas (step 1)."""
        return 1.0 - (1.0 - self.other_detection) * (1.0 - above(z - self.separation))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What deterring everywhere takes at a false-alarm rate."""

    false_alarm: float
    detection: float
    inspections: float
    cost: float


Least: TypeAlias = Effort | Infeasible


def effort(regime: Regime, z: float) -> Least:
    """Inspections and cost for a meter that alarms above z sigmas (steps 2 and 3)."""
    alpha, found = above(z), regime.detection(z)
    total = 0.0
    for value, penalty in zip(regime.values, regime.penalties, strict=True):
        takes = found * (value + penalty) - regime.alarm_cost * alpha
        if takes < value:
            return Infeasible("even a sure inspection of some site would not deter there")
        total += value / takes
    return Effort(
        false_alarm=alpha,
        detection=found,
        inspections=total,
        cost=total * (1.0 + regime.handling * alpha),
    )


def cheapest(regime: Regime) -> Least:
    """The least cost over all false-alarm rates (step 4)."""
    grid = [step / _PER_SIGMA for step in range(_LEAST_Z, _MOST_Z + 1)]
    best = min(grid, key=lambda z: _cost(regime, z))
    if isinstance(effort(regime, best), Infeasible):
        return Infeasible(_WHY)
    low, high = best - 1.0 / _PER_SIGMA, best + 1.0 / _PER_SIGMA
    while high - low > 1e-9:
        inner, outer = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if _cost(regime, inner) <= _cost(regime, outer):
            high = outer
        else:
            low = inner
    return effort(regime, min((best, (low + high) / 2.0), key=lambda z: _cost(regime, z)))


def _cost(regime: Regime, z: float) -> float:
    found = effort(regime, z)
    return math.inf if isinstance(found, Infeasible) else found.cost


def _regime(chosen: Chosen, scale: float = 1.0) -> Regime:
    values = chosen.numbers("values")
    return Regime(
        values=tuple(map(float, values)),
        penalties=tuple(
            scale * float(each)
            for each in each_of("penalty", chosen.numbers("penalty"), len(values))
        ),
        other_detection=chosen.real("other_detection"),
        separation=chosen.real("separation"),
        alarm_cost=chosen.real("alarm_cost"),
        handling=chosen.real("handling"),
    )


def _solve(chosen: Chosen) -> Answer:
    regime = _regime(chosen)
    least = cheapest(regime)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (scale, *_row(cheapest(_regime(chosen, scale)))) for scale in (0.5, 1.0, 2.0, 4.0)
    )
    if isinstance(least, Infeasible):
        said = f"No number of inspections deters at every site: {least.why}."
    elif (hit := _hit(regime, least)) < _TELLS * least.false_alarm:
        said = _by_lot(regime, least, hit)
    else:
        said = (
            f"{least.inspections:.4g} inspections deter at every site, with a meter that accuses "
            f"{least.false_alarm:.2%} of the labs that keep the rule; with its false alarms that "
            f"costs as much as {least.cost:.4g} inspections."
        )
    return Answer(
        sentence=said,
        not_shown="What a second look at an alarm would clear up, meters that err together, and "
        "labs that value the same penalty differently.",
        tables=(
            Table(
                title="The cheapest deterrence, by the penalty",
                columns=(
                    Column(name="penalty", unit="of what was chosen"),
                    Column(name="false alarms", unit="1"),
                    Column(name="detection", unit="1"),
                    Column(name="inspections", unit="1"),
                    Column(name="cost", unit="inspections"),
                ),
                rows=rows,
            ),
        ),
        picture=_picture(regime, least),
        hand_check="m = sum v / (d (v + F) - f \u03b1), cost = m (1 + k \u03b1), at the rate "
        "found.",
    )


def _hit(regime: Regime, least: Effort) -> float:
    """How likely the meter alone alarms for a violation, at the rate found."""
    if regime.other_detection >= 1.0:
        return 1.0
    return 1.0 - (1.0 - least.detection) / (1.0 - regime.other_detection)


def _by_lot(regime: Regime, least: Effort, hit: float) -> str:
    """What is said where the cheapest rate deters by accusing whoever it may be."""
    without = effort(regime, math.inf)
    instead = (
        f"no number deters, as {without.why}"
        if isinstance(without, Infeasible)
        else f"{without.inspections:.4g} inspections deter at every site"
    )
    return (
        f"No rate is to be recommended: the cheapest would alarm at {hit:.1%} of violations and at "
        f"{least.false_alarm:.1%} of labs that keep the rule, which is to accuse by lot, as a "
        f"violation moves the meter by only {regime.separation:g} sigma. Without the meter "
        f"{instead}."
    )


def _row(least: Least) -> tuple[Cell, ...]:
    if isinstance(least, Infeasible):
        return (least, "", "", "")
    return (least.false_alarm, least.detection, least.inspections, least.cost)


def _picture(regime: Regime, least: Least) -> Lines:
    efforts = [effort(regime, z / 20.0) for z in range(100, -61, -1)]
    found = [each for each in efforts if isinstance(each, Effort)]
    widest = max(0.2, 3.0 * least.false_alarm) if isinstance(least, Effort) else 1.0
    shown = [each for each in found if each.false_alarm <= widest]
    series = [
        Series(name=name, points=points)
        for name, points in (
            ("cost", tuple((each.false_alarm, each.cost) for each in shown)),
            ("inspections", tuple((each.false_alarm, each.inspections) for each in shown)),
        )
        if points
    ]
    return Lines(
        title="Too few false alarms cost inspections, too many cost follow-up.",
        subtitle="What deterring at every site takes, by the meter's false-alarm rate.",
        x=Axis(title="false-alarm rate", low=0, percent=True),
        y=Axis(title="inspections", low=0),
        series=tuple(series) or (Series(name="nothing deters", points=((0, 0), (1, 0))),),
        marks=(Mark(x=least.false_alarm, y=least.cost, words="cheapest to deter"),)
        if isinstance(least, Effort)
        else (),
    )


def _reference() -> Regime:
    return Regime(
        values=(10.0, 8.0, 6.0, 4.0, 2.0),
        penalties=(5.0,) * 5,
        other_detection=float(detection_chance(1000, 10, 100, Fraction(9, 10))),
        separation=2.0,
        alarm_cost=0.5,
        handling=3.0,
    )


def _stated(
    what: str, stated: str, field: str, z: Sequence[float] = (), within: float = 0.0
) -> Check:
    def ours() -> float | Infeasible:
        found = effort(_reference(), z[0]) if z else cheapest(_reference())
        return found if isinstance(found, Infeasible) else float(getattr(found, field))

    where = "reference scenario of the design"
    return Check(paper=KIEKINTVELD, where=where, what=what, stated=stated, ours=ours, within=within)


_AT: Final = (2.0537489106318225,)
"""z at alpha = 0.02."""


def _number(name: str, symbol: str, unit: str, default: str, meaning: str) -> Parameter:
    return Parameter(
        name=name, symbol=symbol, unit=unit, default=Fraction(default), meaning=meaning, low=0
    )


BUDGET_MODEL: Final = Model(
    name="sites-budget",
    title="The cheapest inspections that deter",
    question="How many inspections deter at every site, and how readily should a meter alarm?",
    validity="The lab knows how likely each site is inspected and violates once or keeps the "
    "rule; the meter's errors are normal and independent of what else an inspection finds.",
    papers=(KIEKINTVELD, COMPLIANCE),
    parameters=(
        payoffs("values", "v", "10,8,6,4,2", "What an unfound violation gains, one a site."),
        payoffs("penalty", "F", "5", "What a found violation costs: one number, or one a site."),
        Parameter(
            name="other_detection",
            symbol="d_0",
            unit="1",
            default=Fraction(3, 5),
            meaning="How likely an inspection finds a violation without the meter.",
            low=0,
            high=1,
        ),
        _number("separation", "μ/\u03c3", "sigmas", "2", "How far a violation moves the meter."),
        _number("alarm_cost", "f", "payoff", "1/2", "What a false alarm costs the lab."),
        _number("handling", "k", "inspections", "3", "What a false alarm costs the inspector."),
    ),
    solve=_solve,
    checks=(
        _stated("detection at alpha = 0.02", "0.797753", "detection", _AT),
        _stated("inspections at alpha = 0.02", "3.209727", "inspections", _AT),
        _stated("cost at alpha = 0.02", "3.402311", "cost", _AT),
        _stated("best alpha, searched on a grid", "0.02920", "false_alarm", within=5e-5),
        _stated("inspections at the grid's best", "3.114125", "inspections", within=5e-4),
        _stated("cost at the best alpha", "3.386891", "cost"),
    ),
)
