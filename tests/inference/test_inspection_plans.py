"""When and where to inspect: values of timing games, budgets that no diverter can step around."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from pausenet.errors import Misuse
from pausenet.inference.sampling import (
    Stratum,
    detection,
    diverter_spread,
    even_allocation,
    found_in_window,
    least_detection,
    least_variance_allocation,
    miss,
    next_time,
    single_time,
)
from pausenet.inference.sampling.timing import (
    delay_against_committed,
    delay_against_watcher,
    found_by,
    inspections_for_window,
)

GRID = (np.arange(200_000) + 0.5) / 200_000


def test_random_days_fall_into_a_window_as_often_as_counted() -> None:
    days = list(itertools.combinations(range(9), 3))
    hit = sum(any(day in (4, 5) for day in each) for each in days)
    assert found_in_window(9, 3, 2) == Fraction(hit, len(days))
    assert found_in_window(9, 3, 0) == 0
    assert found_in_window(9, 3, 7) == 1


def test_eighteen_inspections_a_year_meet_a_month_four_times_in_five() -> None:
    """New START's quota (domain.md 2.3), on days drawn evenly."""
    assert float(found_in_window(365, 18, 30)) == pytest.approx(0.7946, abs=5e-5)
    needed = inspections_for_window(365, 30, Fraction(9, 10))
    assert (
        found_in_window(365, needed, 30) >= Fraction(9, 10) > found_in_window(365, needed - 1, 30)
    )


def test_memoryless_inspections_find_as_their_rate_says() -> None:
    assert found_by(30, 18 / 365) == pytest.approx(1 - math.exp(-18 * 30 / 365))
    assert found_by(0, 5) == 0


@pytest.mark.parametrize("begin", [0.0, 0.2, 0.5, 0.63])
def test_one_inspection_against_a_lab_that_decides_beforehand(begin: float) -> None:
    """Diamond (1982): the expected delay is 1/e whenever it begins before 1 - 1/e."""
    times = np.array([single_time(u) for u in GRID[::40]])
    delays = np.where(times >= begin, times - begin, 1 - begin)
    assert delays.mean() == pytest.approx(delay_against_committed(), abs=1e-3)


def test_beginning_later_only_shortens_the_delay() -> None:
    times = np.array([single_time(u) for u in GRID[::40]])
    for begin in (0.7, 0.9):
        delays = np.where(times >= begin, times - begin, 1 - begin)
        assert delays.mean() < delay_against_committed()


@pytest.mark.parametrize("begin", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("inspections", [1, 2, 5])
def test_a_lab_that_watches_gains_the_same_whenever_it_begins(
    inspections: int, begin: float
) -> None:
    """It begins at `begin` if no inspection came before, else at once after the first; what then
    remains is a shorter game of the same kind, worth 1 / n of what remains.
    """
    first = np.array([next_time(inspections, 0.0, u) for u in GRID[::40]])
    after = float(delay_against_watcher(inspections - 1)) * (1 - first)
    delays = np.where(first >= begin, first - begin, after)
    value = float(delay_against_watcher(inspections))
    assert delays.mean() == pytest.approx(value, abs=1e-3)


def test_the_value_against_a_watcher_follows_its_recursion() -> None:
    for n in range(1, 20):
        before = delay_against_watcher(n - 1)
        assert delay_against_watcher(n) == before / (1 + before)


def test_inspection_times_stay_in_what_remains() -> None:
    assert next_time(3, 0.4, 0.0) == 0.4
    assert 0.4 < next_time(3, 0.4, 0.999) < 1
    for left, elapsed, u in ((0, 0.0, 0.5), (1, 1.0, 0.5), (1, 0.0, 1.0), (1, 0.0, -0.1)):
        with pytest.raises(Misuse):
            next_time(left, elapsed, u)
    with pytest.raises(Misuse):
        single_time(1.1)


# ---------------------------------------------------------------------------- allocation

SITES = (
    Stratum(items=1_000, defects=10, cost=2),
    Stratum(items=300, defects=10, cost=1),
    Stratum(items=4_000, defects=10, cost=1),
)


def test_a_budget_leaves_no_stratum_worse_than_it_must() -> None:
    budget = 900
    samples = even_allocation(SITES, budget)
    spent = sum(site.cost * sample for site, sample in zip(SITES, samples, strict=True))
    assert spent <= budget
    least = least_detection(SITES, samples)
    for give, take in itertools.permutations(range(3), 2):
        for items in (1, 5, 25):
            other = list(samples)
            other[give] = min(SITES[give].items, other[give] + items)
            other[take] -= math.ceil(items * SITES[give].cost / SITES[take].cost)
            if min(other) >= 0:
                assert least_detection(SITES, other) <= least


def test_an_endless_budget_sees_everything_and_none_sees_nothing() -> None:
    samples = even_allocation(SITES, 10**6)
    assert least_detection(SITES, samples) == 1
    assert even_allocation(SITES, 0) == (0, 0, 0)


def test_no_other_spread_of_defects_is_found_less_often() -> None:
    items, samples = (9, 14, 7), (3, 5, 0)
    for defects in range(10):
        placed, unseen = diverter_spread(items, samples, defects)
        assert sum(placed) == defects
        best = max(
            math.prod(
                (miss(n, d, s) for n, d, s in zip(items, each, samples, strict=True)),
                start=Fraction(1),
            )
            for each in itertools.product(range(10), range(10), range(8))
            if sum(each) == defects and all(d <= n for d, n in zip(each, items, strict=True))
        )
        assert unseen == best


def test_the_diverter_goes_where_nobody_looks() -> None:
    assert diverter_spread((10, 10), (5, 0), 6) == ((0, 6), Fraction(1))


def test_more_defects_than_items_are_refused() -> None:
    with pytest.raises(Misuse):
        diverter_spread((3, 2), (1, 1), 6)
    with pytest.raises(Misuse):
        Stratum(items=3, defects=4, cost=1)


def test_the_least_variance_is_less_than_that_of_any_neighbour() -> None:
    items, sigmas, costs, budget = (1_000, 300, 4_000), (2.0, 9.0, 0.5), (2, 1, 1), 700
    best = least_variance_allocation(items, sigmas, costs, budget)

    def variance(samples) -> float:
        return sum(
            (n * sigma) ** 2 / size for n, sigma, size in zip(items, sigmas, samples, strict=True)
        )

    assert sum(c * n for c, n in zip(costs, best, strict=True)) == pytest.approx(budget)
    for give, take in itertools.permutations(range(3), 2):
        other = list(best)
        other[give] += 5 / costs[give]
        other[take] -= 5 / costs[take]
        assert variance(other) > variance(best)


def test_no_stratum_gets_more_samples_than_it_has_items() -> None:
    sizes = least_variance_allocation((10, 1_000), (100.0, 1.0), (1, 1), 60)
    assert sizes == pytest.approx((10.0, 50.0))
    assert least_variance_allocation((10, 20), (1.0, 1.0), (1, 1), 10**6) == (10.0, 20.0)


def test_a_sample_of_one_stratum_is_hypergeometric() -> None:
    single = (Stratum(items=500, defects=5, cost=1),)
    (sample,) = even_allocation(single, 123)
    assert sample == 123
    assert least_detection(single, (sample,)) == detection(500, 5, 123)
