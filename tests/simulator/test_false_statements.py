"""Evasions that change what a lab states, and leave its energy and occupied time true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.errors import Misuse
from pausenet.protocol.messages import Ingested, UsageSample
from pausenet.scenario.evasions import MICRO, EvasionKind, EvasionPlan, Setting
from pausenet.scenario.plan import AgreementPlan, CheatKind
from pausenet.simulator.adversary import Window, adversary_for
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.adversary.false_samples import FewerOperations, HiddenShare, MovedShare
from pausenet.simulator.adversary.salami_runs import sliced
from pausenet.simulator.fleet import class_totals, energy_of, samples
from pausenet.simulator.outcome.kernel import measure_by_kernel
from pausenet.simulator.setting import setting_of
from pausenet.simulator.traces import Footprint, Trace
from pausenet.statements.usage import WorkloadClass
from pausenet.values import NetworkTime, ParticipantId, PeriodIndex, Pflop
from tests.simulator.test_adversary import Fake
from tests.simulator.test_outside import scenario

TRAINING = (WorkloadClass.PRE_TRAINING, WorkloadClass.POST_TRAINING)


def occupied(sample: UsageSample) -> dict[WorkloadClass, int]:
    return {name: usage.occupied_s for name, usage in sample.classes}


def used(sample: UsageSample) -> dict[WorkloadClass, int]:
    return {name: usage.used_pflop for name, usage in sample.classes}


@pytest.mark.parametrize("machine", [MovedShare, FewerOperations])
def test_energy_and_occupied_time_stay_true_and_training_shrinks(
    machine: type[HiddenShare],
) -> None:
    told = scenario()
    hides = machine(300_000)
    for true in samples(told, 7).labs[told.labs[0].name]:
        stated = hides.shrink(true)
        assert energy_of(stated) == energy_of(true)
        assert sum(occupied(stated).values()) == sum(occupied(true).values())
        assert stated.classes == class_totals(stated.jobs)
        for name in TRAINING:
            assert used(stated)[name] == pytest.approx(0.7 * used(true)[name], rel=1e-6)
        for before, after in zip(true.runs, stated.runs, strict=True):
            assert after.total_pflop < before.total_pflop


def test_what_is_moved_stands_under_inference() -> None:
    told = scenario()
    true = samples(told, 7).labs[told.labs[1].name][5]
    stated = MovedShare(300_000).shrink(true)
    moved = sum(occupied(true)[name] - occupied(stated)[name] for name in TRAINING)
    assert moved > 0
    inference = WorkloadClass.INFERENCE
    assert occupied(stated)[inference] == occupied(true)[inference] + moved


def test_runs_never_shrink_when_the_evasion_ends() -> None:
    told = scenario()
    hides, totals = FewerOperations(500_000), dict[str, int]()
    for number, true in enumerate(samples(told, 7).labs[told.labs[0].name]):
        stated = hides.shrink(true) if number < 10 else hides.keep(true)
        for run in stated.runs:
            assert run.total_pflop >= totals.get(run.run, 0)
            totals[run.run] = run.total_pflop


def test_slices_name_their_parents_or_are_severed_from_them() -> None:
    said = Setting(name="said", micro=MICRO)
    for settings, cheat in (((), CheatKind.SEVERED_RUNS), ((said,), CheatKind.SALAMI_RUNS)):
        plan = EvasionPlan(
            by=ParticipantId("birch"),
            kind=EvasionKind.E04,
            start=PeriodIndex(5),
            settings=settings,
        )
        left = evasion(EvasionKind.E04).footprint(scenario(), plan)
        assert tuple(each.kind for each in left.cheats) == (cheat,)
        assert any(left.of(Trace.LINEAGE)) is (cheat is CheatKind.SEVERED_RUNS)


def test_a_chain_of_slices_never_breaks_off_whatever_runs_the_lab_would_have_had() -> None:
    told = scenario()
    lab, before = told.labs[1].name, ""
    stated = list(samples(told, 7).labs[lab][5:])
    turned = [
        replace(
            each, runs=tuple(replace(run, run=ParticipantId(f"r{at}")) for run in each.runs[:1])
        )
        for at, each in enumerate(stated)
    ]
    for number, true in enumerate(turned):
        (run,) = sliced(true, lab, number, Pflop(10)).runs
        assert run.parents == ((ParticipantId(before),) if before else ())
        before = run.run


def severed(size_ppm: int, cap: int) -> tuple[list[UsageSample], list[UsageSample]]:
    """Birch's true samples from period 5 on, and what it states of them."""
    told = replace(scenario(), agreement=AgreementPlan(run_cap=Pflop(cap)))
    setting = setting_of(told)
    name = told.labs[1].name
    heard = Fake(name)
    machine = adversary_for(
        CheatKind.SEVERED_RUNS,
        register=setting.register,
        keys=setting.keys[name],
        window=Window(start=PeriodIndex(5)),
        amount_ppm=size_ppm,
    )(heard)
    true = list(samples(told, 7).labs[name][5:])
    for sample in true:
        machine.step(Ingested(now=NetworkTime(0), sample=sample))
    return true, [each.sample for each in heard.seen]


