"""The race to the precipice: equilibria by search, chances by simulation, limits by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.race.precipice import (
    Information,
    Precipice,
    blind_safety,
    disaster,
    private_safety,
    public_safety,
    simulated,
)

shares = st.fractions(min_value="1/20", max_value=1, max_denominator=40)
races = st.builds(
    Precipice,
    teams=st.integers(min_value=2, max_value=6),
    capability=st.fractions(min_value="1/10", max_value=4, max_denominator=20),
    enmity=shares,
)
GRID = np.linspace(0.0, 1.0, 201)


@given(races)
@settings(max_examples=40)
def test_nobody_gains_by_another_safety_without_information(race: Precipice) -> None:
    """The chance to win with a head start of x: E[F(c + x)^(n - 1)], by the midpoint rule."""
    mu, n, s = float(race.capability), race.teams, float(blind_safety(race))
    c = mu * (np.arange(2_000) + 0.5) / 2_000
    own = np.append(GRID, s)
    win = np.clip((c[:, None] + s - own[None, :]) / mu, 0.0, 1.0) ** (n - 1)
    chance = win.mean(axis=0)
    payoffs = chance * own + (1 - chance) * (1 - float(race.enmity)) * s
    assert payoffs.max() - payoffs[-1] <= 1e-5


@given(races, st.fractions(min_value=0, max_value=1))
@settings(max_examples=25)
def test_nobody_gains_by_another_safety_knowing_its_own_capability(
    race: Precipice, share: Fraction
) -> None:
    """Against s(c) of the others: x = c - s(c) rises, so who wins is who has the largest x."""
    mu, n, e = float(race.capability), race.teams, float(race.enmity)
    own = mu * float(share)
    best = float(private_safety(race, Fraction(share) * race.capability))
    others = mu * (np.arange(2_000) + 0.5) / 2_000
    safety = np.minimum(1.0, others / float(race.slope))
    weights = np.diff((np.arange(2_001) / 2_000) ** (n - 1))
    grid = np.append(GRID, best)
    wins = own - grid[:, None] > (others - safety)[None, :] + 1e-12
    payoffs = wins @ weights * grid + (1 - e) * (~wins) @ (weights * safety)
    assert payoffs.max() - payoffs[-1] <= 4e-3


@settings(max_examples=50)
@given(races, st.fractions(min_value=0, max_value=4))
def test_nobody_overtakes_a_leader_that_all_see(race: Precipice, lead: Fraction) -> None:
    """The second, at s = 0, wins with a safety below s - lead; it has (1 - e) s without."""
    s = public_safety(race, lead)
    assert s - lead <= (1 - race.enmity) * s
    safer = min(Fraction(1), s + Fraction(1, 100))
    assert safer == 1 or safer - lead > (1 - race.enmity) * safer


@given(races, st.sampled_from(list(Information)), st.integers(min_value=0, max_value=99))
@settings(max_examples=30)
def test_the_closed_form_is_within_a_simulations_interval(
    race: Precipice, information: Information, seed: int
) -> None:
    share, error = simulated(race, information, np.random.default_rng(seed), 20_000)
    assert abs(share - float(disaster(race, information))) <= 5 * error + 5e-4


@given(races)
def test_a_chance_is_a_chance_and_enmity_never_helps(race: Precipice) -> None:
    calmer = Precipice(teams=race.teams, capability=race.capability, enmity=race.enmity / 2)
    for information in Information:
        found = disaster(race, information)
        assert 0 <= found <= 1
        assert disaster(calmer, information) <= found


@given(st.integers(min_value=2, max_value=9), st.fractions(min_value="1/9", max_value=1))
def test_at_full_enmity_private_and_public_information_are_as_dangerous(
    teams: int, capability: Fraction
) -> None:
    race = Precipice(teams=teams, capability=capability, enmity=Fraction(1))
    assert disaster(race, Information.PRIVATE) == disaster(race, Information.PUBLIC)


def test_more_teams_can_be_safer_and_without_enmity_the_race_is_a_limit() -> None:
    few, many = (
        Precipice(teams=n, capability=Fraction(1, 2), enmity=Fraction(1, 20)) for n in (2, 5)
    )
    assert disaster(many, Information.PRIVATE) < disaster(few, Information.PRIVATE)
    friends = Precipice(teams=4, capability=Fraction(1), enmity=Fraction(0))
    assert disaster(friends, Information.NONE) == disaster(friends, Information.PUBLIC) == 0
    assert simulated(friends, Information.PUBLIC, np.random.default_rng(1), 50) == (0.0, 0.0)
    assert disaster(friends, Information.PRIVATE) == Fraction(1, 5)


@pytest.mark.parametrize(
    ("teams", "capability", "enmity"), [(1, 1, 1), (2, 0, 1), (2, 1, 2), (2, 1, -1)]
)
def test_what_is_no_race_is_refused(teams: int, capability: int, enmity: int) -> None:
    with pytest.raises(Misuse, match="Precipice"):
        Precipice(teams=teams, capability=Fraction(capability), enmity=Fraction(enmity))
