"""Which of the numbers that were drawn decide: each one's rank correlation with the outcome.

A scenario's intervals are drawn anew for each run (`simulator.drawing`), so that the kept
replications are a Monte Carlo sample of what their writer does not know, and tell without any
more runs which number moved the outcome. The measure is Spearman's rank correlation (Am. J.
Psychol. 15, 1904), the usual one for such samples (Iman and Helton, Risk Analysis 8, 1988): it asks
for no straight line, and "never" is a rank like any other, the last. A detection's time counts in
whole periods: findings come with cuts, and what is left is the clocks'. Its interval is Bonett and
Wright's (Psychometrika 65, 2000),

    tanh(atanh(r) -+ z sqrt((1 + r^2 / 2) / (n - 3)))

at a level of 1 - (1 - level) / m, so that all m numbers of an outcome hold together (Bonferroni).
It is approximate where many runs are alike; against chance alone, where r has the variance
1 / (n - 1) whatever the ties, it is on the safe side. Below `RUNS_MIN` runs nothing is ranked.

How large the influence is stands beside it in the outcome's own unit: the outcome of the third of
the runs with the lowest draws, and of the third with the highest, each with an exact interval.
Numbers are drawn independently, or by one draw, and so each is looked at alone: what two do only
together, and what goes up and then down again, a rank correlation does not see. Where draws that a
lab could not pay for are thrown away, what is left hangs together a little, and a number may stand
for another.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any, Final

from pausenet.inference.normal import upper_quantile
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.drawing import drawn, inputs_of, number_at, place_of
from pausenet.simulator.outcome.intervals import Interval, Share, share
from pausenet.simulator.outcome.replication import PartySeen, Replication
from pausenet.simulator.outcome.rows import Cell
from pausenet.simulator.outcome.survival import Quantile, median
from pausenet.values import ParticipantId

INFLUENCE_COLUMNS: Final[Mapping[str, str]] = {
    "party": "who evades",
    "outcome": "`detection`: when it is detected; `lead`: its months of lead by the response",
    "parameter": "what was drawn anew for each run: `labs.birch.accelerators`",
    "places": "every place of the scenario whose number it decides",
    "runs": "how many runs there are",
    "correlation": "Spearman's: 1, the larger the later or the more; -1, the other way round",
    "low": "its lower limit; all numbers of a party and outcome hold together",
    "high": "its upper limit",
    "third": "how many runs are a third of them",
    "at_low": "in the third with the lowest draws: share detected within the goal, or median lead",
    "at_low_from": "its lower limit; or empty",
    "at_low_to": "its upper limit; or empty",
    "at_high": "the same in the third with the highest draws; empty for a median not reached",
    "at_high_from": "its lower limit; or empty",
    "at_high_to": "its upper limit; or empty",
}
"""The columns of `influences.csv`, and what each says."""
RUNS_MIN: Final = 30
"""Of fewer runs nothing is ranked: the interval is an approximation for more."""
_DIGITS: Final = 6
_NEARLY_ONE: Final = 1.0 - 1e-9


class Outcome(StrEnum):
    """What a drawn number may move: when an evasion is detected, and what it is worth by then.

    Both go from what verification wants to what it does not: early to late, little to much.
    """

    DETECTION = "detection"
    LEAD = "lead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """What one number moved: its rank correlation, and the outcome in two thirds of the runs.

    Of a detection `at_low` and `at_high` are shares of runs within the goal, of lead medians in
    months; `at_low` is of the `third` runs with the lowest draws.
    """

    name: str
    places: tuple[str, ...]
    correlation: float
    interval: Interval
    third: int
    at_low: Share | Quantile
    at_high: Share | Quantile

    @property
    def seen(self) -> bool:
        """Whether it is told apart from chance."""
        return not self.interval.covers(0.0)

    @property
    def strength(self) -> Interval:
        """The limits of the correlation's size, whatever its sign."""
        ends = abs(self.interval.low), abs(self.interval.high)
        low = min(ends) if self.seen else 0.0
        return Interval(low=low, high=max(ends), level=self.interval.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Influences:
    """All numbers that may have moved one outcome of one evader, the strongest first.

    `found` is empty where all runs are `alike` in this outcome, and of fewer than `RUNS_MIN` runs.
    """

    party: ParticipantId
    outcome: Outcome
    runs: int
    inputs: int
    level: float
    alike: bool
    found: tuple[Influence, ...]

    @property
    def seen(self) -> tuple[Influence, ...]:
        """Those that are told apart from chance."""
        return tuple(each for each in self.found if each.seen)

    @property
    def smallest_seen(self) -> float:
        """About the smallest correlation that so many runs would tell apart from chance."""
        z = upper_quantile(0.5 * (1.0 - _each(self.level, self.inputs)))
        return math.tanh(z / math.sqrt(self.runs - 3))

    @property
    def leads(self) -> bool:
        """Whether the first is told apart from all others: it alone matters most."""
        bounds = [each.strength for each in self.found]
        return bool(bounds) and all(bounds[0].low > each.high for each in bounds[1:])


def influences(
    scenario: Scenario, runs: Sequence[Replication], *, goal_days: float, level: float
) -> tuple[Influences, ...]:
    """What each drawn number moved, by evader and outcome; nothing where nothing is drawn."""
    inputs = inputs_of(scenario)
    if not inputs or not runs:
        return ()
    plans = [drawn(scenario, run.seed) for run in runs] if len(runs) >= RUNS_MIN else []
    draws = [
        _Draws(
            name=name,
            places=tuple(map(place_of, paths)),
            numbers=[tuple(number_at(plan, path) for path in paths) for plan in plans],
        )
        for name, paths in inputs
    ]
    told = []
    for party in (seen.party for seen in runs[0].parties if seen.evades):
        seen = [each for run in runs for each in run.parties if each.party == party]
        for outcome in Outcome:
            if outcome is Outcome.LEAD and not all(each.gained for each in seen):
                continue
            values = [_value(outcome, each) for each in seen]
            counted = _counted(outcome, values, scenario.period_s)
            alike = _alike(outcome, counted)
            ranked = draws if plans and not alike else []
            goal = _Goal(outcome=outcome, days=goal_days, level=level, inputs=len(inputs))
            told.append(
                Influences(
                    party=party,
                    outcome=outcome,
                    runs=len(runs),
                    inputs=len(inputs),
                    level=level,
                    alike=alike,
                    found=_sorted(_influence(each, counted, values, goal) for each in ranked),
                )
            )
    return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draws:
    """What one draw gave in each run: the numbers of all its places, which rise together."""

    name: str
    places: tuple[str, ...]
    numbers: Sequence[tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Goal:
    """What is asked of a third of the runs, and how sure."""

    outcome: Outcome
    days: float
    level: float
    inputs: int

    def of(self, values: Sequence[float]) -> Share | Quantile:
        """The outcome of these runs."""
        if self.outcome is Outcome.DETECTION:
            return share(sum(each <= self.days for each in values), len(values), self.level)
        return median(values, self.level)


def _value(outcome: Outcome, seen: PartySeen) -> float:
    """The days until it is detected, or the months of lead by the response; infinite: never."""
    if not seen.noticed:
        return math.inf
    return seen.noticed_s / DAY_S if outcome is Outcome.DETECTION else seen.gained[0].lead_months


def _counted(outcome: Outcome, values: Sequence[float], period_s: int) -> Sequence[float]:
    """What is ranked of these: of a detection the whole periods until then."""
    if outcome is not Outcome.DETECTION:
        return values
    days = period_s / DAY_S
    return [math.floor(each / days) if math.isfinite(each) else each for each in values]


def _alike(outcome: Outcome, values: Sequence[float]) -> bool:
    """Whether there is nothing to move: of lead also where it is one amount or none at all."""
    if outcome is Outcome.LEAD:
        values = [each for each in values if math.isfinite(each)]
    return len({*values}) <= 1


def _influence(
    draws: _Draws, counted: Sequence[float], values: Sequence[float], goal: _Goal
) -> Influence:
    runs, found = len(values), rank_correlation(draws.numbers, counted)
    order = sorted(range(runs), key=lambda run: (draws.numbers[run], run))
    third = runs // 3
    return Influence(
        name=draws.name,
        places=draws.places,
        correlation=found,
        interval=correlation_interval(found, runs, _each(goal.level, goal.inputs)),
        third=third,
        at_low=goal.of([values[run] for run in order[:third]]),
        at_high=goal.of([values[run] for run in order[-third:]]),
    )


def rank_correlation(one: Sequence[Any], other: Sequence[Any]) -> float:
    """Spearman's rank correlation, ties at their mean rank; 0 where all of one are alike.

    Sums are of whole numbers, so that every machine has the same.

    >>> rank_correlation([1, 2, 3, 4], [10, 30, 20, math.inf])
    0.8
    """
    first, second = _ranks(one), _ranks(other)
    squares = sum(each * each for each in first) * sum(each * each for each in second)
    if squares == 0:
        return 0.0
    return sum(each * its for each, its in zip(first, second, strict=True)) / math.sqrt(squares)


def correlation_interval(value: float, runs: int, level: float) -> Interval:
    """Bonett and Wright's interval of a rank correlation over so many runs, more than 3.

    >>> found = correlation_interval(0.5, 100, 0.95)
    >>> round(found.low, 3), round(found.high, 3)
    (0.323, 0.643)
    """
    middle = math.atanh(max(-_NEARLY_ONE, min(_NEARLY_ONE, value)))
    z = upper_quantile(0.5 * (1.0 - level))
    spread = z * math.sqrt((1.0 + 0.5 * value * value) / (runs - 3))
    return Interval(low=math.tanh(middle - spread), high=math.tanh(middle + spread), level=level)


def influence_rows(found: Sequence[Influences]) -> list[Mapping[str, Cell]]:
    """One row for each evader, outcome and drawn number, the strongest first."""
    rows: list[Mapping[str, Cell]] = []
    for told in found:
        for each in told.found:
            row: dict[str, Cell] = {
                "party": told.party,
                "outcome": str(told.outcome),
                "parameter": each.name,
                "places": " ".join(each.places),
                "runs": told.runs,
                "correlation": round(each.correlation, _DIGITS),
                "low": round(each.interval.low, _DIGITS),
                "high": round(each.interval.high, _DIGITS),
                "third": each.third,
            }
            for name, part in (("at_low", each.at_low), ("at_high", each.at_high)):
                row[name] = _cell(part.value)
                row[f"{name}_from"] = _cell(part.interval.low)
                row[f"{name}_to"] = _cell(part.interval.high)
            assert row.keys() == INFLUENCE_COLUMNS.keys(), "every column is documented"
            rows.append(row)
    return rows


def _ranks(values: Sequence[Any]) -> list[int]:
    """Twice each value's rank from the middle; values that are alike share their mean rank."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    found, before = [0] * len(values), 0
    for _, group in groupby(order, key=lambda at: values[at]):
        alike = list(group)
        after = before + len(alike)
        for at in alike:
            found[at] = before + after - len(values)
        before = after
    return found


def _sorted(found: Iterable[Influence]) -> tuple[Influence, ...]:
    return tuple(sorted(found, key=lambda each: (-abs(each.correlation), each.name)))


def _each(level: float, inputs: int) -> float:
    """The level of each of so many intervals that shall hold together."""
    return 1.0 - (1.0 - level) / inputs


def _cell(value: float) -> Cell:
    return round(value, _DIGITS) if math.isfinite(value) else ""
