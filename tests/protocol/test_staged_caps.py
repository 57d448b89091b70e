"""Staged caps: which limit holds when, what a lab had learned of it, and what proves it broken."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.crypto import envelope
from pausenet.files import read_scenario
from pausenet.protocol.evidence import Leaf, Material, Signed
from pausenet.protocol.learned import learn, may_have_seen
from pausenet.scenario.mishaps import PartitionPlan
from pausenet.simulator.run import simulate
from pausenet.statements import codec
from pausenet.statements.clauses import LiftCondition, Triggered
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.clauses.limits import Metric
from pausenet.statements.codec import Head, Statement
from pausenet.statements.exits import Assent
from pausenet.statements.finding import Fault, Status
from pausenet.statements.rule import (
    FromPeriod,
    PartiesAssent,
    Rule,
)
from pausenet.statements.stage import Ceiling, limit_in
from pausenet.statements.usage import ComputeUsage
from pausenet.values import NetworkTime, PeriodIndex, Pflop, Seq
from tests.protocol import walks
from tests.protocol.agreed import agreed, shown
from tests.protocol.paper import ANATOMY, index, name, usage
from tests.protocol.proofs import last, proof
from tests.protocol.stages import (
    FIRST,
    LABS,
    SECOND,
    SOON,
    THIRD,
    WATCHERS,
    Watched,
    both,
    bound,
    measured,
    milestone,
    network,
    staged,
    story,
)
from tests.simulator.cuts import Ran

SCENARIO = Path(__file__).parents[2] / "sims/scenarios/staged-slowdown.yaml"
# -------------------------------------------------------------------------- which limit holds when


class Walk(walks.Walk):
    """A course whose limits fall."""

    def __init__(self) -> None:
        super().__init__(network())

    def limit(self, period: int, lab: str = "birch") -> int | None:
        return limit_in(self.course.caps(name(lab)), period)


def test_time_brings_stages_counted_from_the_first_period_that_binds() -> None:
    walk = Walk()
    assert [walk.limit(period) for period in (1, 2, 31, 32)] == [None, FIRST, FIRST, THIRD]


def test_a_milestone_lowers_the_limit_two_periods_after_its_cut_is_taken_and_no_sooner() -> None:
    walk = Walk().cut(measured("lantern", 700_000)).cut(measured("plumbline", 599_999))
    assert walk.limit(40 - 9) == FIRST
    walk.cut(measured("plumbline", 600_000))
    met = walk.period - 1
    assert [walk.limit(met + SOON - 1), walk.limit(met + SOON)] == [FIRST, SECOND]


def test_a_limit_reached_is_given_back_by_no_measurement_and_no_lift() -> None:
    walk = Walk().cut(*both(900_000)).cut(*both(0))
    digest = walk.held.agreement_digest
    walk.cut(*((who, Assent(agreement=digest, lift=True)) for who in LABS)).cut().cut()
    assert not any(span.until is None for span in walk.course.bound(name("birch")))
    assert walk.limit(20) == SECOND


def test_a_party_that_speaks_of_itself_meets_no_milestone_of_outside_sources() -> None:
    walk = Walk().cut(measured("birch", 900_000), measured("aurora", 900_000)).cut()
    assert walk.limit(20) == FIRST


@given(st.lists(st.tuples(st.sampled_from(WATCHERS), st.integers(500_000, 700_000)), max_size=10))
def test_no_later_cut_raises_a_limit_or_lowers_one_for_a_period_already_begun(
    said: list[tuple[str, int]],
) -> None:
    walk = Walk()
    for who, share in said:
        before = [walk.limit(period) for period in range(60)]
        walk.cut(measured(who, share))
        for period, (old, new) in enumerate(
            zip(before, (walk.limit(period) for period in range(60)), strict=True)
        ):
            assert old is None or (new is not None and new <= old)
            assert new == old or period >= walk.period - 1 + SOON


def test_a_milestone_waits_for_sources_and_not_for_what_people_decide() -> None:
    for condition in (PartiesAssent(need_ppm=1), FromPeriod(period=PeriodIndex(3))):
        with pytest.raises(ValueError, match="indicators and incidents"):
            milestone(1, condition)


def test_a_staged_cap_has_some_stage_and_its_milestones_ascend() -> None:
    like = staged()
    with pytest.raises(ValueError, match="none"):
        replace(like, stages=(), milestones=())
    for limits in ((5, 5), (6, 5)):
        with pytest.raises(ValueError, match="milestones"):
            replace(like, milestones=tuple(milestone(limit, bound()) for limit in limits))


def test_neither_a_trigger_nor_a_lift_of_single_clauses_names_a_staged_cap() -> None:
    rule = Rule(words="later", conditions=(bound(),), need=1)
    kinds = (ClauseKind.STAGED_CAP,)
    for clause in (
        Triggered(starts=kinds, rule=rule, anatomy=ANATOMY),
        LiftCondition(lifts=kinds, rule=rule, stages=(), anatomy=ANATOMY),
    ):
        with pytest.raises(ValueError, match="C10"):
            replace(network().agreement, clauses=(*network().agreement.clauses, clause))


# ------------------------------------------------------------------------------ what a lab learns


def ceilings(*pairs: tuple[int, int]) -> tuple[Ceiling, ...]:
    return tuple(Ceiling(start=index(start), limit_pflop=Pflop(limit)) for start, limit in pairs)


def test_a_lab_keeps_the_least_limit_that_it_was_ever_told() -> None:
    chance = random.Random("learn")
    for _ in range(100):
        held, told = (), []
        for _ in range(6):
            starts = sorted(chance.sample(range(12), 3))
            limits = sorted(chance.sample(range(1, 50), 3), reverse=True)
            told.append(ceilings(*zip(starts, limits, strict=True)))
            held, _ = learn(held, told[-1])
            for period in range(14):
                known = [found for each in told if (found := limit_in(each, period)) is not None]
                assert limit_in(held, period) == min(known, default=None)


def test_usage_says_that_more_was_seen_only_up_to_the_end_of_the_next_period() -> None:
    schedule = network().agreement.schedule
    of, ends = schedule.period(index(5)), schedule.period(index(6)).end
    assert may_have_seen(usage(), of, schedule, NetworkTime(ends - 1))
    assert not may_have_seen(usage(), of, schedule, ends)
    assert may_have_seen(measured("lantern", 1)[1], of, schedule, ends)


# ------------------------------------------------------------------------------------ as evidence


FAST = usage(total_pflop=SECOND + 1)


def test_usage_over_a_limit_that_the_lab_had_learned_of_is_proven_by_its_own_log() -> None:
    paper = story({8: FAST})
    found = last(paper)
    assert found.status is Status.BREACH_PROVEN
    (finding,) = found.findings
    assert (finding.fault, finding.periods) == (Fault.F6, (8,))
    assert (
        finding.claim
        == f"the period's total is {SECOND + 1} PFLOP, the staged cap on it is {SECOND}"
    )
    assert agreed(paper.register, Fault.F6, *proof(paper)) is not None
    assert [(each.start, each.limit_pflop) for each in found.caps] == [
        (2, FIRST),
        (7, SECOND),
        (32, THIRD),
    ]


@pytest.mark.parametrize("used", [{6: FAST}, {8: usage(total_pflop=SECOND)}])
def test_what_is_within_the_limit_of_its_period_is_no_breach(used: dict[int, ComputeUsage]) -> None:
    found = last(story(used))
    assert (found.status, found.findings) == (Status.NO_BREACH_FOUND, ())


def test_a_lab_that_had_not_learned_of_a_limit_is_never_proven_to_break_it() -> None:
    """It says so openly, and people judge: that it kept within the cap is not demonstrated."""
    found = last(story({8: FAST}, blind=range(3, 12)))
    assert (found.status, found.findings) == (Status.NOT_DEMONSTRATED, ())


@pytest.mark.parametrize(("learns", "proven"), [(6, True), (7, False)])
def test_a_limit_is_proven_broken_from_two_periods_after_the_usage_that_shows_it_known(
    learns: int, proven: bool
) -> None:
    found = last(story({8: FAST}, blind=range(3, learns)))
    assert (found.status is Status.BREACH_PROVEN) is proven


def test_usage_over_a_fixed_cap_needs_no_word_of_what_was_learned() -> None:
    paper = story({8: usage(total_pflop=100_001)})
    materials = proof(paper)
    assert not any(isinstance(each, Signed) for each in materials)
    learned = proof(story({8: FAST}))[-5:]
    assert shown(paper.register, Fault.F6, [materials, (*materials, *learned)]) == [True, False]


def opened(entry: bytes) -> Statement:
    return codec.decode(envelope.decode(entry).payload)


def fourth(paper: Watched, leaves: list[Material], seen: tuple[Head, ...]) -> Leaf:
    """The appraisal of these leaves as the fourth verifier states it, as far as it was seen."""
    assert isinstance(leaves[0], Leaf)
    body, log = opened(leaves[0].entry).body, paper.log("verifier-4")
    (seq,) = (at for at, entry in enumerate(log.entries) if opened(entry).body == body)
    (head,) = (each for each in seen if each.origin == log.origin)
    return Leaf(index=Seq(seq), entry=log.entries[seq], proof=log.tree.inclusion(seq, head.size))


def test_the_two_verifiers_agree_on_all_that_shows_what_was_learned() -> None:
    paper = story({8: FAST})
    good = proof(paper)
    start = next(at for at, each in enumerate(good) if isinstance(each, Signed))
    head, (before, usage_of, *leaves) = good[:start], good[start:]
    assert len(leaves) == paper.register.quorum.k
    assert isinstance(usage_of, Signed)
    log = paper.log("birch")
    at = log.entries.index(usage_of.entry)
    other = fourth(paper, leaves, opened(usage_of.entry).seen)

    def signed(*places: int) -> list[Material]:
        return [Signed(entry=log.entries[place]) for place in places]

    cases: list[tuple[Material, ...]] = [
        head,
        (*head, before, usage_of),
        (*head, *leaves),
        (*head, usage_of, before, *leaves),
        (*head, usage_of, *leaves),
        (*head, *signed(at - 2, at), *leaves),
        (*head, *signed(at - 2, at - 1), *leaves),
        (*head, *signed(at, at + 1), *leaves),
        (*head, *signed(at + 1, at + 2), *leaves),
        (*head, before, usage_of, *leaves[:-1]),
        (*head, before, usage_of, *leaves, other),
        (*head, before, usage_of, *reversed(leaves)),
        (*head, before, usage_of, *leaves[:-1], leaves[0]),
        (*head, before, *leaves, usage_of),
        (before, usage_of, *leaves, *head),
    ]
    assert shown(paper.register, Fault.F6, cases) == [False] * len(cases)
    good_too = (*head, before, usage_of, *leaves[:-1], other)
    assert shown(paper.register, Fault.F6, [good, good_too]) == [True, True]


# ------------------------------------------------------------------------------------------- runs


def run_at(*totals: tuple[str, int]) -> ComputeUsage:
    (like,) = usage().runs
    runs = (replace(like, run=name(run), total_pflop=Pflop(total)) for run, total in totals)
    return replace(usage(), runs=tuple(runs))


@pytest.mark.parametrize(
    ("before", "then", "proven"),
    [
        (run_at(("r", 8_000)), run_at(("r", 8_000)), False),
        (run_at(("r", 8_000)), run_at(("r", 8_001)), True),
        (run_at(("r", 5_999)), run_at(("r", 6_000)), False),
        (run_at(("r", 5_999)), run_at(("r", 6_001)), True),
        (run_at(("r", 8_000)), run_at(("s", 6_001)), True),
        (run_at(("r", 8_000)), run_at(("r", 8_000), ("s", 6_000)), False),
    ],
)
def test_a_run_over_a_lower_limit_breaks_it_only_by_growing(
    before: ComputeUsage, then: ComputeUsage, proven: bool
) -> None:
    paper = story(
        {6: before, 7: before, 8: then, **dict.fromkeys((9, 10, 11), then)}, metric=Metric.RUN
    )
    found = last(paper)
    assert (found.status is Status.BREACH_PROVEN) is proven
    if proven:
        (finding,) = found.findings
        assert "has grown to" in finding.claim
        materials = proof(paper)
        assert agreed(paper.register, Fault.F6, *materials) is not None
        leaves = [at for at, each in enumerate(materials) if isinstance(each, Leaf)]
        without = [(*materials[:at], *materials[at + 1 :]) for at in leaves]
        assert shown(paper.register, Fault.F6, without) == [False] * len(without)


# -------------------------------------------------------------------------------- in the simulator


def test_in_the_simulator_who_keeps_the_old_pace_is_proven_and_nobody_else(
    shipped: Callable[[str], Ran],
) -> None:
    result = shipped("staged-slowdown").result
    assert not result.violations
    assert dict(result.statuses) == dict(result.scenario.expect.labs)
    found = {(finding.fault, finding.accused) for finding in result.findings}
    assert found == {(Fault.F6, "cedar")}


def test_a_lab_that_was_cut_off_is_proven_to_break_only_what_it_learned_of_afterwards() -> None:
    """The limit held from period 12 on; cedar was cut off from 10 to 16, and learned of it then."""
    scenario = read_scenario(SCENARIO)
    away = PartitionPlan(of=name("cedar"), start=index(10), until=index(16))
    result = simulate(replace(scenario, faults=(away,)))
    assert not result.violations
    (finding,) = (each for each in result.findings if each.fault is Fault.F6)
    assert (finding.accused, finding.periods) == ("cedar", (17,))
