"""The statistical kernels: three implementations of one arithmetic, and one truth with the runs."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.inference import drawn
from pausenet.inference.balance import MeterError
from pausenet.inference.counter import WORD, mix
from pausenet.inference.sequential.many import first_alarms as of_the_rules
from pausenet.inference.sequential.many import values_of
from pausenet.protocol import rules
from pausenet.scenario.plan import DAY_S, CheatKind, CheatPlan, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.scenario.world import (
    MONTH_S,
    Bottleneck,
    FrontierPlan,
    Future,
    LimitPlan,
    LoopPlan,
    WorldPlan,
)
from pausenet.simulator.kernels import compiled, plain, vectorised
from pausenet.simulator.kernels.table import SIZE, deviates
from pausenet.simulator.outcome import replication_seed
from pausenet.simulator.outcome.course import chain, lead_months
from pausenet.simulator.outcome.intervals import share
from pausenet.simulator.outcome.kernel import measure_by_kernel
from pausenet.simulator.outside import outside_of
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.test_outside import scenario

RUNS = 130
"""The compiled kernels' lanes twice and a bit."""
KEYS = [plain.key_of(seed) for seed in range(RUNS)]
WORDS = np.array(KEYS, dtype=np.uint64)
MANY = np.array([mix(seed) for seed in range(2_100)], dtype=np.uint64)
"""Two blocks of the compiled kernels and a bit."""
METER = MeterError(random_ppm=10_000, systematic_ppm=3_000)


@settings(max_examples=25, deadline=None)
@given(
    excess=st.lists(st.floats(0.0, 0.4), min_size=1, max_size=70),
    first=st.integers(0, 20),
    random_ppm=st.integers(1, 60_000),
    systematic_ppm=st.integers(0, 60_000),
    every=st.integers(0, 20),
    salt=st.integers(0, WORD),
)
def test_three_implementations_find_the_same_imbalances(
    excess: list[float],
    first: int,
    random_ppm: int,
    systematic_ppm: int,
    every: int,
    salt: int,
) -> None:
    error = MeterError(random_ppm=random_ppm, systematic_ppm=systematic_ppm)
    plan = plain.BalancePlan(
        excess=tuple(excess), first=first, error=error, every=every, limits=rules.SERIES
    )
    one_by_one = [plain.first_imbalance(key, salt, plan) for key in KEYS]
    assert vectorised.first_imbalances(WORDS, salt, plan).tolist() == one_by_one
    assert compiled.first_imbalances(WORDS, salt, plan).tolist() == one_by_one


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.lists(st.floats(0.0, 1.0), min_size=9, max_size=9), max_size=4),
    salt=st.integers(0, WORD),
)
def test_three_implementations_find_the_same_first_alarms(
    rows: list[list[float]], salt: int
) -> None:
    limits = [plain.thresholds(row) for row in rows]
    salts = [mix(salt + number) for number in range(len(rows))]
    one_by_one = [list(plain.first_alarms(key, limits, salts)) for key in KEYS]
    arrays = (WORDS, np.array(limits, dtype=np.uint64).reshape(-1, 9), np.array(salts, np.uint64))
    assert vectorised.first_alarms(*arrays).tolist() == one_by_one
    assert compiled.first_alarms(*arrays).tolist() == one_by_one


@settings(max_examples=25, deadline=None)
@given(
    periods=st.sampled_from((1, 63, 64, 65, 128, 150)),
    spans=st.lists(
        st.tuples(st.integers(0, 150), st.integers(0, 150), st.floats(0.0, 0.05)), max_size=3
    ),
    salt=st.integers(0, WORD),
)
def test_stretches_without_an_alarm_are_passed_over_and_no_alarm_is(
    periods: int, spans: list[tuple[int, int, float]], salt: int
) -> None:
    rows = [
        [chance if since <= at < until else 0.0 for at in range(periods)]
        for since, until, chance in spans
    ]
    limits = [plain.thresholds(row) for row in rows]
    salts = [mix(salt + number) for number in range(len(rows))]
    arrays = (np.array(limits, np.uint64).reshape(-1, periods), np.array(salts, np.uint64))
    found = compiled.first_alarms(WORDS, *arrays)
    assert found.tolist() == vectorised.first_alarms(WORDS, *arrays).tolist()
    for run in range(0, RUNS, 13):
        assert plain.first_alarms(KEYS[run], limits, salts) == tuple(found[run].tolist())


