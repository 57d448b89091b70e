"""Whole runs of the real machines; each scenario runs once for all tests of this module."""

from functools import cache

import pytest

from pausenet.protocol.bundle import verify_bundle
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.run import simulate
from pausenet.simulator.swarm import ATTACKS, SwarmOptions, draw
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.values import PeriodIndex
from tests.simulator.small import AURORA, BIRCH, SMALL, broken, cheating

STORIES = {
    "honest": SMALL,
    "under-declaration": cheating(CheatKind.UNDER_DECLARATION),
    "over-cap": cheating(CheatKind.OVER_CAP),
    "silent": cheating(CheatKind.SILENT),
    "two-faces": cheating(CheatKind.TWO_FACES),
    "late-face": cheating(CheatKind.FACE_AFTER_RECEIPT),
    "partition": broken(PartitionPlan(of=AURORA, start=PeriodIndex(5), until=PeriodIndex(9))),
    "restore": broken(RestorePlan(of=AURORA, to=PeriodIndex(4), at=PeriodIndex(8))),
}


@cache
def run(story):
    return simulate(STORIES[story])


def found(story):
    return {(f.fault, f.accused, f.grade) for f in run(story).findings}


@pytest.mark.parametrize("story", STORIES)
def test_no_promise_is_broken_and_the_story_fits_a_page(story):
    result = run(story)
    assert result.violations == ()
    assert 5 < len(result.transcript) <= 60
    assert all(len(line) <= 100 for line in result.transcript)


def test_an_honest_network_finds_nothing():
    assert run("honest").findings == ()
    assert {status for _, status in run("honest").statuses} == {Status.NO_BREACH_FOUND}


def test_what_an_honest_network_draws_is_as_published():
    found = run("honest").draws
    assert found.as_published
    assert found.leaves.draws > 20


@pytest.mark.parametrize(
    ("story", "status", "faults", "grade"),
    [
        ("under-declaration", Status.DISCREPANCY, {Fault.F7}, Grade.PLAUSIBLE),
        ("over-cap", Status.BREACH_PROVEN, {Fault.F6}, Grade.CONFIRMED),
        ("silent", Status.NOT_DEMONSTRATED, {Fault.F5}, Grade.UNRESOLVED),
        ("two-faces", Status.BREACH_PROVEN, {Fault.F1, Fault.F2, Fault.F3}, Grade.CONFIRMED),
        ("late-face", Status.BREACH_PROVEN, {Fault.F1, Fault.F2, Fault.F3}, Grade.CONFIRMED),
    ],
)
def test_each_cheat_is_found_and_only_the_cheat(story, status, faults, grade):
    assert dict(run(story).statuses) == {AURORA: Status.NO_BREACH_FOUND, BIRCH: status}
    assert found(story)
    assert all(f in faults and a == BIRCH and g == grade for f, a, g in found(story))


@pytest.mark.parametrize("story", ["over-cap", "two-faces", "late-face"])
def test_a_breach_convinces_a_stranger_with_the_bundle_alone(story):
    result = run(story)
    codes = {verify_bundle(data, result.network_id).exit_code for data in result.bundles.values()}
    assert codes == {1}


def test_a_lab_that_was_cut_off_answers_and_its_warrant_is_withdrawn():
    assert found("partition") == {(Fault.F5, AURORA, Grade.UNSUPPORTED)}
    assert dict(run("partition").statuses)[AURORA] == Status.NO_BREACH_FOUND


def test_a_restored_lab_is_never_convicted():
    assert found("restore") == {(Fault.F5, AURORA, Grade.UNRESOLVED)}
    assert any("stops signing" in line for line in run("restore").transcript)


def test_another_seed_gives_another_trace():
    assert simulate(SMALL, seed=8).trace != run("honest").trace


@pytest.mark.parametrize("seed", range(2))
def test_a_swarm_of_faults_breaks_no_promise(seed):
    result = simulate(SMALL, seed=seed, swarm=SwarmOptions(attack_ppm=500_000))
    assert result.violations == (), result.faults.describe()


def test_a_swarm_draws_every_fault_and_none_of_them():
    drawn = [draw(SwarmOptions(attack_ppm=500_000), SMALL, seed) for seed in range(600)]
    for rate in ("crash_ppm", "torn_ppm", "partitions", "attacks"):
        assert {bool(getattr(faults, rate)) for faults in drawn} == {True, False}
    for rate in ("loss_ppm", "duplicate_ppm", "straggle_ppm"):
        assert {bool(getattr(faults.network, rate)) for faults in drawn} == {True, False}
    kinds = {attack.kind for faults in drawn for attack in faults.attacks}
    assert kinds == set(ATTACKS)
