"""What a scenario gives as an interval is drawn by the seed, each number from its own stream."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from pausenet.inference.normal import below
from pausenet.scenario.intervals import Z_95, Spread
from pausenet.scenario.plan import CheatKind, MeterErrors, Scenario
from pausenet.simulator.drawing import draw, drawn, medians, spreads_of
from pausenet.simulator.outcome import party_rows, replicate
from pausenet.simulator.randomness import stream
from pausenet.simulator.run import simulate
from tests.simulator.small import SMALL, cheating

WIDE = Spread(10**9, 10**12)
DRAWN = [4_310_949_379_549, 62_472_275_692, 7_200_305_892]


def with_lab(scenario: Scenario, number: int, **changes: Any) -> Scenario:
    labs = list(scenario.labs)
    labs[number] = replace(labs[number], **changes)
    return replace(scenario, labs=tuple(labs))


STORY = with_lab(
    replace(
        cheating(CheatKind.UNDER_DECLARATION, amount_ppm=Spread(20_000, 200_000)),
        verifiers=SMALL.verifiers[:1],
        meters=MeterErrors(random_ppm=Spread(5_000, 20_000)),
    ),
    0,
    accelerators=Spread(10_000, 40_000),
)


def test_a_scenario_without_intervals_comes_back_as_it_is() -> None:
    assert drawn(SMALL, 7) is SMALL
    assert spreads_of(SMALL) == ()


def test_nothing_but_numbers_is_left_and_nothing_else_is_changed() -> None:
    found = drawn(STORY, 7)
    assert len(spreads_of(STORY)) == 3
    assert spreads_of(found) == ()
    assert type(found.labs[0].accelerators) is int
    assert drawn(found, 8) is found
    as_before = replace(
        with_lab(found, 0, accelerators=STORY.labs[0].accelerators),
        meters=STORY.meters,
        cheats=STORY.cheats,
    )
    assert as_before == STORY


def test_medians_stand_in_the_place_of_every_interval_and_of_nothing_else() -> None:
    found = medians(STORY)
    assert found == STORY
    assert spreads_of(found) == ()
    assert type(found.labs[0].accelerators) is int
    assert found.labs[0].accelerators == 20_000, "the geometric mean of 10,000 and 40,000"
    assert medians(SMALL) is SMALL


def test_the_seed_decides_and_only_the_seed() -> None:
    assert drawn(STORY, 7) == drawn(STORY, 7)
    found = {drawn(STORY, seed).labs[0].accelerators for seed in range(20)}
    assert len(found) == 20


def test_one_more_interval_changes_no_other_draw() -> None:
    more = with_lab(STORY, 1, utilisation_ppm=Spread(300_000, 700_000))
    more = with_lab(more, 0, training_ppm=Spread(300_000, 700_000))
    one, other = drawn(STORY, 7), drawn(more, 7)
    assert one.labs[0].accelerators == other.labs[0].accelerators
    assert one.cheats == other.cheats
    assert one.meters == other.meters
    assert other.labs[1].utilisation_ppm != more.labs[1].utilisation_ppm


def test_two_equal_intervals_are_drawn_apart() -> None:
    spread = Spread(10_000, 40_000)
    found = drawn(with_lab(STORY, 1, accelerators=spread), 7)
    assert found.labs[0].accelerators != found.labs[1].accelerators


def test_what_is_drawn_is_the_same_everywhere() -> None:
    """Correctly rounded functions only; these numbers stand for every platform."""
    chance = stream(7, "drawn", "here")
    assert [draw(WIDE, chance) for _ in range(3)] == DRAWN


def test_the_draws_are_log_normal_with_its_ends_as_quantiles() -> None:
    """Kolmogorov's distance to the normal of 2,000 draws, exceeded once in 10^6 by chance."""
    chance, n = stream(7, "drawn", "quality"), 2_000
    centre = 0.5 * (math.log(WIDE.low) + math.log(WIDE.high))
    deviation = 0.5 * (math.log(WIDE.high) - math.log(WIDE.low)) / float(Z_95)
    found = sorted(below((math.log(draw(WIDE, chance)) - centre) / deviation) for _ in range(n))
    distance = max(max((rank + 1) / n - each, each - rank / n) for rank, each in enumerate(found))
    assert distance < 2.7 / math.sqrt(n)
    assert all(one < other for one, other in pairwise(found))


def test_the_quantile_is_that_of_the_normal() -> None:
    assert below(float(Z_95)) == pytest.approx(0.95, abs=1e-15)


def test_a_draw_that_the_plan_refuses_is_drawn_again() -> None:
    edge = with_lab(STORY, 0, utilisation_ppm=Spread(900_000, 1_000_000), sites=1)
    found = [drawn(edge, seed).labs[0].utilisation_ppm for seed in range(300)]
    assert max(found) <= 1_000_000
    free = [draw(Spread(900_000, 1_000_000), stream(seed, "free")) for seed in range(300)]
    assert max(free) > 1_000_000


def test_a_draw_is_never_nothing() -> None:
    """An evasion of an uncertain amount stays one."""
    tiny = replace(STORY, cheats=(replace(STORY.cheats[0], amount_ppm=Spread(1, 2)),))
    assert {drawn(tiny, seed).cheats[0].amount_ppm for seed in range(200)} >= {1, 2}
    assert all(drawn(tiny, seed).cheats[0].real for seed in range(200))


def test_the_row_of_a_run_has_what_was_drawn_and_the_run_is_made_again_by_its_seed() -> None:
    run = replicate(STORY, 0)
    rows = {row["party"]: row for row in party_rows(STORY, run)}
    numbers = drawn(STORY, run.seed)
    assert rows["aurora"]["accelerators"] == numbers.labs[0].accelerators
    assert rows["aurora"]["meter_random_ppm"] == numbers.meters.random_ppm
    assert rows["birch"]["amount_ppm"] == numbers.cheats[0].amount_ppm
    again = simulate(replace(STORY, seed=run.seed))
    assert again.scenario == replace(numbers, seed=run.seed)
    assert again.trace.hex() == run.trace
    alone = simulate(again.scenario)
    assert alone.trace == again.trace
