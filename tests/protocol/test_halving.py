"""Limits that halve with the agreement's periods (C27): what they come to, and who breaks them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.protocol.amending import decayed
from pausenet.protocol.evidence import Leaf
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import Amendment
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.clauses.limits import CapStage, Metric, StagedCap
from pausenet.statements.finding import Fault, Status
from pausenet.statements.stage import Easable
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Pflop
from tests.protocol.agreed import shown
from tests.protocol.eased import HALF, STAGES, lifts, network, reviewed, saying, story
from tests.protocol.halving import FLOOR, Reading, amendment, halving
from tests.protocol.paper import ANATOMY, RUN_CAP, TOTAL_CAP, name, usage
from tests.protocol.proofs import last, proven


def terms(each: int, floor: int) -> Agreement:
    plain = halving().agreement
    clauses = [each for each in plain.clauses if not isinstance(each, Amendment)]
    return replace(plain, clauses=(*clauses, amendment(each, floor)))


# ------------------------------------------------------------------------------- what is left


def test_a_limit_halves_with_each_whole_step_and_stops_at_the_floor() -> None:
    agreement = halving().agreement
    assert [decayed(agreement, 101, period) for period in (0, 3, 4, 7, 8, 12, 16, 99)] == [
        *(101, 101, 50, 50, 25, 12, 10, 10)
    ]


def test_a_limit_below_the_floor_stays_as_it_is_and_without_halving_every_one_does() -> None:
    assert decayed(halving().agreement, FLOOR - 1, 400) == FLOOR - 1
    assert decayed(halving(0).agreement, 101, 400) == 101
    assert decayed(network().agreement, 101, 400) == 101


LIMITS = st.integers(0, 2**53 - 1)


@given(LIMITS, LIMITS, st.integers(1, 50), st.integers(0, 2**53 - 1))
def test_no_limit_ever_rises_or_falls_below_the_floor_or_by_more_than_half_a_step(
    limit: int, floor: int, each: int, period: int
) -> None:
    agreement = terms(each, floor)
    now, later = (decayed(agreement, limit, at) for at in (period, period + each))
    assert later <= now <= limit
    assert later >= min(limit, floor)
    assert later in (now // 2, max(now // 2, min(limit, floor)))


# -------------------------------------------------------------------------------- as evidence


def test_usage_over_what_a_limit_has_come_to_is_proven_and_at_it_is_no_breach() -> None:
    at, above = (usage(total_pflop=TOTAL_CAP // 2 + more) for more in (0, 1))
    for used in ({5: at}, {3: usage(total_pflop=TOTAL_CAP)}):
        assert last(story(halving(), used, {})).status is Status.NO_BREACH_FOUND
    claim, _ = proven(story(halving(), {5: above}, {}))
    assert claim == (
        f"the period's total is {TOTAL_CAP // 2 + 1} PFLOP, the cap on it is {TOTAL_CAP // 2}"
    )


def test_a_run_that_stood_higher_before_the_limit_fell_breaks_it_only_by_growing() -> None:
    high, higher = (usage(run_pflop=RUN_CAP // 2 + more) for more in (1, 2))
    stands = {3: high, **dict.fromkeys(range(4, 9), high)}
    assert last(story(halving(), stands, {})).status is Status.NO_BREACH_FOUND
    grows = {**stands, 5: higher, 6: higher}
    claim, materials = proven(story(halving(), grows, {}))
    assert claim == f"run run-one stands at {RUN_CAP // 2 + 2} PFLOP, the cap on a run is " + str(
        RUN_CAP // 2
    )
    under = [at for at, each in enumerate(materials) if isinstance(each, Leaf)]
    cases = [(*materials[:at], *materials[at + 1 :]) for at in under]
    assert not any(shown(halving(), Fault.F6, cases))


def test_a_run_over_the_limit_as_it_was_written_breaks_it_also_by_standing() -> None:
    stands = dict.fromkeys(range(4, 9), usage(run_pflop=RUN_CAP + 1))
    claim, _ = proven(story(halving(), stands, {}))
    assert claim.endswith(f"the cap on a run is {RUN_CAP}")


def test_what_is_built_upon_a_run_that_stands_too_high_is_over_the_limit_with_it() -> None:
    """The base has come to half of the cap before it fell, and ends; another run is tuned of it."""

    def using(tuned: int, base: int) -> ComputeUsage:
        body = usage()
        (run,) = body.runs
        parent = replace(run, run=name("base"), total_pflop=Pflop(base))
        child = replace(run, parents=(parent.run,), total_pflop=Pflop(tuned))
        return replace(body, runs=(parent, child))

    base = RUN_CAP // 2
    for at in (base, base - 6):
        used = {number: using(min(number, 6), at) for number in range(3, 9)}
        paper = story(halving(), used, {})
        if at < base:
            assert last(paper).status is Status.NO_BREACH_FOUND
        else:
            claim, _ = proven(paper)
            assert claim.startswith(f"run run-one with 1 of its ancestors stands at {base + 4} ")


def test_a_lift_raises_what_a_limit_has_come_to_and_not_what_it_was() -> None:
    """Raised by half from period 7 on; by then the limit has come to a half."""
    held = network(amendment(), lifts(ClauseKind.TOTAL_CAP, stages=STAGES))
    half = TOTAL_CAP // 2
    most = half + half * HALF // 1_000_000
    acts = {3: reviewed()}
    within = saying(usage(total_pflop=most), Easable.TOTAL_CAP, HALF)
    above = saying(usage(total_pflop=most + 1), Easable.TOTAL_CAP, HALF)
    assert last(story(held, {7: within}, acts)).status is Status.NO_BREACH_FOUND
    claim, _ = proven(story(held, {7: above}, acts))
    assert claim.endswith(f"the cap on it is {most}")


@pytest.mark.parametrize("metric", list(Metric))
def test_a_stage_is_stated_as_it_was_written_and_binds_as_it_has_come_down(metric: Metric) -> None:
    """The stage of 8,000 holds from the first period that binds; by period 8 it is 2,000."""
    stage = CapStage(after_periods=0, limit_pflop=Pflop(8_000))
    held = network(amendment(), StagedCap(metric=metric, stages=(stage,), anatomy=ANATOMY))
    for most in (2_000, 2_001):
        paper = Reading(held)
        body = usage(run_pflop=most) if metric is Metric.RUN else usage(total_pflop=most)
        for number in range(11):
            paper.period(number, used={"birch": body} if number == 8 else {})
            paper.appraised(number)
        found = last(paper)
        assert [(each.start, each.limit_pflop) for each in found.caps] == [(2, 8_000)]
        if most == 2_000:
            assert found.status is Status.NO_BREACH_FOUND
        else:
            claim, _ = proven(paper)
            assert claim.endswith(" is 2000")
