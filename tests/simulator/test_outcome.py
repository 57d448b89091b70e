"""What one run shows of each party by ground truth."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from pausenet.protocol.messages import Report, Told
from pausenet.scenario.anatomy import RUN_CAP
from pausenet.scenario.plan import DAY_S, CheatKind, CheatPlan, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.scenario.world import (
    MONTH_S,
    STEADY_WORLD,
    AlgorithmsPlan,
    Bottleneck,
    FrontierPlan,
    Future,
    LimitPlan,
    LoopPlan,
    WorldPlan,
)
from pausenet.simulator.fleet import energy_of, samples
from pausenet.simulator.outcome.course import INSPECTION, NOTICE, chain, course_of, lead_months
from pausenet.simulator.outcome.gained import gained_by_period, gained_until
from pausenet.simulator.outcome.replication import (
    PartySeen,
    Replication,
    parties_seen,
    replicate,
    replication_seed,
)
from pausenet.simulator.outcome.watching import Found, Watch, counts
from pausenet.simulator.run import RunResult, simulate
from pausenet.statements.clauses import Dispute, VerificationAccess
from pausenet.statements.finding import Fault, Finding, Grade
from pausenet.statements.usage import WorkloadClass
from pausenet.values import Digest, ParticipantId, PeriodIndex
from tests.simulator.small import AURORA, BIRCH, SMALL, cheating
from tests.simulator.small import world as a_world

ALONE = SMALL.verifiers[:1]
HIDES = replace(cheating(CheatKind.UNDER_DECLARATION, amount_ppm=200_000), verifiers=ALONE)
OVER = replace(cheating(CheatKind.OVER_CAP, amount_ppm=30_000), verifiers=ALONE)
BEGINS_S = 6 * SMALL.period_s


@pytest.fixture(scope="module")
def hidden() -> Replication:
    return replicate(HIDES, 0)


@pytest.fixture(scope="module")
def over() -> Replication:
    return replicate(OVER, 0)


@pytest.fixture(scope="module")
def honest() -> RunResult:
    return simulate(replace(SMALL, verifiers=ALONE))


def of(run: Replication, party: ParticipantId) -> PartySeen:
    return next(seen for seen in run.parties if seen.party == party)


# ------------------------------------------------------------------ one run


def test_a_hidden_fifth_is_suspected_and_never_proven(hidden: Replication) -> None:
    birch = of(hidden, BIRCH)
    assert birch.evades == (CheatKind.UNDER_DECLARATION,)
    assert birch.begins_s == BEGINS_S
    assert [each.fault for each in birch.found] == [Fault.F7]
    assert birch.proven == birch.early == ()
    assert birch.stands
    # Two periods must end and the second one's cut be taken; a few messages later it is known.
    close_s = 2 * SMALL.period_s + SMALL.deadline_s + SMALL.grace_s
    assert close_s <= birch.delay_s <= close_s + DAY_S


def test_a_lab_that_keeps_the_rules_is_watched_while_it_is_bound(hidden: Replication) -> None:
    aurora = of(hidden, AURORA)
    assert aurora.evades == aurora.found == aurora.gained == ()
    assert aurora.begins_s == 4 * SMALL.period_s
    assert aurora.watched_s == 8 * SMALL.period_s


def test_what_is_hidden_is_the_share_of_what_is_used_up_to_the_finding(
    hidden: Replication,
) -> None:
    seed = replication_seed(HIDES.seed, 0)
    true = samples(replace(HIDES, seed=seed), seed).labs[BIRCH]
    used = [sum(job.used_pflop for job in sample.jobs) for sample in true]
    by_period = gained_by_period(HIDES, HIDES.cheats[0], true)
    assert by_period[:6] == (0,) * 6
    for period in range(6, 12):
        assert by_period[period] == pytest.approx(used[period] / 5, rel=1e-6)
    birch = of(hidden, BIRCH)
    gain = birch.gained[0]
    passed = birch.delay_s / SMALL.period_s
    assert gain.by_finding == pytest.approx(used[6] / 5 * passed, rel=0.05)
    # The evasion goes on until the response: clarification, inspection, panel, response.
    delays = 5.0 + NOTICE.value + INSPECTION.value + 14.0 + 7.0
    assert gain.response_s - birch.delay_s - BEGINS_S == pytest.approx(delays * DAY_S, abs=1)
    assert gain.by_response > 2 * gain.by_finding


def test_a_cap_broken_in_the_open_is_proven_and_gains_its_excess_once(over: Replication) -> None:
    birch = of(over, BIRCH)
    assert birch.found == birch.proven
    assert birch.found[0].fault is Fault.F6
    cap = SMALL.agreement.run_cap
    assert cap is not None
    assert birch.gained[0].by_finding == birch.gained[0].by_response == cap * 3 // 100


@pytest.mark.parametrize("kind", [CheatKind.SILENT, CheatKind.UNDECLARED_HALL, CheatKind.FLOOD])
def test_where_no_compute_is_modelled_none_is_counted(kind: CheatKind) -> None:
    plan = CheatPlan(by=BIRCH, kind=kind, start=PeriodIndex(6))
    assert gained_by_period(SMALL, plan, samples(SMALL, 7).labs[BIRCH]) == ()


@pytest.mark.parametrize("kind", [CheatKind.LABEL_SWAP, CheatKind.FEWER_OPERATIONS])
def test_training_that_no_figure_shows_is_a_gain(kind: CheatKind) -> None:
    plan = CheatPlan(by=BIRCH, kind=kind, start=PeriodIndex(6))
    true = samples(SMALL, 7).labs[BIRCH]
    found = gained_by_period(SMALL, plan, true)
    assert found[:6] == (0,) * 6
    for gained, sample in zip(found[6:], true[6:], strict=True):
        trained = dict(sample.classes)[WorkloadClass.PRE_TRAINING].used_pflop
        assert gained == pytest.approx(trained / 5, rel=1e-6)


def test_a_total_cap_is_gone_over_in_every_period_and_a_pace_kept_is_a_gain() -> None:
    terms = replace(SMALL.agreement, run_cap=None)
    scenario = replace(SMALL, agreement=terms)
    true = samples(scenario, 7).labs[BIRCH]
    plan = CheatPlan(by=BIRCH, kind=CheatKind.OVER_CAP, start=PeriodIndex(3), until=PeriodIndex(5))
    assert terms.total_cap is not None
    excess = terms.total_cap // 5
    assert gained_by_period(scenario, plan, true) == (0, 0, 0, excess, excess, *(0,) * 7)
    pace = replace(plan, kind=CheatKind.OLD_PACE)
    kept = gained_by_period(scenario, pace, true)
    assert kept[:3] == (0, 0, 0)
    assert kept[5:] == (0,) * 7


def test_a_period_that_runs_counts_by_what_has_passed_of_it() -> None:
    assert [
        gained_until((0, 100, 50), moment_s=at, period_s=10) for at in (-5, 10, 15, 30, 99)
    ] == [*(0, 0, 50, 150, 150)]


def test_a_replication_made_again_by_its_seed_alone_is_the_same_run(hidden: Replication) -> None:
    again = simulate(replace(HIDES, seed=hidden.seed))
    assert again.trace.hex() == hidden.trace
    assert again.network_id.hex() == hidden.network
    assert [each.fault for each in again.findings] == [Fault.F7]


def test_replications_draw_their_own_noise_and_their_own_calibration() -> None:
    """Over 12 periods the mean error of a meter is its calibration, but for 1 % / sqrt(12)."""

    def errors(number: int) -> list[float]:
        seed = replication_seed(SMALL.seed, number)
        drawn = samples(SMALL, seed)
        pairs = zip(drawn.labs[BIRCH], drawn.meters[SMALL.lab(BIRCH).meter], strict=True)
        return [reading.energy_wh / energy_of(sample) - 1 for sample, reading in pairs]

    drawn = [errors(number) for number in range(40)]
    assert len({tuple(each) for each in drawn}) == 40
    means = [sum(each) / 12 for each in drawn]
    spread = (sum(mean**2 for mean in means) / 40) ** 0.5
    expected = (0.003**2 + 0.01**2 / 12) ** 0.5
    assert spread == pytest.approx(expected, rel=0.3)
    within = [value - mean for each, mean in zip(drawn, means, strict=True) for value in each]
    assert (sum(value**2 for value in within) / (40 * 11)) ** 0.5 == pytest.approx(0.01, rel=0.1)
    assert errors(3) == drawn[3]


def test_seeds_follow_from_the_first_and_fit_a_spreadsheet() -> None:
    seeds = [replication_seed(7, number) for number in range(1000)]
    assert len(set(seeds)) == 1000
    assert max(seeds) < 10**15
    assert replication_seed(8, 0) not in seeds


# ------------------------------------------------------------------ whose finding it is


class Doctored(Watch):
    """A watch that has been told what was found."""

    def __init__(self, *found: Found) -> None:
        super().__init__()
        self.told = found
        self.end_s = 13 * SMALL.period_s

    @property
    def found(self) -> tuple[Found, ...]:
        return self.told


def a_finding(accused: ParticipantId, at: float, *periods: int, fault: Fault = Fault.F7) -> Found:
    return Found(
        accused=accused,
        fault=fault,
        grade=Grade.PLAUSIBLE if fault is Fault.F7 else Grade.CONFIRMED,
        periods=tuple(PeriodIndex(index) for index in periods),
        moment_s=int(at * SMALL.period_s),
        cut=PeriodIndex(int(at)),
    )


def seen(result: RunResult, scenario: Scenario, *found: Found) -> dict[str, PartySeen]:
    told = replace(result, scenario=scenario)
    return {str(each.party): each for each in parties_seen(told, Doctored(*found))}


def test_a_finding_before_the_evasion_is_a_false_one(honest: RunResult) -> None:
    early = a_finding(BIRCH, 5, 3, 4)
    late = a_finding(BIRCH, 9, 6, 7)
    birch = seen(honest, HIDES, early, late)["birch"]
    assert [each.moment_s for each in birch.found] == [late.moment_s]
    assert [each.moment_s for each in birch.early] == [early.moment_s]


def test_a_finding_of_periods_before_the_evasion_is_false_though_it_comes_late(
    honest: RunResult,
) -> None:
    birch = seen(honest, HIDES, a_finding(BIRCH, 7, 4, 5))["birch"]
    assert birch.found == ()
    assert [each.fault for each in birch.early] == [Fault.F7]


def test_whoever_is_accused_falsely_is_counted_meters_too(honest: RunResult) -> None:
    meter = SMALL.lab(AURORA).meter
    found = seen(honest, HIDES, a_finding(meter, 8, 6, fault=Fault.F1), a_finding(AURORA, 8, 6, 7))
    assert [each.fault for each in found[meter].proven] == [Fault.F1]
    assert [each.fault for each in found["aurora"].found] == [Fault.F7]
    assert found["aurora"].proven == ()


def test_what_is_withdrawn_or_of_a_revoked_key_speaks_against_nobody() -> None:
    def finding(fault: Fault, grade: Grade) -> Finding:
        return Finding(
            fault=fault, grade=grade, claim="c", accused=BIRCH, periods=(), bundle=Digest(bytes(32))
        )

    assert counts(finding(Fault.F7, Grade.PLAUSIBLE))
    assert counts(finding(Fault.F5, Grade.UNRESOLVED))
    assert counts(finding(Fault.F1, Grade.CONFIRMED))
    assert not counts(finding(Fault.F5, Grade.UNSUPPORTED))
    assert not counts(finding(Fault.F1, Grade.PLAUSIBLE))


def test_a_proof_against_a_verifier_counts_from_when_an_honest_one_holds_it() -> None:
    """Labs are appraised; a proof against one waits for the appraisal."""
    world = a_world(cheaters=frozenset({ParticipantId("verifier-2")}))
    world.now += 3 * SMALL.period_s + 5
    watch = Watch()

    def told(by: str, about: str) -> None:
        facts = (("fault", "F9"), ("bundle", "00"))
        report = Report(told=Told.FAULT, about=about, facts=facts)
        watch.reported(world, world.nodes[ParticipantId(by)], report)

    told("verifier-2", "verifier-1")
    told("verifier-1", "birch")
    assert watch.found == ()
    told("verifier-1", "verifier-2")
    world.now += 100
    told("verifier-3", "verifier-2")
    found = watch.found
    assert [(each.accused, each.fault, each.cut) for each in found] == [("verifier-2", "F9", 2)]
    assert found[0].moment_s == 3 * SMALL.period_s + 5


# ------------------------------------------------------------------ the chain of delays


def test_a_proof_needs_no_clarification_and_a_self_executing_one_no_panel() -> None:
    plain = agreement_of(SMALL)
    warrant = chain(plain, Fault.F7, detection_days=3.0)
    proof = chain(plain, Fault.F6, detection_days=3.0)
    assert warrant.steps == (3.0, 5.0, NOTICE.value + INSPECTION.value, 14.0, 7.0)
    assert proof.steps == (3.0, 0.0, 0.0, 14.0, 7.0)
    terms = replace(SMALL.agreement, self_executing=(Fault.F6,))
    acts = agreement_of(replace(SMALL, agreement=terms))
    assert chain(acts, Fault.F6, detection_days=3.0).days == 10.0
    assert chain(acts, Fault.F7, detection_days=3.0) == warrant


def test_times_that_the_agreement_names_take_the_place_of_assumptions() -> None:
    access = VerificationAccess(
        anatomy=RUN_CAP,
        inspections_per_period=1,
        short_notice_ppm=0,
        challenge=True,
        notice_s=2 * DAY_S,
        managed_access=(),
    )
    dispute = Dispute(
        anatomy=RUN_CAP, clarification_s=3 * DAY_S, evidence=Grade.CONFIRMED, appeal_periods=4
    )
    terms = replace(SMALL.agreement, clauses=(access, dispute))
    found = chain(agreement_of(replace(SMALL, agreement=terms)), Fault.F7, detection_days=0.0)
    assert found.clarification == 3.0
    assert found.inspection == 2.0 + INSPECTION.value
    assert found.determination == 14.0 + 4 * SMALL.period_s / DAY_S


MONTH: Final = round(365.25 / 12 * DAY_S)


def lead(flop: float, world: WorldPlan = STEADY_WORLD, *, months: int = 2, begun: int = 0) -> float:
    until = (begun + months) * MONTH
    return lead_months(flop, world=world, bound_s=begun * MONTH, response_s=until)


def faster(future: Future) -> WorldPlan:
    people = 250_000 if future is Future.PLATEAU else 0
    limit = LimitPlan(of=Bottleneck.REVIEW, multiple_micro=20_000_000)
    return WorldPlan(
        loop=LoopPlan(future=future, doubling_s=6 * MONTH_S, people_ppm=people), limits=(limit,)
    )


def test_lead_grows_with_compute_and_is_nothing_below_the_frontiers_worth() -> None:
    assert lead(1e24, months=1) == 0.0
    worth = course_of(STEADY_WORLD).strategic_quantity(3.0, 2.0).flop
    assert lead(worth) == pytest.approx(3.0)
    assert lead(worth, begun=7) == pytest.approx(3.0)


def test_the_same_compute_is_worth_more_lead_the_further_the_loop_has_closed() -> None:
    futures = (Future.PLATEAU, Future.COMPOUNDING, Future.CLOSED)
    found = [lead(1e27, faster(each), months=8) for each in futures]
    assert lead(1e27, months=8) < found[0] < found[1] < found[2]
    assert lead(1e27, faster(Future.CLOSED), months=8, begun=4) > found[2]


def test_the_lead_is_the_worlds_own() -> None:
    behind = replace(STEADY_WORLD, frontier=FrontierPlan(largest_run_pflop=10**12))
    slower = replace(STEADY_WORLD, algorithms=AlgorithmsPlan(halving_s=16 * MONTH_S))
    assert lead(1e27) == pytest.approx(12 * (1 + 2 / 8) / 2)
    assert lead(1e27, behind) == pytest.approx(12 * (0 + 2 / 8) / 2)
    assert lead(1e27, slower) == pytest.approx(12 * (1 + 2 / 16) / 2)
    growing = replace(STEADY_WORLD, frontier=FrontierPlan(growth_micro=16_000_000))
    assert lead(1e27, growing) == pytest.approx(lead(1e27) / 2)


def test_a_measured_run_reckons_its_lead_by_its_scenarios_world() -> None:
    near = FrontierPlan(largest_run_pflop=10**8)
    (steady,) = of(replicate(replace(HIDES, world=WorldPlan(frontier=near)), 0), BIRCH).gained
    moved = replace(faster(Future.CLOSED), frontier=near)
    (closed,) = of(replicate(replace(HIDES, world=moved), 0), BIRCH).gained
    assert steady.by_response == closed.by_response
    assert 0.0 < steady.lead_months < closed.lead_months
    assert steady.lead_by_finding < steady.lead_months, "the evasion goes on until the response"
