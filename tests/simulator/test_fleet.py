from dataclasses import replace

import pytest

from pausenet.protocol.ledger import build_ledger
from pausenet.scenario.physics import IDLE_MW, MICRO_PFLOP_S, OCCUPIED_MW
from pausenet.scenario.plan import AgreementPlan, MeterErrors
from pausenet.simulator.fleet import energy_of, samples
from pausenet.statements.usage import WorkloadClass
from pausenet.values import NetworkId, Pflop
from tests.simulator.small import AURORA, SMALL

UNUSED = (WorkloadClass.IDLE, WorkloadClass.MAINTENANCE)


def test_the_same_seed_gives_the_same_samples_and_another_seed_others():
    assert samples(SMALL, 7) == samples(SMALL, 7)
    assert samples(SMALL, 7).labs != samples(SMALL, 8).labs


def test_another_lab_does_not_change_the_samples_of_the_first():
    other = replace(SMALL, labs=(SMALL.labs[0], replace(SMALL.labs[1], sites=3)))
    assert samples(other, 7).labs[AURORA] == samples(SMALL, 7).labs[AURORA]


def test_occupied_and_idle_time_add_up_to_the_whole_fleet():
    for sample in samples(SMALL, 7).labs[AURORA]:
        assert sum(usage.occupied_s for _, usage in sample.classes) == 20_000 * SMALL.period_s


def test_energy_follows_from_occupied_and_idle_time():
    for sample in samples(SMALL, 7).labs[AURORA]:
        unused = sum(usage.occupied_s for name, usage in sample.classes if name in UNUSED)
        used = 20_000 * SMALL.period_s - unused
        expected = (used * OCCUPIED_MW + unused * IDLE_MW) / 3_600_000
        assert energy_of(sample) == pytest.approx(expected, abs=4)


def test_operations_follow_from_occupied_time_and_rest_does_none():
    for sample in samples(SMALL, 7).labs[AURORA]:
        for name, usage in sample.classes:
            expected = 0 if name in UNUSED else usage.occupied_s * MICRO_PFLOP_S / 10**6
            assert usage.used_pflop == pytest.approx(expected, abs=8)


def test_an_accelerator_draws_what_the_published_power_chain_gives():
    assert pytest.approx(700 * 1.53 * 1.14 * 1000) == OCCUPIED_MW


def test_a_meter_reads_the_truth_within_its_errors():
    found = samples(SMALL, 7)
    truth, readings = found.labs[AURORA], found.meters[SMALL.labs[0].meter]
    ratios = [r.energy_wh / energy_of(t) for r, t in zip(readings, truth, strict=True)]
    assert all(0.95 < ratio < 1.05 for ratio in ratios)
    assert len(set(ratios)) > 1


def test_the_calibration_error_is_one_for_the_whole_run():
    meters = MeterErrors(random_ppm=0, systematic_ppm=50_000)
    found = samples(replace(SMALL, meters=meters), 7)
    truth, readings = found.labs[AURORA], found.meters[SMALL.labs[0].meter]
    ratios = [round(r.energy_wh / energy_of(t), 6) for r, t in zip(readings, truth, strict=True)]
    assert len(set(ratios)) == 1
    assert ratios[0] != 1


def test_a_new_calibration_has_an_error_of_its_own():
    meters = MeterErrors(random_ppm=0, systematic_ppm=50_000, calibration_periods=4)
    found = samples(replace(SMALL, meters=meters), 7)
    truth, readings = found.labs[AURORA], found.meters[SMALL.labs[0].meter]
    ratios = [round(r.energy_wh / energy_of(t), 6) for r, t in zip(readings, truth, strict=True)]
    blocks = [set(ratios[first : first + 4]) for first in range(0, len(ratios), 4)]
    assert [len(block) for block in blocks] == [1] * len(blocks)
    assert len(set.union(*blocks)) == len(blocks)


def test_a_ledger_can_be_built_from_every_sample():
    for sample in samples(SMALL, 7).labs[AURORA]:
        assert build_ledger(NetworkId(bytes(32)), AURORA, sample).leaves


def test_no_salt_is_ever_used_twice():
    salts = [salt for lab in samples(SMALL, 7).labs.values() for s in lab for salt in s.salts]
    assert len(set(salts)) == len(salts)


def test_an_honest_lab_stays_within_caps_that_its_fleet_could_break():
    cap = Pflop(2 * 10**8)
    tight = replace(SMALL, agreement=AgreementPlan(run_cap=cap, total_cap=cap))
    counted = (WorkloadClass.PRE_TRAINING, WorkloadClass.POST_TRAINING, WorkloadClass.RESEARCH)
    for sample in samples(tight, 7).labs[AURORA]:
        assert sum(u.used_pflop for name, u in sample.classes if name in counted) <= cap
        assert all(run.total_pflop <= cap for run in sample.runs)


def test_the_totals_of_a_run_never_shrink():
    totals = {}
    for sample in samples(SMALL, 7).labs[AURORA]:
        for run in sample.runs:
            assert run.total_pflop >= totals.get(run.run, 0)
            totals[run.run] = run.total_pflop


def test_jobs_name_only_runs_that_are_declared():
    cap = Pflop(10**9)
    short = replace(SMALL, agreement=AgreementPlan(run_cap=cap))
    names = set()
    for sample in samples(short, 7).labs[AURORA]:
        declared = {run.run for run in sample.runs}
        names |= declared
        assert {job.run for job in sample.jobs if job.run} == declared
    assert len(names) > 2
