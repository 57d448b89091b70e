"""What a run's pictures show: put together here, drawn in `pausenet.report`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from pausenet.cli.ending import kind_text, state_of, status_sentence
from pausenet.cli.outcome import Outcome
from pausenet.report.drawing import Picture
from pausenet.report.source import source_of
from pausenet.report.story_chart import Lane, Moment, StoryChart, Stretch
from pausenet.report.theme import State
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.statements.finding import FaultClass, Status
from pausenet.values import ParticipantId, PeriodIndex

HOUR_S: Final = 3600
SHORT: Final[Mapping[Status, str]] = {
    Status.NO_BREACH_FOUND: "no breach found",
    Status.DISCREPANCY: "discrepancy",
    Status.BREACH_PROVEN: "breach proven",
    Status.NOT_DEMONSTRATED: "not demonstrated",
    Status.NOT_IN_FORCE: "not in force",
}
"""A status in the few words that a picture has room for."""


def draw_run(scenario: Scenario, outcome: Outcome) -> tuple[Picture, ...]:
    """The pictures of one run."""
    close = agreement_of(scenario).schedule.close
    chart = StoryChart(
        title=status_sentence(outcome),
        periods=scenario.periods,
        end=_in_periods(scenario, close(PeriodIndex(scenario.periods - 1))),
        period_words=span_words(scenario.period_s),
        lanes=[*_lanes(scenario, outcome)],
        stretches=[*_stretches(scenario)],
        moments=[*_moments(scenario, outcome)],
    )
    return (chart.draw(source_of(scenario)),)


def span_words(seconds: int) -> str:
    """A span of time as a reader says it.

    >>> span_words(172_800), span_words(3600), span_words(5400)
    ('2 days', '1 hour', '1.5 hours')
    """
    unit, name = (DAY_S, "day") if seconds % DAY_S == 0 else (HOUR_S, "hour")
    count = seconds / unit
    return f"{count:g} {name}{'' if count == 1 else 's'}"


def _lanes(scenario: Scenario, outcome: Outcome) -> Iterator[Lane]:
    """Every lab, and of others those who evade or against whom there is a proof."""
    for lab in outcome.labs:
        yield Lane(name=str(lab.lab), state=state_of(lab), words=SHORT[lab.status])
    labs = {lab.lab for lab in outcome.labs}
    proven = {
        bundle.accused for bundle in outcome.bundles if bundle.fault.fault_class is FaultClass.PROOF
    }
    for name in sorted(
        (
            proven
            | {each.by for each in scenario.cheats if each.real}
            | {each.by for each in scenario.evasions}
        )
        - labs
    ):
        state = State.PROVEN if name in proven else State.NOT_CHECKED
        yield Lane(
            name=str(name), state=state, words="proven" if name in proven else "nothing found"
        )


def _stretches(scenario: Scenario) -> Iterator[Stretch]:
    """The evasions; those of one party and one stretch of time in one line of words."""

    def place(stretch: tuple[ParticipantId, int, int, str]) -> tuple[ParticipantId, int, int]:
        return stretch[:3]

    end = scenario.periods
    plans = [
        (each.by, int(each.start), int(each.until or end), kind_text(each))
        for each in scenario.cheats
        if each.real
    ]
    book = [
        (each.by, int(each.start), int(each.until or end), str(each.kind))
        for each in scenario.evasions
    ]
    held = sorted([*plans, *book])
    for (by, start, until), group in groupby(held, key=place):
        words = ", ".join(each[3] for each in group)
        yield Stretch(lane=str(by), start=start, until=until, words=words)


def _moments(scenario: Scenario, outcome: Outcome) -> Iterator[Moment]:
    """What was found when, at the time at which the cut that shows it is taken."""
    close, gone = agreement_of(scenario).schedule.close, set(outcome.withdrawn())
    seen = sorted(outcome.sightings, key=lambda each: (each.accused, each.period, each.fault))
    for (accused, period), group in groupby(seen, key=lambda each: (each.accused, each.period)):
        found = [*group]
        proof = any(each.fault.fault_class is FaultClass.PROOF for each in found)
        words = ", ".join(
            f"{each.fault} withdrawn" if (accused, each.fault) in gone else str(each.fault)
            for each in found
        )
        yield Moment(
            lane=str(accused),
            time=_in_periods(scenario, close(period)),
            state=State.PROVEN if proof else State.UNRESOLVED,
            words=words,
        )


def _in_periods(scenario: Scenario, moment: int) -> float:
    start = agreement_of(scenario).schedule.period(PeriodIndex(0)).start
    return round((moment - start) / scenario.period_s, 3)
