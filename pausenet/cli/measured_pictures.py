"""What a measurement's pictures show: put together here, drawn in `pausenet.report`.

Whether runs of the protocol or kernels measured it, the two pictures are the same: how much was
found by when, and every share with its interval beside the false ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pausenet.cli.kernel_words import kernel_false, kernel_headline
from pausenet.cli.measured_words import (
    chance_text,
    false_alarm_words,
    headline,
    runs_text,
    share_words,
)
from pausenet.report import measured_chart
from pausenet.report.drawing import Picture
from pausenet.report.source import source_of
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome import Curve, Measured, Share
from pausenet.simulator.outcome.kernel import KernelMeasured


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evader:
    """One curve: whose, the share within the goal that is written beside it, and the estimate."""

    party: str
    within: Share
    delay: Curve


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What both pictures say: `event` is what is waited for, `runs` says what n counts."""

    title: str
    runs: str
    event: str
    false: str
    level: float
    goal_days: float
    evaders: tuple[_Evader, ...]
    shares: tuple[measured_chart.Share, ...]


def draw_measured(scenario: Scenario, measured: Measured) -> tuple[Picture, ...]:
    """The pictures of replications: delays where anybody evades, and all shares."""
    return _draw(
        scenario,
        _Told(
            title=headline(measured),
            runs=runs_text(measured.runs),
            event="a finding",
            false=false_alarm_words(measured),
            level=measured.level,
            goal_days=measured.goal_days,
            evaders=tuple(
                _Evader(party=each.party, within=each.within, delay=each.delay)
                for each in measured.evasions
            ),
            shares=tuple(_shares(measured)),
        ),
    )


def draw_kernel(scenario: Scenario, measured: KernelMeasured) -> tuple[Picture, ...]:
    """The same pictures of a measurement by kernels."""
    return _draw(
        scenario,
        _Told(
            title=kernel_headline(measured),
            runs=f"{runs_text(measured.runs)} by kernels",
            event="a finding or a lead",
            false=f"False alarms: {kernel_false(measured)}",
            level=measured.level,
            goal_days=measured.goal_days,
            evaders=tuple(
                _Evader(party=each.party, within=each.within, delay=each.curve)
                for each in measured.evasions
            ),
            shares=tuple(_kernel_shares(measured)),
        ),
    )


def _draw(scenario: Scenario, told: _Told) -> tuple[Picture, ...]:
    source, level = source_of(scenario), f"{chance_text(told.level)} interval"
    shares = measured_chart.draw_shares(
        told.shares,
        title=told.title,
        subtitle=f"Shares of runs, n = {told.runs}; lines: exact {level}. {told.false}",
        source=source,
    )
    if not told.evaders:
        return (shares,)
    delays = measured_chart.draw_delays(
        [_curve(each, told.goal_days) for each in told.evaders],
        title=told.title,
        subtitle=(
            f"Share of runs with {told.event}, by days (Kaplan and Meier); n = {told.runs}; "
            f"band: {level} at each day. {told.false}"
        ),
        goal_days=told.goal_days,
        last_day=max(told.goal_days, *(each.delay.last for each in told.evaders)),
        source=source,
    )
    return (delays, shares)


def _curve(each: _Evader, goal_days: float) -> measured_chart.Curve:
    steps = each.delay.steps
    return measured_chart.Curve(
        party=each.party,
        words=f"{chance_text(each.within.value)} in {goal_days:g} days",
        days=[0.0, *(round(step.time, 3) for step in steps)],
        found=[0.0, *(round(1 - step.survival, 6) for step in steps)],
        low=[0.0, *(round(1 - step.interval.high, 6) for step in steps)],
        high=[0.0, *(round(1 - step.interval.low, 6) for step in steps)],
    )


def _shares(measured: Measured) -> Iterator[measured_chart.Share]:
    for each in measured.evasions:
        yield _share(f"{each.party} found in {measured.goal_days:g} days", each.within)
        yield _share(f"{each.party} found by the end", each.by_end)
        yield _share(f"{each.party} proven by the end", each.proven)
        if each.channels:
            yield _share(f"{each.party} noticed, leads too", each.noticed)
    followers = measured.followers
    if followers.labs:
        yield _share("a false finding", followers.runs_with_any, false=True)
        yield _share("a false proof", followers.convicted, false=True)


def _kernel_shares(measured: KernelMeasured) -> Iterator[measured_chart.Share]:
    for each in measured.evasions:
        yield _share(f"{each.party} noticed in {measured.goal_days:g} days", each.within)
        yield _share(f"{each.party} noticed by the end", each.by_end)
    for follower in measured.followers:
        yield _share(f"{follower.party}, follows the rules", follower.noticed, false=True)


def _share(name: str, found: Share, *, false: bool = False) -> measured_chart.Share:
    return measured_chart.Share(
        name=name,
        value=round(found.value, 6),
        low=round(found.interval.low, 6),
        high=round(found.interval.high, 6),
        words=share_words(found),
        false=false,
    )
