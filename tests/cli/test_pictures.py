"""What the picture of a run is told: who evaded when, what was found when, and of whom nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.cli import pictures
from pausenet.cli.outcome import Outcome
from pausenet.report.source import Source
from pausenet.report.story_chart import StoryChart
from pausenet.report.theme import State
from pausenet.scenario.evasions import ChannelKind
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.simulator.record import Sighting
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId, PeriodIndex
from tests.cli.test_outcome import ALL, CEDAR, STORY, _outcome


def chart(monkeypatch: pytest.MonkeyPatch, story: Scenario, outcome: Outcome) -> StoryChart:
    """The chart that would be drawn."""
    seen: list[StoryChart] = []

    def draw(self: StoryChart, source: Source) -> StoryChart:
        seen.append(self)
        return self

    monkeypatch.setattr(StoryChart, "draw", draw)
    pictures.draw_run(story, outcome)
    return seen[0]


def test_a_lane_a_lab_with_its_state_its_evasion_and_its_finding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = chart(monkeypatch, STORY, _outcome(*ALL))
    assert [(lane.name, lane.state) for lane in found.lanes] == [
        ("aurora", State.KEEPING),
        ("birch", State.KEEPING),
        ("cedar", State.PROVEN),
    ]
    (stretch,) = found.stretches
    assert (stretch.lane, stretch.start, stretch.until) == ("cedar", 6, STORY.periods)
    (moment,) = found.moments
    assert (moment.lane, moment.state, moment.words) == ("cedar", State.PROVEN, "F3")
    assert 7 < moment.time < found.end, "a cut is taken after its period, never before"


def test_what_was_withdrawn_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Sighting(accused=ParticipantId("birch"), fault=Fault.F5, period=PeriodIndex(5))
    outcome = _outcome(*ALL)
    outcome = replace(outcome, sightings=(*outcome.sightings, gone))
    found = chart(monkeypatch, STORY, outcome)
    assert ("birch", "F5 withdrawn") in [(each.lane, each.words) for each in found.moments]


def test_a_lead_stands_beside_the_state_and_changes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    about = ParticipantId("birch")
    leads = ((about, ChannelKind.SATELLITE), (about, ChannelKind.SATELLITE))
    found = chart(monkeypatch, STORY, replace(_outcome(*ALL), leads=leads))
    lane = found.lanes[1]
    assert (lane.state, lane.words) == (State.KEEPING, "no breach found; lead: satellite")


def test_a_verifier_that_evades_has_a_lane_and_is_not_said_to_keep_the_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by = STORY.verifiers[0].name
    cheat = CheatPlan(by=by, kind=CheatKind.FALSE_APPRAISER, start=PeriodIndex(5))
    found = chart(monkeypatch, replace(STORY, cheats=(*STORY.cheats, cheat)), _outcome(*ALL))
    assert found.lanes[-1].name == by
    assert found.lanes[-1].state is State.NOT_CHECKED
    assert CEDAR in [lane.name for lane in found.lanes]
