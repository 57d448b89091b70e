"""Who joins owes what a party owes from the first period that binds it, and nothing before."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pausenet.files import find_scenario, read_scenario
from pausenet.scenario import CheatKind, CheatPlan
from pausenet.simulator.run import RunResult, simulate
from pausenet.statements.finding import Fault, Status
from pausenet.values import ParticipantId, PeriodIndex

DELTA = ParticipantId("delta")
BOUND = 8
"""The first period that binds it in the scenario."""


def silent(start: int, until: int) -> CheatPlan:
    return CheatPlan(
        by=DELTA, kind=CheatKind.SILENT, start=PeriodIndex(start), until=PeriodIndex(until)
    )


@cache
def ran(*cheats: CheatPlan) -> RunResult:
    plain = read_scenario(find_scenario("accession"))
    return simulate(replace(plain, periods=16, cheats=cheats))


def test_silence_is_a_finding_from_the_first_period_that_binds_and_for_none_before() -> None:
    run = ran(silent(5, 7), silent(BOUND + 2, BOUND + 4))
    late = [found for found in run.findings if found.accused == DELTA]
    assert {found.fault for found in late} == {Fault.F5}
    periods = {int(period) for found in late for period in found.periods}
    assert periods
    assert min(periods) >= BOUND
    assert run.violations == ()


def test_a_lab_that_nobody_accepts_keeps_silent_and_nothing_is_found() -> None:
    plain = read_scenario(find_scenario("accession"))
    alone = replace(plain, periods=12, acts=(), cheats=(silent(3, 12),))
    run = simulate(alone)
    assert dict(run.statuses)[DELTA] is Status.NOT_IN_FORCE
    assert run.findings == ()
    assert run.violations == ()
