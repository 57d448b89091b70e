"""Leak times: the design's numbers, the interval around them, and the functions below."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from pausenet.errors import Misuse
from pausenet.inference.fusion import leak_interval
from pausenet.inference.fusion.leaks import (
    GIVEN,
    ends,
    fitted,
    leave_one_out,
    through,
)
from pausenet.inference.fusion.sites import SITES, FoundSite
from pausenet.inference.gamma import digamma, lower
from pausenet.inference.meters import Standing
from tests.inference.inputs import INPUTS


@pytest.mark.parametrize(("workers", "years"), [(100, 6.95), (500, 4.1), (1_000, 3.42)])
def test_mean_years_are_those_of_the_design(workers: int, years: float) -> None:
    """domain.md 2.2."""
    assert GIVEN.mean_years(workers) == pytest.approx(years, abs=0.05 if workers == 500 else 0.005)


@pytest.mark.parametrize(("workers", "percent"), [(100, 0.4), (1_000, 9), (5_000, 20)])
def test_chances_within_three_months_are_those_of_the_design(workers: int, percent: float) -> None:
    """domain.md 2.2: about 0.4 %, 9 %, 20 %."""
    assert 100 * GIVEN.found_by(0.25, workers) == pytest.approx(percent, rel=0.07)


def test_the_variance_is_the_dispersion_times_the_mean() -> None:
    mean, shape = GIVEN.mean_years(300), GIVEN.mean_years(300) / GIVEN.dispersion
    drawn = np.random.default_rng(74).gamma(shape, GIVEN.dispersion, 200_000)
    assert drawn.mean() == pytest.approx(mean, rel=0.01)
    assert drawn.var() == pytest.approx(3.88 * mean, rel=0.03)
    for years in (0.25, 2.0, 9.0):
        assert GIVEN.found_by(years, 300) == pytest.approx(np.mean(drawn <= years), abs=0.005)


def test_the_chance_is_an_interval_around_the_given_fit() -> None:
    for workers in (100, 1_000, 5_000):
        interval = leak_interval(0.25, workers)
        assert interval.low < GIVEN.found_by(0.25, workers) < interval.high
        assert interval.high / interval.low > 4
        assert "not a confidence interval" in str(interval)
    assert leak_interval(0.25, 5_000).high < 0.5  # a pause of 90 days cannot rest on leaks


def test_sites_that_nobody_finds_only_lower_the_chance() -> None:
    none, half = (leak_interval(2.0, 500, undiscovered=u) for u in (0.0, 0.5))
    assert half.low == pytest.approx(none.low / 2)
    assert half.high == none.high


def site(workers: float, years: float) -> FoundSite:
    return FoundSite(
        name="drawn",
        workers=workers,
        fewest=workers,
        most=workers,
        years=years,
        soonest=years,
        latest=years,
        counted=Standing.ASSUMPTION,
        source="drawn",
    )


def test_the_four_cases_that_the_design_prints_are_as_it_prints_them() -> None:
    """domain.md 2.2; the other seven are the collection's."""
    assert [(each.name, each.workers, each.years) for each in SITES[:4]] == [
        ("Fordow", 150, 1),
        ("Natanz", 350, 2),
        ("PC-3", 3_500, 4),
        ("Al-Kibar", 115, 6),
    ]
    assert len({each.name for each in SITES}) == len(SITES) == 11


def test_most_counts_of_people_are_estimates_and_say_so() -> None:
    counted = [each.name for each in SITES if each.counted is Standing.SOURCE]
    assert counted == ["Fordow", "PC-3", "Kahuta", "South Africa, weapons"]


def test_the_cases_give_back_the_scale_that_was_given_within_two_percent() -> None:
    whole = fitted(SITES, exponent=GIVEN.exponent, dispersion=GIVEN.dispersion)
    assert whole.scale == pytest.approx(23.754, abs=5e-3)
    assert whole.scale == pytest.approx(GIVEN.scale, rel=0.02)
    longest, shortest = ends(SITES)
    assert 0.8 * GIVEN.scale > shortest.scale
    assert longest.scale > 1.2 * GIVEN.scale


