"""A lead is followed up: an inspection finds what is there, and nothing where nothing is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.errors import MalformedFile
from pausenet.files.resolved import write_scenario
from pausenet.files.scenario import parse_scenario
from pausenet.scenario.acts import ActPlan
from pausenet.scenario.plan import Scenario
from pausenet.simulator.follow_up import with_follow_up
from pausenet.simulator.outside import CATALOGUE, outside_of
from pausenet.simulator.run import simulate
from pausenet.statements.challenge import InspectionReport
from pausenet.statements.codec import Kind, decode_body
from pausenet.statements.finding import Fault, Status
from pausenet.values import Digest

TEXT = """
question: Is a lead followed up?
name: followed
periods: 14
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000}
evasions:
  - {by: birch, kind: E06, from: 5, with: {accelerators: 200000}}
channels:
  - {kind: satellite, false_alarms: 100 %, with: {coverage: 100 %}}
follow_up: true
"""


def scenario(text: str = TEXT) -> Scenario:
    return parse_scenario(text, name="here", stem="here", catalogue=CATALOGUE)


def reports(acts: tuple[ActPlan, ...]) -> list[InspectionReport]:
    bodies = [decode_body(act.kind, act.body(Digest.of(b""))) for act in acts]
    return [body for body in bodies if isinstance(body, InspectionReport)]


def watched(false_alarms: str) -> Scenario:
    return scenario(TEXT.replace("100 %, with", f"{false_alarms}, with"))


def test_a_lead_becomes_a_finding_in_the_protocol() -> None:
    told = replace(watched("0 %"), seed=4)
    (lead,) = outside_of(told).leads(4)
    assert lead.about == "birch"
    run = simulate(told)
    assert [(each.accused, each.fault) for each in run.findings] == [("birch", Fault.F7)]
    assert not run.violations


def test_an_honest_lab_with_a_false_lead_is_inspected_and_nothing_is_found() -> None:
    told = replace(watched("100 %"), evasions=(), seed=4)
    followed = with_follow_up(told, 4)
    assert {report.lab for report in reports(followed.acts)} == {"aurora", "birch"}
    assert {report.found for report in reports(followed.acts)} == {0}
    run = simulate(told)
    assert run.findings == ()
    assert {status for _, status in run.statuses} == {Status.NO_BREACH_FOUND}


def test_nobody_asks_without_the_switch_nor_where_no_time_is_left() -> None:
    told = watched("0 %")
    assert with_follow_up(replace(told, follow_up=False), 4) == replace(told, follow_up=False)
    (lead,) = outside_of(told).leads(4)
    late = lead.moment_s // told.period_s + 4
    assert with_follow_up(replace(told, periods=max(12, late)), 4).acts == ()


def test_what_is_asked_for_stands_behind_a_salted_digest_until_the_notice() -> None:
    kinds = [act.kind for act in with_follow_up(watched("0 %"), 4).acts]
    assert kinds[:3] == [Kind.CHALLENGE, Kind.CHALLENGE_NOTICE, Kind.CHALLENGE_ANSWER]
    assert kinds[3:] == [Kind.INSPECTION_REPORT] * 3
    one, other = (with_follow_up(watched("0 %"), seed).acts for seed in (4, 4))
    assert one == other


def test_the_switch_is_written_back_and_anything_else_is_refused() -> None:
    told = scenario()
    assert parse_scenario(write_scenario(told), name="again", stem="again") == told
    with pytest.raises(MalformedFile, match="true or false"):
        scenario(TEXT.replace("follow_up: true", "follow_up: maybe"))
