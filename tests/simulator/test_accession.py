"""Who joins owes what a party owes from the first period that binds it, and nothing before."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from pausenet.files import find_scenario, read_scenario
from pausenet.protocol.bundle import verify_bundle
from pausenet.scenario import CheatKind, CheatPlan, Scenario
from pausenet.scenario.acts import ActPlan
from pausenet.scenario.anatomy import RUN_CAP
from pausenet.simulator.run import RunResult, simulate
from pausenet.simulator.swarm import SwarmOptions
from pausenet.statements.clauses import Accession
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.values import ParticipantId, PeriodIndex, Pflop
from tests.simulator.small import SMALL
from tests.simulator.swarms import brief

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


def test_a_fork_by_a_lab_outside_is_proven_and_yet_no_finding_under_the_agreement() -> None:
    plain = read_scenario(find_scenario("accession"))
    forks = CheatPlan(by=DELTA, kind=CheatKind.TWO_FACES, start=PeriodIndex(3))
    run = simulate(replace(plain, periods=12, acts=(), cheats=(forks,)))
    proven = {verify_bundle(data, run.network_id).claim for data in run.bundles.values()}
    assert {claim.accused for claim in proven if claim is not None} == {DELTA}
    assert dict(run.statuses)[DELTA] is Status.NOT_IN_FORCE
    assert run.findings == ()


@pytest.mark.parametrize("seed", [0, 8, 10])
def test_whatever_breaks_while_a_lab_joins_no_promise_is_broken(seed: int) -> None:
    """Crashes, losses and partitions; in the last two the lab that joins forks its log."""
    kinds = {8: CheatKind.WITHHELD_FACES, 10: CheatKind.CHECKPOINT_FORK}
    attacks = (kinds[seed],) if seed in kinds else ()
    options = SwarmOptions(crash_ppm_max=2_000, torn_ppm_min=700_000, torn_ppm_max=1_000_000)
    if attacks:
        options = replace(options, attack_ppm=1_000_000, attacks=attacks)
    run = simulate(joining(), seed=seed, swarm=options)
    assert run.violations == ()
    assert [plan.by for plan in run.faults.attacks] == [DELTA for _ in attacks]
    assert run.appraisals[DELTA].bound
    proven = {found.accused for found in run.findings if found.grade is Grade.CONFIRMED}
    assert proven == {DELTA for _ in attacks}


def joining() -> Scenario:
    """The small network and a lab outside, which both parties accept at once."""
    delta = replace(SMALL.labs[0], name=DELTA, is_party=False, ratifies_from=PeriodIndex(1))
    clause = Accession(
        need_ppm=500_000,
        wait_periods=0,
        affiliates=False,
        tenants_from_pflop=Pflop(0),
        anatomy=RUN_CAP,
    )
    return brief(
        periods=11,
        labs=(*SMALL.labs, delta),
        agreement=replace(SMALL.agreement, clauses=(clause,)),
        acts=tuple(
            ActPlan.of(lab.name, PeriodIndex(1), Kind.ACCEPTANCE, {"lab": "delta", "accepts": True})
            for lab in SMALL.labs
        ),
    )
