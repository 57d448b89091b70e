"""One inspection whose test errs: what deters is found by searching all rates, one by one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.catalogue import model_named
from pausenet.game.inspection.once import (
    Stakes,
    announced,
    deterring_share,
    equilibrium,
    played,
    tempting_share,
)
from pausenet.game.inspection.statistical import (
    Deterring,
    deterring_rate,
    non_detection,
    secret_play,
)
from pausenet.inference.arrays import below_of, quantile_of

RATES = np.linspace(1e-4, 1 - 1e-4, 4001)
QUANTILES = -quantile_of(RATES)
some = st.floats(min_value=0.05, max_value=10.0)
parts = st.fractions(min_value=Fraction(1, 20), max_value=10, max_denominator=20)
chances = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20)
stakes = st.builds(Stakes, gain=parts, fine=parts, cost=parts, damage=parts, detection=chances)


@given(st.floats(min_value=0.0, max_value=6.0), some, some, st.floats(min_value=0.0, max_value=9.0))
def test_the_least_deterring_rate_is_the_first_that_a_search_finds(
    separation: float, penalty: float, gain: float, alarm_loss: float
) -> None:
    missed = below_of(QUANTILES - separation)
    keeping = -alarm_loss * RATES
    violating = -penalty * (1 - missed) + gain * missed
    deters = keeping >= violating
    rate = deterring_rate(separation, penalty, gain, alarm_loss)
    if isinstance(rate, Infeasible):
        assert not deters.any()
        return
    assert non_detection(rate.alpha, separation) == pytest.approx(rate.beta, abs=1e-9)
    assert not deters[rate.alpha - 1e-9 > RATES].any()
    width = penalty + gain
    value = -penalty * (1 - rate.beta) + gain * rate.beta
    assert -alarm_loss * rate.alpha == pytest.approx(value, abs=1e-6 * width)


@given(
    st.floats(min_value=0.3, max_value=4.0),
    st.floats(min_value=0.5, max_value=10.0),
    st.floats(min_value=0.1, max_value=3.0),
)
def test_without_announcement_neither_side_gains_by_another_choice(
    separation: float, penalty: float, gain: float
) -> None:
    e, a, c = 0.1, 0.5, 1.0
    rate = deterring_rate(separation, penalty, gain, 0.05)
    assume(isinstance(rate, Deterring) and 1e-3 < rate.alpha < 0.999)
    assert isinstance(rate, Deterring)
    violates, secret = secret_play(rate, separation, e, a, c)
    missed = below_of(QUANTILES - separation)
    other = -(1 - violates) * e * RATES - violates * (a * (1 - missed) + c * missed)
    assert np.max(other) <= secret + 1e-9
    assert 0 < violates < 1
    assert -e * rate.alpha >= secret


def test_where_no_rate_deters_the_answer_says_so_and_an_absurd_one_is_called_so() -> None:
    assert isinstance(deterring_rate(0.5, 1.0, 9.0, 2.0), Infeasible)
    weak = {"separation": "1", "gain": "9", "alarm_loss_lab": "0.5"}
    assert "too weak" in model_named("avenhaus-canty").answer(weak).sentence
    none = {"separation": "0.5", "gain": "9", "alarm_loss_lab": "2"}
    assert "No false-alarm rate deters" in model_named("avenhaus-canty").answer(none).sentence
    blind = deterring_rate(0.0, 2.0, 1.0, 0.5)
    assert isinstance(blind, Deterring)
    assert blind.alpha == pytest.approx(1 / 2.5)
    assert non_detection(0.0, 1.0) == 1.0
    assert non_detection(1.0, 1.0) == 0.0


def test_losses_in_another_order_and_impossible_numbers_are_refused() -> None:
    with pytest.raises(Misuse, match="alarm_loss < caught_loss < missed_loss"):
        model_named("avenhaus-canty").answer({"caught_loss": "2"})
    with pytest.raises(Misuse):
        deterring_rate(-1.0, 1.0, 1.0, 0.1)
    with pytest.raises(Misuse):
        deterring_rate(1.0, 1.0, 0.0, 0.1)
    with pytest.raises(Misuse):
        deterring_rate(1.0, 0.0, 1.0, 0.1)


@given(stakes)
def test_nobody_gains_by_leaving_the_equilibrium_of_the_single_game(game: Stakes) -> None:
    found = equilibrium(game)
    for share in (Fraction(0), Fraction(1)):
        assert played(game, share, found.violates).inspector <= found.inspector
        assert played(game, found.inspects, share).lab <= found.lab


@given(stakes, st.fractions(min_value=0, max_value=1, max_denominator=50))
def test_no_other_announcement_is_better(game: Stakes, share: Fraction) -> None:
    tempted = played(game, share, Fraction(1))
    got = tempted if tempted.lab > 0 else played(game, share, Fraction(0))
    assert got.inspector <= announced(game).inspector
    assert announced(game).inspector >= equilibrium(game).inspector


def test_games_without_a_mixed_equilibrium_say_why() -> None:
    weak = Stakes(
        gain=Fraction(1),
        fine=Fraction(1),
        cost=Fraction(1, 5),
        damage=Fraction(1),
        detection=Fraction(1, 10),
    )
    assert isinstance(deterring_share(weak), Infeasible)
    assert isinstance(tempting_share(weak), Infeasible)
    once = model_named("inspection-once")
    assert "whatever the inspector does" in once.answer({"detection": "1/10"}).sentence
    assert "Nobody inspects unasked" in once.answer({"cost": "2"}).sentence
    assert "nothing is announced" in once.answer({"cost": "9"}).sentence