def test_the_given_fit_passes_through_the_two_means_of_the_design() -> None:
    model = through((100, 6.95), (1_000, 3.42), dispersion=3.88)
    assert (round(model.scale, 2), round(model.exponent, 3)) == (GIVEN.scale, GIVEN.exponent)


@pytest.mark.parametrize(
    ("few", "many"), [((100, 3.0), (1_000, 6.0)), ((1_000, 6.0), (100, 3.0)), ((1, 6.0), (9, 3.0))]
)
def test_means_that_rise_with_the_number_of_people_are_refused(
    few: tuple[float, float], many: tuple[float, float]
) -> None:
    with pytest.raises(Misuse):
        through(few, many, dispersion=3.88)


@pytest.mark.parametrize("workers", [50.0, 500.0, 5_000.0])
def test_an_open_number_only_widens_the_interval(workers: float) -> None:
    settled = [site(each.workers, each.years) for each in SITES]
    narrow, wide = leak_interval(0.25, workers, cases=settled), leak_interval(0.25, workers)
    assert wide.low <= narrow.low < narrow.high <= wide.high
    assert (wide.low, wide.high) != (narrow.low, narrow.high)


def test_each_leave_one_out_fit_is_the_likeliest() -> None:
    for left, model in enumerate(leave_one_out(SITES)):
        rest = [*SITES[:left], *SITES[left + 1 :]]

        def likelihood(scale: float, rest: list[FoundSite] = rest) -> float:
            total = 0.0
            for case in rest:
                shape = scale / math.log10(case.workers) ** 1.749 / 3.88
                total += shape * math.log(case.years / 3.88) - math.lgamma(shape)
            return total

        assert likelihood(model.scale) >= max(
            likelihood(model.scale * factor) for factor in (0.9, 0.99, 1.01, 1.1)
        )


def test_a_fit_finds_the_model_that_made_the_cases() -> None:
    chance = np.random.default_rng(75)
    workers = 10.0 ** chance.uniform(1.5, 4, 4_000)
    years = chance.gamma([GIVEN.mean_years(n) / 3.88 for n in workers], 3.88)
    sites = [site(float(n), max(1e-6, float(t))) for n, t in zip(workers, years, strict=True)]
    assert fitted(sites, exponent=1.749, dispersion=3.88).scale == pytest.approx(23.36, rel=0.03)


@pytest.mark.parametrize("cases", [(), SITES[:1]])
def test_too_few_cases_are_refused(cases: tuple[FoundSite, ...]) -> None:
    with pytest.raises(Misuse):
        leak_interval(1.0, 100, cases=cases)


def test_nonsense_is_refused() -> None:
    with pytest.raises(Misuse):
        GIVEN.mean_years(1)
    with pytest.raises(Misuse):
        leak_interval(1.0, 100, undiscovered=1.0)
    with pytest.raises(Misuse):
        site(10, 0)
    with pytest.raises(Misuse):
        site(1, 1)
    with pytest.raises(Misuse):
        ends(())


def test_gamma_probabilities_agree_with_mpmath_to_1e_12() -> None:
    chance = np.random.default_rng(76)
    shapes, xs = 10.0 ** chance.uniform(-2, 2, INPUTS), 10.0 ** chance.uniform(-4, 2.3, INPUTS)
    with mpmath.workdps(30):
        for shape, x in zip(shapes.tolist(), xs.tolist(), strict=True):
            reference = mpmath.gammainc(mpmath.mpf(shape), 0, mpmath.mpf(x), regularized=True)
            assert lower(shape, x) == pytest.approx(float(reference), rel=1e-12, abs=1e-300)


def test_digamma_agrees_with_mpmath_to_1e_13() -> None:
    for x in 10.0 ** np.random.default_rng(77).uniform(-3, 4, INPUTS):
        reference = float(mpmath.digamma(mpmath.mpf(float(x))))
        assert digamma(float(x)) == pytest.approx(reference, rel=1e-13, abs=1e-13)
