"""An agreement whose activation comes to light late makes nobody a breaker of it by hindsight."""

from dataclasses import replace

from pausenet.protocol.bundle import verify_bundle
from pausenet.scenario.mishaps import PartitionPlan
from pausenet.scenario.plan import CheatKind, CheatPlan
from pausenet.simulator.run import simulate
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.small import AURORA, BIRCH, SMALL

OUTAGE = tuple(
    PartitionPlan(of=ParticipantId(name), start=PeriodIndex(1), until=PeriodIndex(9))
    for name in ("verifier-3", "verifier-4")
)
"""No cut is endorsed in all this time; then cuts say that the agreement binds since period 6."""


def over_the_cap(start, until):
    cheat = CheatPlan(
        by=BIRCH, kind=CheatKind.OVER_CAP, start=PeriodIndex(start), until=PeriodIndex(until)
    )
    result = simulate(replace(SMALL, periods=16, faults=OUTAGE, cheats=(cheat,)))
    claims = [verify_bundle(data, result.network_id).claim for data in result.bundles.values()]
    return result, {c.fault for c in claims if c is not None and c.grade is Grade.CONFIRMED}


def test_what_was_done_before_anybody_could_know_of_the_force_is_no_proof_of_a_breach():
    result, confirmed = over_the_cap(5, 7)
    assert result.violations == ()
    assert confirmed == set()
    # It has stated what it did, and not under the agreement: the period is not demonstrated.
    assert dict(result.statuses)[AURORA] is Status.NO_BREACH_FOUND
    assert dict(result.statuses)[BIRCH] is Status.NOT_DEMONSTRATED


def test_what_was_begun_before_the_force_was_known_is_none_either():
    result, confirmed = over_the_cap(9, 10)  # the labs learn of it in period 9
    assert result.violations == ()
    assert confirmed == set()


def test_what_is_done_once_the_force_is_known_is():
    result, confirmed = over_the_cap(11, 13)
    assert result.violations == ()
    assert confirmed == {Fault.F6}
