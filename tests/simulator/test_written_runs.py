"""Runs written by hand divide a lab's pre-training, keep its caps, and change nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from pausenet.errors import MalformedFile
from pausenet.files import parse_scenario, write_scenario
from pausenet.protocol.messages import UsageSample
from pausenet.scenario.plan import AgreementPlan, CheatKind, Scenario
from pausenet.scenario.runs import RunPlan
from pausenet.simulator.fleet import samples
from pausenet.simulator.run import simulate
from pausenet.statements.usage import WorkloadClass
from pausenet.values import ParticipantId, PeriodIndex, Pflop
from tests.simulator.small import AURORA, BIRCH, SMALL, cheating

TERN, GULL, SWIFT = (ParticipantId(name) for name in ("tern", "gull", "swift"))


def plan(
    run: ParticipantId,
    start: int,
    until: int | None = None,
    share_ppm: int = 500_000,
    parents: tuple[ParticipantId, ...] = (),
) -> RunPlan:
    return RunPlan(
        run=run,
        start=PeriodIndex(start),
        until=None if until is None else PeriodIndex(until),
        share_ppm=share_ppm,
        parents=parents,
    )


RUNS = (
    plan(TERN, 1, 4, 1_000_000),
    plan(GULL, 4, None, 300_000, (TERN,)),
    plan(SWIFT, 5, 9, 700_000),
)


def written(
    runs: tuple[RunPlan, ...] = RUNS, scenario: Scenario = SMALL, number: int = 0
) -> Scenario:
    labs = list(scenario.labs)
    labs[number] = replace(labs[number], runs=runs)
    return replace(scenario, labs=tuple(labs), verifiers=scenario.verifiers[:1])


def trained(sample: UsageSample, run: str) -> int:
    return sum(
        job.used_pflop
        for job in sample.jobs
        if job.run == run and job.workload is WorkloadClass.PRE_TRAINING
    )


def used(sample: UsageSample) -> int:
    return int(dict(sample.classes)[WorkloadClass.PRE_TRAINING].used_pflop)


FOUND = samples(written(), 7).labs[AURORA]


def test_what_a_lab_uses_and_draws_stays_as_it_is() -> None:
    before, after = samples(SMALL, 7), samples(written(), 7)
    assert after.meters == before.meters
    assert after.labs[BIRCH] == before.labs[BIRCH]
    for one, other in zip(before.labs[AURORA], FOUND, strict=True):
        assert other.classes == one.classes
        assert other.sites == one.sites
        assert sum(job.occupied_s for job in other.jobs) == sum(job.occupied_s for job in one.jobs)
        assert len(other.salts) == len(other.jobs)


def test_a_run_takes_its_share_in_its_periods_and_in_no_other() -> None:
    for sample in FOUND:
        for each in RUNS:
            share = each.share_ppm / 1e6 * each.goes_on(int(sample.period))
            assert trained(sample, each.run) == pytest.approx(share * used(sample), abs=8)


def test_totals_are_sums_over_lives_and_children_name_their_parents() -> None:
    for run in (TERN, GULL, SWIFT):
        stated = [(each, s) for s in FOUND for each in s.runs if each.run == run]
        life = [sum(trained(s, run) for s in FOUND[: at.period + 1]) for _, at in stated]
        assert [each.total_pflop for each, _ in stated] == life
        assert {each.parents for each, _ in stated} == {(TERN,) if run == GULL else ()}


def test_the_labs_own_run_has_the_rest() -> None:
    own = [next(run for run in s.runs if run.run == "aurora-r1").total_pflop for s in FOUND]
    grown = [later - sooner for sooner, later in pairwise(own)]
    assert grown == [trained(sample, "aurora-r1") for sample in FOUND[1:]]
    assert min(grown) == 0


def test_runs_that_are_kin_end_before_they_come_to_the_cap_together() -> None:
    cap = Pflop(2 * 10**9)
    terms = AgreementPlan(run_cap=cap)
    told = written(scenario=replace(SMALL, agreement=terms))
    found = samples(told, 7).labs[AURORA]
    kin = [sum(trained(sample, run) for sample in found) for run in (TERN, GULL)]
    assert 0 < sum(kin) <= cap * 8 // 10
    assert sum(kin) < sum(trained(sample, run) for sample in FOUND for run in (TERN, GULL))
    assert simulate(told).findings == ()


def test_honest_runs_are_found_guilty_of_nothing_and_hidden_ones_are_found() -> None:
    honest = simulate(written())
    assert (honest.findings, honest.violations) == ((), ())
    hides = cheating(CheatKind.UNDER_DECLARATION, amount_ppm=200_000)
    (finding,) = simulate(written(scenario=hides, number=1)).findings
    assert finding.accused == BIRCH


@pytest.mark.parametrize(
    ("runs", "problem"),
    [
        ((plan(TERN, 1), plan(TERN, 2)), "runs: two of one name"),
        ((plan(GULL, 1, parents=(TERN,)), plan(TERN, 1)), "a parent is written before its child"),
        ((plan(TERN, 1, share_ppm=600_000), plan(GULL, 3)), "more than all pre-training at a time"),
        ((plan(ParticipantId("aurora-r2"), 1),), "a name that the lab gives by itself"),
        ((plan(TERN, 12),), "labs: a run begins after the last period"),
    ],
)
def test_runs_that_do_not_fit_are_refused(runs: tuple[RunPlan, ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        written(runs)


def test_a_run_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="until is not after from"):
        plan(TERN, 4, 4)
    with pytest.raises(ValueError, match="expected a share"):
        plan(TERN, 4, share_ppm=0)
    with pytest.raises(ValueError, match="a parent twice"):
        plan(TERN, 4, parents=(GULL, GULL))


TEXT = """\
question: Who descends from whom?
name: kin
labs:
  - name: elm
    accelerators: 900
    runs:
      - {run: tern, from: 1, until: 4}
      - {run: gull, from: 4, share: 30 %, parents: [tern]}
  - {name: fir, accelerators: 500}
"""


def test_runs_are_read_and_written_back() -> None:
    found = parse_scenario(TEXT, name="s.yaml", stem="s")
    assert [each.parents for each in found.labs[0].runs] == [(), (TERN,)]
    assert parse_scenario(write_scenario(found), name="r", stem="r") == found


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("share: 30 %", "shares: 30 %", '8:30 unknown key "shares" - did you mean "share"?'),
        ("parents: [tern]", "parents: [wren]", "7:7 runs: a parent is written before its child"),
        ("until: 4", "until: 1", "runs: until is not after from"),
        ("from: 4", "from: 40", "labs: a run begins after the last period"),
    ],
)
def test_a_mistake_is_refused_where_it_stands(old: str, new: str, problem: str) -> None:
    assert old in TEXT
    with pytest.raises(MalformedFile) as refused:
        parse_scenario(TEXT.replace(old, new), name="s.yaml", stem="s")
    assert problem in str(refused.value)