@pytest.mark.parametrize("size_ppm", [10_000, 300_000, 980_000])
def test_severed_slices_stay_below_the_cap_and_hold_all_that_was_trained(size_ppm: int) -> None:
    cap = 1_300_000_000
    true, stated = severed(size_ppm, cap)
    largest = dict[str, int]()
    for before, after in zip(true, stated, strict=True):
        names = [run.run for run in after.runs]
        assert names == sorted({*names})
        for run in after.runs:
            assert run.parents == ()
            assert largest.get(run.run, 0) < run.total_pflop < cap
            largest[run.run] = run.total_pflop
        assert {job.run for job in after.jobs if job.workload in TRAINING} <= {*names}
        assert energy_of(after) == energy_of(before)
        assert after.classes == class_totals(after.jobs) == before.classes
    assert sum(largest.values()) == sum(used(each)[name] for each in true for name in TRAINING)
    assert len(largest) > 1


def test_a_slice_of_nothing_of_the_cap_is_no_slice() -> None:
    true, stated = severed(0, 1_300_000_000)
    assert stated == true


def late(keepers: int) -> Footprint:
    """What birch leaves behind with so many who keep the time in league with it."""
    with_them = Setting(name="keepers", micro=keepers * MICRO)
    plan = EvasionPlan(
        by=ParticipantId("birch"),
        kind=EvasionKind.E13,
        start=PeriodIndex(5),
        settings=(with_them,),
    )
    return evasion(EvasionKind.E13).footprint(scenario(), plan)


@pytest.mark.parametrize(("keepers", "clocks"), [(0, 0), (2, 2), (9, 4)])
def test_who_keeps_the_time_for_a_late_lab_lags_as_honest_clocks_may_differ(
    keepers: int, clocks: int
) -> None:
    told, left = scenario(), late(keepers)
    kinds = [cheat.kind for cheat in left.cheats]
    assert kinds[:2] == [CheatKind.UNDER_DECLARATION, CheatKind.BACKDATED]
    assert kinds[2:] == [CheatKind.LYING_CLOCK] * clocks
    for cheat in left.cheats[2:]:
        assert cheat.amount_ppm * told.period_s // 10**6 <= told.epsilon_s
    assert len({cheat.by for cheat in left.cheats}) == 1 + clocks
    assert left.costs.people > late(0).costs.people or not clocks
    assert any(left.of(Trace.BALANCE)), "what is hidden stands in the balance"


def test_kernels_reckon_an_evaders_league_of_clocks_and_refuse_a_lying_clock_by_itself() -> None:
    with_them = Setting(name="keepers", micro=2 * MICRO)
    plan = EvasionPlan(
        by=ParticipantId("birch"), kind=EvasionKind.E13, start=PeriodIndex(5), settings=(with_them,)
    )
    told = replace(scenario(), evasions=(plan,), channels=())
    alone = replace(plan, settings=())
    found = [
        measure_by_kernel(replace(told, evasions=(each,)), 500, goal_days=90.0).evasions[0]
        for each in (plan, alone)
    ]
    assert found[0].by_end == found[1].by_end
    assert found[0].by_end.count > 0
    (clock,) = late(1).cheats[2:]
    with pytest.raises(Misuse, match="verifiers that cheat"):
        measure_by_kernel(replace(told, cheats=(clock,)), 10, goal_days=10.0)
