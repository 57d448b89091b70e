"""The laws of research speed: monotone, in order, and bound by the smallest of their limits."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.scenario.intervals import Spread
from pausenet.scenario.research import (
    binding,
    borne,
    indicated,
    research_table,
    researched,
    speed,
    unbounded,
)
from pausenet.scenario.world import (
    MONTH_S,
    AlgorithmsPlan,
    Bottleneck,
    FrontierPlan,
    Future,
    LimitPlan,
    LoopPlan,
    PathPlan,
    WorldPlan,
)
from pausenet.statements.indicator import IndicatorKind
from pausenet.values import ParticipantId

COMPUTE, ENERGY, REVIEW = Bottleneck
AURORA, LANTERN = ParticipantId("aurora"), ParticipantId("lantern")
GROWING = (Future.PLATEAU, Future.COMPOUNDING, Future.CLOSED)
MONTHS = st.fractions(0, 120, max_denominator=64).map(
    lambda each: Decimal(each.numerator) / each.denominator
)
SPANS = st.integers(MONTH_S, 60 * MONTH_S)


def limit(
    of: Bottleneck = REVIEW, multiple: float = 4, *, doubling_months: int = 0, source: str = "x"
) -> LimitPlan:
    return LimitPlan(
        of=of,
        multiple_micro=round(multiple * 1_000_000),
        doubling_s=doubling_months * MONTH_S,
        source=source,
    )


def loop(future: Future, doubling_s: int = 12 * MONTH_S) -> LoopPlan:
    if future is Future.STEADY:
        return LoopPlan()
    people = 250_000 if future is Future.PLATEAU else 0
    return LoopPlan(future=future, doubling_s=doubling_s, people_ppm=people)


def a_world(future: Future, *limits: LimitPlan, doubling_s: int = 12 * MONTH_S) -> WorldPlan:
    return WorldPlan(loop=loop(future, doubling_s), limits=limits or (limit(),))


# ------------------------------------------------------------------ laws


@given(st.sampled_from(GROWING), SPANS, MONTHS, MONTHS)
@settings(max_examples=60, deadline=None)
def test_the_pace_begins_at_one_and_never_falls(
    future: Future, doubling_s: int, one: Decimal, other: Decimal
) -> None:
    world = a_world(future, limit(multiple=4, doubling_months=18), doubling_s=doubling_s)
    assert speed(world, Decimal(0)) == 1
    assert 1 <= speed(world, min(one, other)) <= speed(world, max(one, other))


@given(SPANS, MONTHS)
@settings(max_examples=60, deadline=None)
def test_a_plateau_is_never_faster_than_compounding_nor_that_than_a_closed_loop(
    doubling_s: int, months: Decimal
) -> None:
    level, compounding, closed = (unbounded(loop(each, doubling_s), months) for each in GROWING)
    shade = Decimal("1e-30")
    assert 1 <= level <= compounding * (1 + shade)
    assert compounding <= closed * (1 + shade)
    assert level <= 4


def test_a_steady_pace_is_steady() -> None:
    assert unbounded(LoopPlan(), Decimal(100)) == 1


def test_compounding_doubles_in_its_doubling_time() -> None:
    found = unbounded(loop(Future.COMPOUNDING), Decimal(24))
    assert float(found) == pytest.approx(4.0, rel=1e-15)


def test_a_closed_loop_has_no_pace_after_its_last_doubling() -> None:
    end = 12 / math.log(2)
    assert unbounded(loop(Future.CLOSED), Decimal(end - 0.01)) > 1_000
    assert unbounded(loop(Future.CLOSED), Decimal(end + 0.01)) == Decimal("Infinity")


# ------------------------------------------------------------------ limits


@given(
    st.sampled_from(GROWING),
    MONTHS,
    st.lists(st.tuples(st.floats(1, 50), st.integers(0, 40)), min_size=3, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_the_smallest_of_all_limits_binds(
    future: Future, months: Decimal, borne_by: list[tuple[float, int]]
) -> None:
    limits = tuple(
        limit(of, multiple, doubling_months=doubling)
        for of, (multiple, doubling) in zip(Bottleneck, borne_by, strict=True)
    )
    world = a_world(future, *limits)
    every = [unbounded(world.loop, months), *(borne(each, months) for each in limits)]
    assert speed(world, months) == min(every)
    named = binding(world, months)
    assert bool(named) == (min(every) < every[0])
    assert all(borne(each, months) == min(every) for each in limits if each.of in named)


def test_one_limit_more_never_makes_research_faster() -> None:
    less = a_world(Future.CLOSED, limit(COMPUTE, 8))
    more = a_world(Future.CLOSED, limit(COMPUTE, 8), limit(ENERGY, 2, doubling_months=24))
    table = zip(research_table(more, 60.0), research_table(less, 60.0), strict=True)
    assert all(held <= free for held, free in table)
    assert binding(more, Decimal(12)) == (ENERGY,)
    assert binding(more, Decimal(1)) == ()


# ------------------------------------------------------------------ research done


def test_in_a_steady_world_a_month_is_a_month() -> None:
    steady = WorldPlan(limits=(limit(COMPUTE, 1),))
    assert [researched(steady, each) for each in (0.0, 0.1, 7.3, 400.0)] == [0.0, 0.1, 7.3, 400.0]
    assert researched(steady, 7.3, begun=3.1) == 7.3


@pytest.mark.parametrize("months", [0.0, 0.02, 1.0, 11.5, 30.0])
def test_research_done_is_the_integral_of_its_pace(months: float) -> None:
    doublings = months / 12
    level = 4 * (months + 12 * math.log2(0.25 + 0.75 * 2.0**-doublings))
    far = limit(multiple=1_000)
    assert researched(a_world(Future.PLATEAU, far), months) == pytest.approx(
        level, rel=1e-5, abs=1e-4
    )
    compounding = 12 / math.log(2) * (2.0**doublings - 1)
    found = researched(a_world(Future.COMPOUNDING, far), months)
    assert found == pytest.approx(compounding, rel=1e-5, abs=1e-4)


def test_a_closed_loop_takes_as_much_research_for_each_doubling_until_its_limit() -> None:
    last = 12 / math.log(2)
    eightfold = (1 - 1 / 8) * last
    held = a_world(Future.CLOSED, limit(COMPUTE, 8))
    assert researched(held, eightfold) == pytest.approx(36.0, rel=1e-3)
    assert researched(held, eightfold + 5) == pytest.approx(36.0 + 5 * 8, rel=1e-3)


@given(st.sampled_from(GROWING), st.floats(0, 40), st.floats(0, 40), st.floats(0, 40))
@settings(max_examples=40, deadline=None)
def test_research_done_adds_up_and_is_never_less_than_the_time(
    future: Future, begun: float, one: float, other: float
) -> None:
    world = a_world(future, limit(multiple=3, doubling_months=12))
    whole = researched(world, one + other, begun=begun)
    parts = researched(world, one, begun=begun) + researched(world, other, begun=begun + one)
    assert whole == pytest.approx(parts, abs=1e-6)
    assert whole >= one + other - 1e-9


def test_the_table_begins_at_nothing_and_reaches_far_enough() -> None:
    world = a_world(Future.COMPOUNDING)
    assert research_table(world, 0.0)[0] == 0.0
    assert len(research_table(world, 24.0)) > Fraction(24) * 32


# ------------------------------------------------------------------ indicators


def path(indicator: IndicatorKind = IndicatorKind.MERGED_CODE, begins: int = 800_000) -> PathPlan:
    return PathPlan(indicator=indicator, about=AURORA, by=(LANTERN,), begins=begins)


@given(st.sampled_from(GROWING), st.integers(1, 999_999), MONTHS, MONTHS)
@settings(max_examples=60, deadline=None)
def test_a_share_follows_the_pace_and_is_never_the_whole(
    future: Future, begins: int, one: Decimal, other: Decimal
) -> None:
    world, share = a_world(future, limit(multiple=40, doubling_months=12)), path(begins=begins)
    early, late = (indicated(world, share, each) for each in sorted((one, other)))
    assert indicated(world, share, Decimal(0)) == begins
    assert begins <= early <= late < 1_000_000
    pace = speed(world, max(one, other))
    assert abs((1_000_000 - late) * pace - (1_000_000 - begins)) <= pace + 1, "but for rounding"


def test_what_is_no_share_grows_with_the_pace() -> None:
    world, hours = a_world(Future.COMPOUNDING), path(IndicatorKind.TASK_HORIZON, 43_200)
    assert indicated(world, hours, Decimal(12)) in (86_399, 86_400)
    assert indicated(WorldPlan(), hours, Decimal(12)) == 43_200


def test_a_limit_that_binds_holds_the_indicators_too() -> None:
    held = a_world(Future.COMPOUNDING, limit(multiple=2))
    assert indicated(held, path(), Decimal(100)) == 900_000


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: AlgorithmsPlan(halving_s=3_600), "halving: expected a week"),
        (lambda: AlgorithmsPlan(halving_s=Spread(3_600, MONTH_S)), "halving: expected a week"),
        (lambda: FrontierPlan(largest_run_pflop=0), "largest_run: expected FLOP above 0"),
        (lambda: FrontierPlan(growth_micro=1_000_000), "growth: expected more than 1"),
        (lambda: FrontierPlan(growth_micro=Spread(500_000, 4_000_000)), "growth: expected more"),
        (lambda: LoopPlan(doubling_s=MONTH_S), "doubling: a steady future has none"),
        (lambda: LoopPlan(future=Future.CLOSED), "doubling: mandatory, a closed future has one"),
        (lambda: LoopPlan(future=Future.CLOSED, doubling_s=60), "doubling: expected a week"),
        (
            lambda: LoopPlan(future=Future.PLATEAU, doubling_s=MONTH_S),
            "people: a plateau takes a share between",
        ),
        (
            lambda: LoopPlan(future=Future.PLATEAU, doubling_s=MONTH_S, people_ppm=1_000_000),
            "people: a plateau takes a share between",
        ),
        (
            lambda: LoopPlan(future=Future.CLOSED, doubling_s=MONTH_S, people_ppm=1),
            "people: a plateau alone has it",
        ),
        (lambda: path(begins=0), "begins: expected above 0 and below 1000000 ppm"),
        (lambda: path(begins=1_000_000), "begins: expected above 0 and below 1000000 ppm"),
        (lambda: path(begins=Spread(500_000, 1_000_000)), "begins: expected above 0 and below"),
        (lambda: replace(path(), by=()), "by: expected somebody who measures"),
        (lambda: replace(path(), by=(LANTERN, LANTERN)), "by: one named twice"),
        (lambda: replace(path(), every=0), "every: expected 1"),
        (lambda: replace(path(), error_ppm=1_000_001), "error: expected 0..100 %"),
        (lambda: WorldPlan(indicators=(path(), path())), "indicators: one of a lab stated twice"),
        (lambda: limit(multiple=0.5), "multiple: expected 1 to 1000000 times"),
        (lambda: LimitPlan(of=REVIEW, multiple_micro=10**7, doubling_s=1), "doubling: expected"),
        (lambda: a_world(Future.CLOSED, limit(), limit()), "limits: one stated twice"),
        (lambda: a_world(Future.COMPOUNDING, limit(COMPUTE)), "limits: a compounding future needs"),
        (lambda: WorldPlan(loop=loop(Future.CLOSED)), "limits: a closed future needs one"),
    ],
)
def test_a_world_that_cannot_be_is_refused(make: object, problem: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=problem):
        make()
