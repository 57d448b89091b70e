"""Exact linear programmes: an optimum proves itself by its prices, and refusals are values."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.linear import Optimum, Unbounded, maximise, minimise

small = st.integers(min_value=-4, max_value=4)
tenths = st.fractions(min_value=-3, max_value=3, max_denominator=10)


def dot(left, right):
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


@st.composite
def programmes(draw, numbers=small):
    count = draw(st.integers(min_value=1, max_value=4))
    rows = st.lists(
        st.tuples(st.lists(numbers, min_size=count, max_size=count), numbers), max_size=4
    )
    free = draw(st.sets(st.integers(min_value=0, max_value=count - 1)))
    return draw(st.lists(numbers, min_size=count, max_size=count)), draw(rows), draw(rows), free


def assert_proven(found, objective, at_most, equal, free) -> None:
    """Feasible, prices feasible for the dual, and both of the same value: so it is the greatest."""
    for row, bound in at_most:
        assert dot(row, found.point) <= bound
    for row, bound in equal:
        assert dot(row, found.point) == bound
    assert all(x >= 0 for place, x in enumerate(found.point) if place not in free)
    assert dot(objective, found.point) == found.value
    assert all(price >= 0 for price in found.prices_at_most)
    for place, gain in enumerate(objective):
        worth = dot([r[place] for r, _ in at_most], found.prices_at_most)
        worth += dot([r[place] for r, _ in equal], found.prices_equal)
        assert worth == gain if place in free else worth >= gain
    paid = dot([b for _, b in at_most], found.prices_at_most)
    assert paid + dot([b for _, b in equal], found.prices_equal) == found.value


@given(st.one_of(programmes(), programmes(numbers=tenths)))
def test_an_optimum_is_proven_by_its_prices(programme) -> None:
    objective, at_most, equal, free = programme
    found = maximise(objective, at_most=at_most, equal=equal, free=free)
    if isinstance(found, Optimum):
        assert_proven(found, objective, at_most, equal, free)
    elif isinstance(found, Unbounded):
        still = maximise([0] * len(objective), at_most=at_most, equal=equal, free=free)
        assert isinstance(still, Optimum)


@given(programmes())
def test_infeasible_is_proven_by_the_least_violation(programme) -> None:
    """A second programme that always has a point: how much must the bounds be exceeded?"""
    objective, at_most, equal, free = programme
    rows = [([*row, -1], bound) for row, bound in at_most]
    rows += [([*row, -1], bound) for row, bound in equal]
    rows += [([*(-x for x in row), -1], -bound) for row, bound in equal]
    least = minimise([0] * len(objective) + [1], at_most=rows, free=free)
    assert isinstance(least, Optimum)
    found = maximise(objective, at_most=at_most, equal=equal, free=free)
    assert isinstance(found, Infeasible) == (least.value > 0)


@given(st.lists(st.tuples(small, small, st.integers(min_value=0, max_value=5)), max_size=4))
def test_in_the_plane_the_optimum_is_the_best_corner(rows) -> None:
    lines = [((a, b), c) for a, b, c in rows] + [((1, 0), 6), ((0, 1), 6)]
    every = [*lines, ((-1, 0), 0), ((0, -1), 0)]
    best = Fraction(0)
    for ((a, b), c), ((d, e), f) in combinations(every, 2):
        det = a * e - b * d
        if det:
            corner = (Fraction(c * e - b * f, det), Fraction(a * f - c * d, det))
            if all(dot(row, corner) <= bound for row, bound in every):
                best = max(best, corner[0] * 2 + corner[1] * 3)
    found = maximise([2, 3], at_most=lines)
    assert isinstance(found, Optimum)
    assert found.value == best


def test_the_example_on_which_the_textbook_rule_cycles_ends() -> None:
    """Beale's: every pivot of the largest coefficient stays in one corner for ever."""
    quarter = Fraction(1, 4)
    found = maximise(
        [Fraction(3, 4), -150, Fraction(1, 50), -6],
        at_most=[
            ([quarter, -60, Fraction(-1, 25), 9], 0),
            ([Fraction(1, 2), -90, Fraction(-1, 50), 3], 0),
            ([0, 0, 1, 0], 1),
        ],
    )
    assert isinstance(found, Optimum)
    assert found.value == Fraction(1, 20)


def test_redundant_equations_are_borne_and_contradictions_are_not() -> None:
    twice = [([1, 1], 2), ([2, 2], 4)]
    found = maximise([1, 0], equal=twice)
    assert isinstance(found, Optimum)
    assert found.point == (2, 0)
    assert isinstance(maximise([1, 0], equal=[*twice, ([1, 1], 3)]), Infeasible)
    assert isinstance(maximise([1]), Unbounded)


def test_rows_of_another_length_are_refused() -> None:
    with pytest.raises(Misuse, match="3 coefficients for 2"):
        maximise([1, 1], at_most=[([1, 2, 3], 1)])
    with pytest.raises(Misuse, match="free variable"):
        maximise([1], free=[1])
