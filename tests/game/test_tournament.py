"""Strategies with a memory of one period: the exact long run against play and against algebra."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.tournament.entrants import (
    ALWAYS,
    GRUDGER,
    NEVER,
    RANDOM,
    TIT_FOR_TAT,
    WIN_STAY,
    entrants,
    generous,
)
from pausenet.game.tournament.memory_one import (
    Sight,
    Stage,
    Strategy,
    limit,
    long_run,
    scores,
)
from pausenet.game.tournament.model import TOURNAMENT
from pausenet.game.tournament.play import play
from pausenet.game.tournament.ranking import ecology, round_robin

CLASSIC = Stage(
    temptation=Fraction(5), cooperation=Fraction(3), punishment=Fraction(1), betrayed=Fraction(0)
)
PERFECT = Sight()
chances = st.fractions(min_value=0, max_value=1, max_denominator=6)
inner = st.fractions(min_value=Fraction(1, 10), max_value=Fraction(1, 3), max_denominator=12)
strategies = st.builds(
    lambda opening, a, b, c, d: Strategy(name="any", opening=opening, after=(a, b, c, d)),
    *(chances for _ in range(5)),
)
sights = st.builds(Sight, slip=inner, missed=chances, false=chances)


@given(strategies, strategies, sights)
def test_a_long_run_is_a_distribution_that_the_chain_keeps(
    first: Strategy, second: Strategy, sight: Sight
) -> None:
    shares = long_run(first, second, sight)
    assert sum(shares) == 1
    mine, theirs = sight.acted(first), sight.acted(second)
    pauses = sum(share * mine[state] for state, share in enumerate(shares))
    assert pauses == shares[0] + shares[1]
    swapped = (shares[0], shares[2], shares[1], shares[3])
    assert long_run(second, first, sight) == swapped
    assert sum(s * theirs[at] for at, s in enumerate(swapped)) == shares[0] + shares[2]


@settings(max_examples=25, deadline=None)
@given(strategies, strategies, sights, st.integers(min_value=0, max_value=2**32))
def test_play_agrees_with_the_exact_long_run(
    first: Strategy, second: Strategy, sight: Sight, seed: int
) -> None:
    made = np.random.default_rng(seed)
    found = play(first, second, sight, turns=400, meetings=400, generator=made)
    exact = np.array([float(share) for share in long_run(first, second, sight)])
    error = found.std(axis=0, ddof=1) / 20.0
    assert np.all(np.abs(found.mean(axis=0) - exact) <= 5.5 * error + 0.02)


@pytest.mark.parametrize(
    ("first", "second", "shares"),
    [
        (TIT_FOR_TAT, NEVER, (0, 0, 0, 1)),
        (TIT_FOR_TAT, TIT_FOR_TAT, (1, 0, 0, 0)),
        (ALWAYS, NEVER, (0, 1, 0, 0)),
        (WIN_STAY, NEVER, (0, Fraction(1, 2), 0, Fraction(1, 2))),
        (RANDOM, RANDOM, (Fraction(1, 4),) * 4),
    ],
)
def test_without_errors_the_long_run_follows_the_opening(
    first: Strategy, second: Strategy, shares: tuple[Fraction, ...]
) -> None:
    assert long_run(first, second, PERFECT) == shares


def test_where_the_end_hangs_on_chance_its_classes_are_weighed() -> None:
    half, none, one = Fraction(1, 2), Fraction(0), Fraction(1)
    chain = [
        [none, half, half],
        [none, one, none],
        [none, none, one],
    ]
    assert limit(chain, [one, none, none]) == (0, half, half)
    assert limit(chain, [none, one, none]) == (0, 1, 0)
    circle = [[none, one, none], [none, none, one], [one, none, none]]
    assert limit(circle, [one, none, none]) == (Fraction(1, 3),) * 3


def test_grudger_never_forgives_a_race_that_it_saw() -> None:
    once = Strategy(name="once", opening=Fraction(0), after=(Fraction(1),) * 4)
    assert long_run(GRUDGER, once, PERFECT) == (0, 0, 1, 0)


def test_the_largest_generosity_is_used_by_no_pure_strategy_and_more_is() -> None:
    share = CLASSIC.generosity
    every = [
        Strategy(name="pure", opening=opening, after=(a, b, c, d))
        for opening, a, b, c, d in product((Fraction(0), Fraction(1)), repeat=5)
    ]
    against = [scores(generous(share), each, CLASSIC, PERFECT)[1] for each in every]
    assert max(against) == CLASSIC.cooperation
    used = scores(generous(Fraction(51, 100)), NEVER, CLASSIC, PERFECT)[1]
    assert used > CLASSIC.cooperation


def test_without_a_dilemma_there_is_no_largest_generosity() -> None:
    one, three = Fraction(1), Fraction(3)
    stage = Stage(temptation=one, cooperation=three, punishment=one, betrayed=Fraction(0))
    with pytest.raises(Misuse):
        _ = stage.generosity


def test_a_round_robin_gives_both_what_the_meeting_gave() -> None:
    entered = entrants(Fraction(1, 3))
    matrix = round_robin(entered, CLASSIC, Sight(slip=Fraction(1, 50)))
    for i, first in enumerate(entered):
        for j, second in enumerate(entered):
            assert matrix[i][j] == scores(first, second, CLASSIC, Sight(slip=Fraction(1, 50)))[0]


def test_in_an_ecology_the_better_grow_and_shares_stay_shares() -> None:
    table = np.array([[3.0, 0.5], [5.0, 1.0]])
    shares = ecology(table, 50)
    assert shares.sum(axis=1) == pytest.approx(np.ones(51))
    assert np.all(np.diff(shares[:, 1]) >= 0)
    with pytest.raises(Misuse):
        ecology(np.array([[1.0, 0.0], [1.0, 1.0]]), 5)


def test_payoffs_that_no_ecology_can_use_are_said_and_not_guessed() -> None:
    answer = TOURNAMENT.answer({"betrayed": "-9", "slip": "1/4"})
    assert isinstance(answer.tables[0].rows[0][-1], Infeasible)
    assert "generations" not in answer.sentence


def test_where_all_moves_are_chance_nobody_is_said_to_win() -> None:
    said = TOURNAMENT.answer({"slip": "1/2"}).sentence
    assert "9 earn most, 2.25 a period; after 200 generations nobody leads" in said


@pytest.mark.parametrize("typed", [{"slip": "2"}, {"missed": "-1"}, {"generations": "0"}])
def test_chances_that_are_none_are_refused(typed: dict[str, str]) -> None:
    with pytest.raises(Misuse):
        TOURNAMENT.answer(typed)
    with pytest.raises(Misuse):
        Strategy(name="any", opening=Fraction(2), after=(Fraction(0),) * 4)
    with pytest.raises(Misuse):
        Sight(slip=Fraction(-1))
    with pytest.raises(Misuse):
        play(ALWAYS, NEVER, PERFECT, turns=0, meetings=1, generator=np.random.default_rng(1))
