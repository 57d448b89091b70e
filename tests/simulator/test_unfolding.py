"""The world makes people speak: fleets grow and both sides say so, evaluators follow its course."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.scenario.acts import SpeakerPlan
from pausenet.scenario.evasions import (
    MICRO,
    ChannelKind,
    ChannelPlan,
    EvasionKind,
    EvasionPlan,
    Setting,
)
from pausenet.scenario.growth import FLEET_MAX, accelerators_in
from pausenet.scenario.plan import CheatKind, Scenario
from pausenet.scenario.world import (
    MONTH_S,
    WEEK_S,
    Bottleneck,
    FleetsPlan,
    Future,
    LimitPlan,
    LoopPlan,
    PathPlan,
    WorldPlan,
)
from pausenet.simulator.adversary.evasions import EVASIONS
from pausenet.simulator.fleet import samples
from pausenet.simulator.outcome.gained import gained_by_period
from pausenet.simulator.outside import outside_of
from pausenet.simulator.run import RunResult, simulate
from pausenet.simulator.traces import Trace
from pausenet.simulator.unfolding import unfolded
from pausenet.statements.finding import Status
from pausenet.statements.indicator import IndicatorKind
from pausenet.statements.rule import IndicatorBound, Side
from pausenet.values import ParticipantId, PeriodIndex, Role
from tests.simulator.small import AURORA, BIRCH, SMALL, cheating

FOUNDRY = ParticipantId("foundry")
LANTERN, PLUMBLINE = ParticipantId("lantern"), ParticipantId("plumbline")
ENERGY = LimitPlan(of=Bottleneck.ENERGY, multiple_micro=1_250_000)


def growing(
    scenario: Scenario = SMALL,
    *,
    doubling_s: int = 2 * MONTH_S,
    every: int = 3,
    vendor: str = FOUNDRY,
    limits: tuple[LimitPlan, ...] = (),
) -> Scenario:
    fleets = FleetsPlan(doubling_s=doubling_s, every=every, vendor=vendor)
    return replace(
        scenario,
        verifiers=scenario.verifiers[:1],
        speakers=(SpeakerPlan(name=FOUNDRY, role=Role.HOST),),
        world=WorldPlan(fleets=fleets, limits=limits),
    )


def counts(scenario: Scenario, number: int = 0) -> list[int]:
    lab = scenario.labs[number]
    return [accelerators_in(scenario, lab, PeriodIndex(at)) for at in range(scenario.periods)]


@pytest.fixture(scope="module")
def honest() -> RunResult:
    return simulate(growing())


@given(st.integers(WEEK_S, 24 * MONTH_S), st.integers(1, 20))
@settings(max_examples=30, deadline=None)
def test_a_fleet_never_shrinks_and_grows_at_deliveries_only(doubling_s: int, every: int) -> None:
    told = growing(doubling_s=doubling_s, every=every)
    found = counts(told)
    assert found[0] == told.labs[0].accelerators
    for at in range(1, len(found)):
        assert found[at] >= found[at - 1]
        assert found[at] == found[at - 1] or at % every == 0


def test_a_fleet_doubles_in_its_doubling_time() -> None:
    told = growing(doubling_s=6 * SMALL.period_s, every=1)
    assert counts(told)[6] in (2 * counts(told)[0], 2 * counts(told)[0] - 1)


def test_energy_bounds_every_fleet_and_no_other_bottleneck_does() -> None:
    review = LimitPlan(of=Bottleneck.REVIEW, multiple_micro=1_000_000)
    fast = growing(doubling_s=WEEK_S, limits=(ENERGY, review))
    assert counts(fast)[-1] == fast.labs[0].accelerators * 5 // 4
    assert max(counts(growing(doubling_s=WEEK_S, every=1, limits=(review,)))) > counts(fast)[-1]


def test_no_lab_has_more_than_a_scenario_may_give_it() -> None:
    lab = replace(SMALL.labs[0], accelerators=FLEET_MAX - 1)
    told = growing(replace(SMALL, labs=(lab, *SMALL.labs[1:])))
    assert counts(told)[-1] == FLEET_MAX


def test_where_the_section_does_not_ask_for_it_nothing_grows() -> None:
    plain = replace(SMALL, world=WorldPlan(limits=(ENERGY,)))
    assert samples(plain, 7) == samples(SMALL, 7)
    assert unfolded(plain, 7) is plain


def test_what_is_declared_and_metered_grows_with_the_fleet() -> None:
    told = growing()
    found = samples(told, 7)
    lab = told.labs[0]
    installed = [
        sum(item.count for site in each.sites for item in site.accelerators)
        for each in found.labs[lab.name]
    ]
    assert installed == counts(told)
    meter = [reading.energy_wh for reading in found.meters[lab.meter]]
    assert meter[-1] > 1.15 * meter[0]


def test_what_the_world_makes_people_say_is_said_once() -> None:
    told = growing()
    once = unfolded(told, 7)
    said = {(act.by, act.plain()["direction"]) for act in once.acts}
    assert said == {(FOUNDRY, "shipped"), *((lab.name, "received") for lab in told.labs)}
    assert {int(act.at) % 3 for act in once.acts} == {0}
    assert unfolded(once, 7) is once
    assert samples(once, 7) == samples(told, 7)


def test_honest_labs_that_grow_are_suspected_of_nothing(honest: RunResult) -> None:
    assert honest.findings == ()
    assert honest.violations == ()
    assert honest.open_items == ()
    assert {status for _, status in honest.statuses} == {Status.NO_BREACH_FOUND}


def test_what_nobody_ships_stays_open_in_the_chip_account() -> None:
    found = simulate(growing(vendor=""))
    assert found.findings == ()
    assert any("too many, and nothing explains it" in item for item in found.open_items)


def test_a_lab_that_grows_and_hides_a_fifth_is_found() -> None:
    found = simulate(growing(cheating(CheatKind.UNDER_DECLARATION, amount_ppm=200_000)))
    assert {finding.accused for finding in found.findings} == {BIRCH}


# ------------------------------------------------------------------ indicators


def following(future: Future = Future.COMPOUNDING, *, error_ppm: int = 10_000) -> Scenario:
    """Two evaluators measure a share that passes its bound where research becomes twice as fast."""
    bound = IndicatorBound(
        indicator=IndicatorKind.MERGED_CODE,
        side=Side.AT_LEAST,
        bound=900_000,
        sources=(LANTERN, PLUMBLINE),
        quorum=2,
        debounce_periods=2,
        self_reported=False,
    )
    loop = LoopPlan()
    if future is not Future.STEADY:
        people = 600_000 if future is Future.PLATEAU else 0
        loop = LoopPlan(future=future, doubling_s=WEEK_S, people_ppm=people)
    path = PathPlan(
        indicator=IndicatorKind.MERGED_CODE,
        about=AURORA,
        by=(LANTERN, PLUMBLINE),
        begins=800_000,
        every=2,
        error_ppm=error_ppm,
    )
    review = LimitPlan(of=Bottleneck.REVIEW, multiple_micro=4_000_000)
    return replace(
        SMALL,
        periods=16,
        verifiers=SMALL.verifiers[:1],
        speakers=tuple(SpeakerPlan(name=each, role=Role.EVALUATOR) for each in path.by),
        agreement=replace(SMALL.agreement, trigger_when=(bound,)),
        world=WorldPlan(loop=loop, limits=(review,), indicators=(path,)),
    )


def test_the_worlds_course_meets_a_trigger_that_nobody_typed() -> None:
    found = simulate(following())
    assert not following().acts
    assert {status for _, status in found.statuses} == {Status.NO_BREACH_FOUND}
    assert found.findings == ()
    assert any("a compounding future" in line for line in found.transcript)


@pytest.mark.parametrize("future", [Future.STEADY, Future.PLATEAU])
def test_in_a_world_that_levels_off_the_pause_never_begins(future: Future) -> None:
    found = simulate(following(future))
    assert {status for _, status in found.statuses} == {Status.NOT_IN_FORCE}


def test_measurements_scatter_by_their_error_and_by_nothing_else() -> None:
    told = following(Future.STEADY, error_ppm=0)
    assert {act.plain()["value"] for act in unfolded(told, 7).acts} == {800_000}
    noisy = following(Future.STEADY)
    values = [int(str(act.plain()["value"])) for act in unfolded(noisy, 7).acts]
    assert len({*values}) == len(values) == 16
    assert all(abs(value - 800_000) < 40_000 for value in values)
    assert unfolded(noisy, 7) == unfolded(noisy, 7) != unfolded(noisy, 8)


def test_no_measurement_is_more_than_the_whole() -> None:
    told = following(error_ppm=500_000)
    values = [int(str(act.plain()["value"])) for act in unfolded(told, 7).acts]
    assert max(values) == 1_000_000
    assert min(values) >= 0


def test_another_who_measures_changes_no_ones_errors() -> None:
    told = following()
    (path,) = told.world.indicators
    alone = replace(told, world=replace(told.world, indicators=(replace(path, by=(LANTERN,)),)))
    both = [act for act in unfolded(told, 7).acts if act.by == LANTERN]
    assert [*unfolded(alone, 7).acts] == both


# ------------------------------------------------------------------ refusals


def test_a_vendor_that_is_no_host_is_refused() -> None:
    with pytest.raises(ValueError, match=r"world\.fleets\.vendor: no host of this name"):
        growing(vendor="quarry")
    with pytest.raises(ValueError, match="vendor: fleets that do not grow have none"):
        FleetsPlan(vendor=FOUNDRY)
    with pytest.raises(ValueError, match="every: expected 1"):
        FleetsPlan(doubling_s=MONTH_S, every=0)
    with pytest.raises(ValueError, match="doubling: expected a week"):
        FleetsPlan(doubling_s=1)


OWN_HALLS = {*map(EvasionKind, ("E05", "E06", "E07", "E08", "E15", "E16"))}
"""What these gain is of accelerators, or weights, that are not of the declared fleet."""
FIXED = {*map(EvasionKind, ("E10", "E18", "E20"))}
"""These gain nothing of their own, up to a line, or in a room that the baseline has fixed."""


@pytest.mark.parametrize("kind", sorted({*EvasionKind} - OWN_HALLS - FIXED))
def test_what_an_evasion_takes_of_a_fleet_grows_with_it(kind: EvasionKind) -> None:
    told = growing()
    plan = EvasionPlan(by=BIRCH, kind=kind, start=PeriodIndex(5))
    gained = EVASIONS[kind].footprint(told, plan).gained_flop
    held = counts(told, 1)
    assert held[11] > held[5]
    for at in range(6, 12):
        assert gained[at] / gained[5] == pytest.approx(held[at] / held[5])


@pytest.mark.parametrize("kind", sorted(OWN_HALLS | FIXED - {EvasionKind("E20")}))
def test_what_an_evasion_does_elsewhere_does_not_grow_with_the_fleet(kind: EvasionKind) -> None:
    plan = EvasionPlan(by=BIRCH, kind=kind, start=PeriodIndex(0))
    still, grown = (EVASIONS[kind].footprint(each, plan) for each in (SMALL, growing()))
    assert grown.gained_flop == still.gained_flop


def test_what_is_reckoned_as_gained_is_what_the_statements_of_a_growing_fleet_leave_out() -> None:
    told = growing()
    hides = Setting(name="hidden", micro=MICRO // 5)
    plan = EvasionPlan(by=BIRCH, kind=EvasionKind.E01, start=PeriodIndex(5), settings=(hides,))
    left = EVASIONS[EvasionKind.E01].footprint(told, plan)
    (cheat,) = left.cheats
    left_out = gained_by_period(told, cheat, samples(told, 7).labs[BIRCH])
    assert not any(left_out[:5])
    for reckoned, pflop in zip(left.gained_flop[5:], left_out[5:], strict=True):
        assert reckoned == pytest.approx(1e15 * pflop, rel=0.03)


def test_a_larger_fleet_stands_ready_and_sprints_faster() -> None:
    ready = Setting(name="staging_days", micro=10 * MICRO)
    plan = EvasionPlan(by=BIRCH, kind=EvasionKind.E20, start=PeriodIndex(0), settings=(ready,))
    still, grown = (EVASIONS[EvasionKind.E20].footprint(each, plan) for each in (SMALL, growing()))
    held = counts(growing(), 1)
    assert [*grown.of(Trace.STAGED)][:5] == [count / 2 for count in held[:5]]
    assert grown.gained_flop[5] / still.gained_flop[5] == pytest.approx(held[5] / 20_000)


def test_a_device_is_drawn_more_seldom_from_a_larger_fleet() -> None:
    plan = EvasionPlan(by=BIRCH, kind=EvasionKind.E08, start=PeriodIndex(0))
    watched = (ChannelPlan(kind=ChannelKind.ITEM_CHALLENGES),)
    still, grown = (
        next(row for row in outside_of(told).rows if row.lab == BIRCH).chances
        for told in (
            replace(each, evasions=(plan,), channels=watched) for each in (SMALL, growing())
        )
    )
    assert grown[0] == still[0]
    times = counts(growing(), 1)[-1] / 20_000
    assert grown[-1] == pytest.approx(still[-1] / times, rel=0.05)