@settings(max_examples=50, deadline=None)
@given(key=st.integers(0, WORD), place=st.integers(0, WORD), off=st.integers(-1, 1))
def test_a_limit_is_met_to_the_last_bit(key: int, place: int, off: int) -> None:
    """What is compared first are the highest 31 bits: they must neither add nor lose an alarm."""
    limit = min(WORD, max(0, mix(key ^ place) + off))
    one, at, below = (np.array([word], dtype=np.uint64) for word in (key, place, limit))
    arrays = (drawn.begun(at), drawn.tops(below), below)
    places, highest, limits = (drawn.spare(each) for each in arrays)
    found = drawn.first_below(drawn.begun(one)[0], places, highest, limits, 0, 1)
    assert (found == 0) is (mix(key ^ place) < limit)


def plan_of(periods: int, hidden: float = 0.0, *, every: int = 13) -> plain.BalancePlan:
    return plain.BalancePlan(
        excess=(0.0,) * (periods // 2) + (hidden,) * (periods - periods // 2),
        first=3,
        error=METER,
        every=every,
        limits=rules.SERIES,
    )


@pytest.mark.parametrize("runs", [0, 1, 64, 65, len(MANY)])
@pytest.mark.parametrize("every", [0, 1, 13])
def test_blocks_lanes_and_series_change_no_period(runs: int, every: int) -> None:
    plan = plan_of(130, 0.004, every=every)
    found = compiled.first_imbalances(MANY[:runs], 7, plan)
    assert found.tolist() == vectorised.first_imbalances(MANY[:runs], 7, plan).tolist()
    assert runs < len(MANY) or {*found.tolist()} - {*range(65)} > {-1}, "some late, some never"


def test_the_compiled_kernels_do_not_hang_on_the_number_of_threads() -> None:
    plan, before = plan_of(104, 0.005), numba.get_num_threads()
    rows = np.array([plain.thresholds([0.01] * 104)] * 3, dtype=np.uint64)
    salts = np.array([3, 4, 5], dtype=np.uint64)
    found = []
    for threads in range(1, before + 1):
        numba.set_num_threads(threads)
        balances = compiled.first_imbalances(MANY, 7, plan).tolist()
        found.append((balances, compiled.first_alarms(MANY, rows, salts).tolist()))
        assert numba.get_num_threads() == threads, "as many as before"
    numba.set_num_threads(before)
    assert all(each == found[0] for each in found)
    assert len({*found[0][0]}) > 2


def test_the_kernels_arithmetic_is_that_of_the_rules() -> None:
    """The kernel's own balances, put through the tests of the rules, alarm where it says."""
    error = MeterError(random_ppm=10_000, systematic_ppm=6_000)
    plan = plain.BalancePlan(
        excess=(0.008,) * 52, first=0, error=error, every=13, limits=rules.SERIES
    )
    declared = np.full((RUNS, 52), 10**9, dtype=np.int64)
    metered, z = declared.copy(), deviates()
    for run, key in enumerate(KEYS):
        for at in range(52):
            steady = z[plain.draw(key, 5, plain.CALIBRATIONS + at // 13) >> 48]
            noise = 0.01 * z[plain.draw(key, 5, at) >> 48] + 0.006 * steady
            metered[run, at] += round(1e9 * (0.008 + 1.008 * noise))
    found = of_the_rules(values_of(declared, metered, error, 13), rules.SERIES)
    ours = vectorised.first_imbalances(WORDS, 5, plan)
    assert np.count_nonzero(found != ours) <= 1, "a value may lie at a thousandth's edge"
    assert np.count_nonzero(found >= 0) > RUNS // 4


def test_quiet_power_accounts_alarm_at_the_stated_rate() -> None:
    keys = np.array([mix(seed) for seed in range(40_000)], dtype=np.uint64)
    plan = plain.BalancePlan(
        excess=(0.0,) * rules.SERIES.periods,
        first=0,
        error=MeterError(random_ppm=10_000, systematic_ppm=3_000),
        every=13,
        limits=rules.SERIES,
    )
    alarms = int(np.count_nonzero(compiled.first_imbalances(keys, 3, plan) >= 0))
    assert share(alarms, len(keys), 0.999).interval.covers(rules.ALPHA_PPM / 1e6)


def test_the_table_is_normal() -> None:
    z = np.array(deviates())
    assert len(z) == SIZE
    assert abs(z.mean()) < 1e-12
    assert z.var() == pytest.approx(1.0, abs=3e-5)
    assert (z**4).mean() == pytest.approx(3.0, abs=2e-3)


def test_both_fidelities_have_the_same_leads_run_by_run() -> None:
    told = scenario()
    measured = measure_by_kernel(told, 200, goal_days=100.0)
    end_s = told.periods * told.period_s + told.deadline_s + told.grace_s
    firsts = []
    for number in range(200):
        leads = outside_of(told).leads(replication_seed(told.seed, number))
        mine = [
            (lead.moment_s, str(lead.channel))
            for lead in leads
            if lead.about == "birch" and lead.period >= 5 and lead.moment_s <= end_s
        ]
        firsts += sorted(mine)[:1]
    (birch,) = measured.evasions
    by_channel = {name: count for name, count in birch.first if name != "F7"}
    assert sum(by_channel.values()) == pytest.approx(len(firsts), abs=15), "but for F7 before them"
    assert birch.by_end.count >= len(firsts)
    assert {*by_channel} <= {"satellite", "insiders"}


def hides(share_ppm: int) -> Scenario:
    cheat = CheatPlan(
        by=ParticipantId("birch"),
        kind=CheatKind.UNDER_DECLARATION,
        start=PeriodIndex(6),
        amount_ppm=share_ppm,
    )
    return replace(scenario(), evasions=(), channels=(), cheats=(cheat,))


def test_more_hidden_is_found_more_often_and_sooner() -> None:
    less, more = (measure_by_kernel(hides(ppm), 2_000, goal_days=60.0) for ppm in (10_000, 20_000))
    assert less.evasions[0].within.count < more.evasions[0].within.count
    assert less.evasions[0].delay_days.value > more.evasions[0].delay_days.value


def test_the_kernels_reckon_lead_by_the_scenarios_world_as_the_runs_do() -> None:
    near, limit = FrontierPlan(largest_run_pflop=10**8), 20_000_000
    closed = WorldPlan(
        frontier=near,
        loop=LoopPlan(future=Future.CLOSED, doubling_s=2 * MONTH_S),
        limits=(LimitPlan(of=Bottleneck.COMPUTE, multiple_micro=limit),),
    )
    for world in (WorldPlan(frontier=near), closed):
        told = replace(scenario(), world=world)
        (birch,) = measure_by_kernel(told, 1, goal_days=20.0).evasions
        begins_s = told.evasions[0].start * told.period_s
        delay_s, (gained,) = round(birch.delay_days.value * DAY_S), birch.gained_by_response
        after = chain(agreement_of(told), Fault.F7, detection_days=0.0)
        found = lead_months(
            gained.value,
            world=world,
            bound_s=told.notice_periods * told.period_s,
            response_s=begins_s + delay_s + round(after.days * DAY_S),
        )
        assert found > 0.0
        assert birch.lead_months[0].value == pytest.approx(found, rel=1e-6)


def test_what_the_kernels_do_not_know_they_refuse() -> None:
    told = scenario()
    late = replace(told.labs[0], ratifies_from=PeriodIndex(2))
    for wrong in (replace(told, labs=(late, *told.labs[1:])),):
        with pytest.raises(Misuse, match="bind at once"):
            measure_by_kernel(wrong, 10, goal_days=10.0)
    liar = CheatPlan(
        by=told.verifiers[0].name, kind=CheatKind.COVERING_APPRAISER, start=PeriodIndex(2)
    )
    with pytest.raises(Misuse, match="verifiers that cheat"):
        measure_by_kernel(replace(told, cheats=(liar,)), 10, goal_days=10.0)
    with pytest.raises(Misuse, match="goal"):
        measure_by_kernel(told, 10, goal_days=1e6)
    with pytest.raises(Misuse, match="chances"):
        plain.thresholds([1.1])
    with pytest.raises(Misuse, match="salt"):
        plain.first_alarms(1, [[1]], [])
