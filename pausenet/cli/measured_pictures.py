"""What a measurement's pictures show: put together here, drawn in `pausenet.report`."""

from __future__ import annotations

from collections.abc import Iterator

from pausenet.cli.measured_words import chance_text, false_alarm_words, headline, share_words
from pausenet.report.drawing import Picture
from pausenet.report.measured_chart import Curve, Share, draw_delays, draw_shares
from pausenet.report.source import source_of
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome import Evasion, Measured
from pausenet.simulator.outcome import Share as Measure


def draw_measured(scenario: Scenario, measured: Measured) -> tuple[Picture, ...]:
    """The pictures of a measurement: delays where anybody evades, and all shares."""
    source, title = source_of(scenario), headline(measured)
    n = f"n = {measured.runs} run{'' if measured.runs == 1 else 's'}"
    level = f"{chance_text(measured.level)} interval"
    shares = draw_shares(
        [*_shares(measured)],
        title=title,
        subtitle=f"Shares of runs, {n}; lines: exact {level}. {false_alarm_words(measured)}",
        source=source,
    )
    if not measured.evasions:
        return (shares,)
    delays = draw_delays(
        [_curve(measured, each) for each in measured.evasions],
        title=title,
        subtitle=(
            f"Share of runs with a finding, by days (Kaplan and Meier); {n}; band: {level} at each "
            f"day. {false_alarm_words(measured)}"
        ),
        goal_days=measured.goal_days,
        last_day=max(measured.goal_days, *(each.delay.last for each in measured.evasions)),
        source=source,
    )
    return (delays, shares)


def _curve(measured: Measured, each: Evasion) -> Curve:
    steps = each.delay.steps
    return Curve(
        party=str(each.party),
        words=f"{chance_text(each.within.value)} in {measured.goal_days:g} days",
        days=[0.0, *(round(step.time, 3) for step in steps)],
        found=[0.0, *(round(1 - step.survival, 6) for step in steps)],
        low=[0.0, *(round(1 - step.interval.high, 6) for step in steps)],
        high=[0.0, *(round(1 - step.interval.low, 6) for step in steps)],
    )


def _shares(measured: Measured) -> Iterator[Share]:
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


def _share(name: str, found: Measure, *, false: bool = False) -> Share:
    return Share(
        name=name,
        value=round(found.value, 6),
        low=round(found.interval.low, 6),
        high=round(found.interval.high, 6),
        words=share_words(found),
        false=false,
    )
