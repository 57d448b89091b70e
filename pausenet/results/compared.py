"""Two measurements of one evasion under two regimes, side by side, with what they differ by.

A difference of two shares or rates lies between those of the ends of their intervals. Each of the
two is taken at the level 1 - (1 - L) / 2, so that both cover at once with L at least (Bonferroni),
whether or not the two measurements share their chance. That is wide; it claims nothing more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pausenet.errors import Misuse
from pausenet.files.resolved import scenario_digest
from pausenet.report.tables import PARAMETER, parameters
from pausenet.simulator.outcome import (
    EvaderOutcome,
    Interval,
    MeasuredOutcome,
    Quantile,
    Rate,
    rate,
    share,
)
from pausenet.simulator.outcome.cost import ALL, VERIFICATION, Cost
from pausenet.simulator.outcome.survival import product_limit
from pausenet.values import ParticipantId

_EVADING = frozenset({"evasions", "cheats"})
_SAID_ELSEWHERE = frozenset({"name", "question", "seed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A number in both measurements, and the second less the first with its limits."""

    first: float
    second: float
    interval: Interval

    @property
    def value(self) -> float:
        """The second less the first."""
        return self.second - self.first

    @property
    def shown(self) -> bool:
        """Whether there is a difference at all, as far as the interval goes."""
        return not self.interval.covers(0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaderCompared:
    """One evader under both regimes; `delays` are the medians in days, each with its interval.

    `paid` are its evasions in money, and its budget; none where a scenario states no prices.
    """

    party: ParticipantId
    within: Difference
    delays: tuple[Quantile, Quantile]
    response_days: tuple[float, float]
    paid: tuple[tuple[Cost, ...], tuple[Cost, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both measurements, and what they differ by; `false_alarms` are a lab-year.

    `costs` are the sums of what verification takes, in money too where both have one unit of
    account; `differing` names every parameter of the scenarios that is another, with both values.
    """

    first: MeasuredOutcome
    second: MeasuredOutcome
    evaders: tuple[EvaderCompared, ...]
    false_alarms: tuple[Difference, ...]
    costs: tuple[Cost, Cost]
    differing: tuple[tuple[str, str, str], ...]

    @property
    def same_money(self) -> bool:
        """Whether both tell all that verification takes in one unit of account."""
        one, other = self.costs
        return one.has_money and other.has_money and one.unit == other.unit

    @property
    def same_evasion(self) -> bool:
        """Whether both evade in the same way, so that only the regimes differ, or the world."""
        return not any(name in _EVADING for name, _, _ in self.differing)


def compare(first: MeasuredOutcome, second: MeasuredOutcome) -> Compared:
    """Put two measurements side by side; raises `Misuse` for what cannot be compared."""
    _comparable(first, second)
    both = [
        (one, other)
        for one in first.evaders
        for other in second.evaders
        if (one.party, one.kinds) == (other.party, other.kinds)
    ]
    if not both and (first.evaders or second.evaders):
        raise Misuse(
            f"they do not measure one evasion: {_evaders(first)} in {first.scenario.name}, "
            f"{_evaders(second)} in {second.scenario.name}"
        )
    follow = first.false_alarms.exposure > 0.0 and second.false_alarms.exposure > 0.0
    return Compared(
        first=first,
        second=second,
        evaders=tuple(
            _evader(one, other, (_paid(first, one), _paid(second, other))) for one, other in both
        ),
        false_alarms=(_rates(first.false_alarms, second.false_alarms),) if follow else (),
        costs=(_whole(first), _whole(second)),
        differing=tuple(_differing(first, second)),
    )


def _comparable(first: MeasuredOutcome, second: MeasuredOutcome) -> None:
    if first.fidelity is not second.fidelity:
        raise Misuse(
            f"one is measured by {first.fidelity}, the other by {second.fidelity}: what kernels do "
            f"not see would look like a difference of regimes"
        )
    if first.goal_days != second.goal_days:
        raise Misuse(
            f"the goals differ: {first.goal_days:g} and {second.goal_days:g} days; measure both "
            f"with the same --within"
        )
    if scenario_digest(first.scenario) == scenario_digest(second.scenario):
        raise Misuse("both measure one scenario with one seed: there is nothing to compare")


def _evader(
    one: EvaderOutcome, other: EvaderOutcome, paid: tuple[tuple[Cost, ...], tuple[Cost, ...]]
) -> EvaderCompared:
    halves = [_half(each.within.interval.level) for each in (one, other)]
    low, high = (
        share(each.within.count, each.within.of, level).interval
        for each, level in zip((one, other), halves, strict=True)
    )
    return EvaderCompared(
        party=one.party,
        within=_difference(one.within.value, other.within.value, low, high),
        delays=(_median(one, halves[0]), _median(other, halves[1])),
        response_days=(_response_days(one), _response_days(other)),
        paid=paid,
    )


def _rates(one: Rate, other: Rate) -> Difference:
    before, after = (
        rate(each.count, each.exposure, _half(each.interval.level)) for each in (one, other)
    )
    return _difference(
        one.count / one.exposure, other.count / other.exposure, before.interval, after.interval
    )


def _difference(first: float, second: float, before: Interval, after: Interval) -> Difference:
    level = 1.0 - (1.0 - before.level) - (1.0 - after.level)
    limits = Interval(low=after.low - before.high, high=after.high - before.low, level=level)
    return Difference(first=first, second=second, interval=limits)


def _half(level: float) -> float:
    """The level of each of two intervals that together have this level."""
    return 1.0 - 0.5 * (1.0 - level)


def _median(each: EvaderOutcome, level: float) -> Quantile:
    counts = ((step.time, step.at_risk, step.events) for step in each.delay.steps)
    curve = product_limit(counts, of=each.delay.of, last=each.delay.last, level=level)
    return curve.quantile(0.5)


def _response_days(each: EvaderOutcome) -> float:
    """From the detection to the response; infinite where nothing was detected."""
    return each.response_days if each.to_response else math.inf


def _whole(found: MeasuredOutcome) -> Cost:
    (line,) = (each for each in found.costs if (each.bearer, each.item) == (VERIFICATION, ALL))
    return line


def _paid(found: MeasuredOutcome, evader: EvaderOutcome) -> tuple[Cost, ...]:
    """All evasions of one lab in money; nothing without prices, or where one is missing."""
    lines = (each for each in found.costs if (each.bearer, each.item) == (str(evader.party), ALL))
    return tuple(each for each in lines if each.has_money)


def _differing(first: MeasuredOutcome, second: MeasuredOutcome) -> list[tuple[str, str, str]]:
    one, other = parameters(first.scenario), parameters(second.scenario)
    return [
        (name.removeprefix(PARAMETER), str(one.get(name, "")), str(other.get(name, "")))
        for name in dict.fromkeys((*one, *other))
        if one.get(name, "") != other.get(name, "")
        and name.removeprefix(PARAMETER) not in _SAID_ELSEWHERE
    ]


def _evaders(found: MeasuredOutcome) -> str:
    told = [f"{each.party} ({', '.join(each.kinds)})" for each in found.evaders]
    return " and ".join(told) or "nobody evades"
