"""The adversaries that say what cannot stand, and what comes of each in a short run of its own.

Each runs alone against an honest network: what it does is proven where it signed it, nothing is
proven against anybody else, and where it only hinders, the others go on.
"""

from functools import cache

import pytest

from pausenet.protocol.bundle import verify_bundle
from pausenet.scenario.plan import CheatKind, CheatPlan
from pausenet.simulator.run import simulate
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.values import ParticipantId, PeriodIndex, Role
from tests.simulator.small import BIRCH, VERIFIER
from tests.simulator.swarms import brief, cut_off

PROVEN = {
    CheatKind.REPLAYED_PERIOD: {Fault.F4},
    CheatKind.GAP: {Fault.F4},
    CheatKind.OTHER_NETWORK: {Fault.F4},
    CheatKind.SWAPPED_PAYLOADS: {Fault.F4},
    CheatKind.FORGETFUL: {Fault.F4},
    CheatKind.APOLOGY: {Fault.F1, Fault.F2},
    CheatKind.ROLLED_BACK: {Fault.F1, Fault.F8B},
}
"""What is proven against whoever does it; of the other kinds nothing is."""
HINDERS = (
    CheatKind.BACKDATED,
    CheatKind.SLOW_DRIP,
    CheatKind.FORGED_PROOF,
    CheatKind.SWAPPED_PROOF,
    CheatKind.DROPPED_PEER,
    CheatKind.FALSE_HEADS,
    CheatKind.FALSE_WARRANTS,
    CheatKind.SHORT_CUT,
)
LATE = ParticipantId("verifier-2")


@cache
def story(kind):
    by = VERIFIER if kind.role is Role.VERIFIER else BIRCH
    start = PeriodIndex(1)
    return simulate(
        brief(
            periods=5,
            cheats=(CheatPlan(by=by, kind=kind, start=start),),
            faults=(cut_off(LATE, 0, 3),) if kind.role is Role.VERIFIER else (),
        )
    )


def proofs(result):
    claims = [verify_bundle(data, result.network_id).claim for data in result.bundles.values()]
    return {(c.accused, c.fault) for c in claims if c is not None and c.grade is Grade.CONFIRMED}


@pytest.mark.parametrize("kind", [*PROVEN, *HINDERS])
def test_it_happens_breaks_no_promise_and_is_proven_against_nobody_else(kind):
    result = story(kind)
    assert result.fired[f"cheat.{kind}"] > 0
    assert not result.violations
    by = VERIFIER if kind.role is Role.VERIFIER else BIRCH
    assert {accused for accused, _ in proofs(result)} == ({by} if kind in PROVEN else set())


@pytest.mark.parametrize("kind", PROVEN)
def test_what_it_signed_is_the_proof(kind):
    assert {fault for _, fault in proofs(story(kind))} <= PROVEN[kind]


def test_what_comes_late_is_late_whatever_it_says_of_itself():
    result = story(CheatKind.BACKDATED)
    assert {f.accused for f in result.findings if f.fault is Fault.F5} == {BIRCH}
    assert dict(result.statuses)[BIRCH] is Status.NOT_DEMONSTRATED


@pytest.mark.parametrize("kind", [kind for kind in HINDERS if kind.role is Role.VERIFIER])
def test_a_verifier_that_hinders_alone_changes_no_labs_status(kind):
    statuses = {status for _, status in story(kind).statuses}
    assert statuses == {Status.NO_BREACH_FOUND}
