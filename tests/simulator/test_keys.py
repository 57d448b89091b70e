"""Keys that change, are lost and are stolen, in whole runs of the real machines."""

from dataclasses import replace
from functools import cache

import pytest

from pausenet.protocol.bundle import verify_bundle
from pausenet.scenario.mishaps import RestorePlan, RotationPlan
from pausenet.scenario.plan import CheatKind, CheatPlan
from pausenet.simulator.run import simulate
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.small import AURORA, BIRCH, SMALL, broken

VERIFIER = ParticipantId("verifier-2")


def rotated(of, at, *, revokes=False):
    return RotationPlan(of=of, at=PeriodIndex(at), revokes=revokes)


def restored(of, at, recover):
    return RestorePlan(of=of, to=PeriodIndex(4), at=PeriodIndex(at), recover=PeriodIndex(recover))


def cheated(kind, start, *faults):
    cheat = CheatPlan(by=BIRCH, kind=kind, start=PeriodIndex(start))
    return replace(SMALL, cheats=(cheat,), faults=faults)


REVOKED = rotated(BIRCH, 8, revokes=True)
STORIES = {
    "all rotate": broken(rotated(AURORA, 3), rotated(VERIFIER, 5), rotated(AURORA, 7)),
    "restored": broken(restored(AURORA, 8, 8)),
    "restored late": broken(restored(AURORA, 7, 9), rotated(VERIFIER, 5)),
    "rotated, restored": broken(rotated(AURORA, 5), restored(AURORA, 8, 8)),
    "verifier restored": broken(restored(VERIFIER, 8, 8)),
    "stolen, revoked": cheated(CheatKind.STOLEN_KEY, 9, REVOKED),
    "forked, revoked": cheated(CheatKind.FACE_AFTER_RECEIPT, 5, REVOKED),
    "stolen": cheated(CheatKind.STOLEN_KEY, 7),
}


@cache
def run(story):
    return simulate(STORIES[story])


@pytest.mark.parametrize("story", sorted(set(STORIES) - {"stolen"}))
def test_no_promise_is_broken(story):
    assert run(story).violations == ()


@pytest.mark.parametrize(
    "story", ["all rotate", "restored", "restored late", "rotated, restored", "verifier restored"]
)
def test_whoever_changes_keys_goes_on_and_nothing_is_found(story):
    result = run(story)
    assert {status for _, status in result.statuses} == {Status.NO_BREACH_FOUND}
    assert all(finding.grade is Grade.UNSUPPORTED for finding in result.findings)
    assert sum(count for name, count in result.fired.items() if name.startswith("keys.")) > 0


def test_what_a_thief_signs_after_the_revocation_accuses_the_key():
    result = run("stolen, revoked")
    assert dict(result.statuses)[BIRCH] is Status.NO_BREACH_FOUND
    assert {(f.fault, f.grade) for f in result.findings} == {(Fault.F1, Grade.PLAUSIBLE)}
    assert {verify_bundle(b, result.network_id).exit_code for b in result.bundles.values()} == {3}


def test_a_lab_that_was_seen_to_fork_does_not_escape_by_revoking():
    result = run("forked, revoked")
    assert dict(result.statuses)[BIRCH] is Status.BREACH_PROVEN
    assert {f.grade for f in result.findings if f.fault is Fault.F1} == {Grade.CONFIRMED}


def test_without_a_revocation_nobody_tells_the_thief_from_the_owner():
    """What LIMITATIONS.md says of a stolen key, and why the swarm leaves it out."""
    result = run("stolen")
    assert dict(result.statuses)[BIRCH] is Status.BREACH_PROVEN
    assert "P1" in {violation.promise for violation in result.violations}
