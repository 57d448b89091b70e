"""Races decided by chance, by effort, and in which all must be aligned: second methods, limits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.game.catalogue import models
from pausenet.game.race.contest import (
    Contest,
    blind_regret,
    blind_safety,
    closeness,
    disaster,
    payoff,
    winning,
)
from pausenet.game.race.contest_known import Known, at_lead, private, public
from pausenet.game.race.effort import (
    Effort,
    Lab,
    Others,
    best_response,
    best_safety,
    equilibrium,
)
from pausenet.game.race.effort import payoff as effort_payoff
from pausenet.game.race.survival import Everybody, aligned, regret, safety, survival
from pausenet.inference.arrays import below_of, density_of
from pausenet.inference.normal import below

units = st.floats(min_value=0.05, max_value=1.0)


def contest(noise: float, loser: float = 0.0, enmity: float = 0.75) -> Contest:
    return Contest(capability=1.0, enmity=enmity, noise=noise, loser=loser)


@given(units, st.floats(min_value=0.1, max_value=3.0), st.floats(min_value=-1.0, max_value=1.0))
@settings(max_examples=8)
def test_the_chance_to_win_is_the_integral_over_all_capabilities(
    noise: float, capability: float, ahead: float
) -> None:
    race = Contest(capability=capability, enmity=0.5, noise=noise, loser=0.0)
    places = sorted({-capability, 0.0, capability, min(max(-ahead, -capability), capability)})
    found = mpmath.quad(
        lambda d: (capability - abs(d)) / capability**2 * mpmath.ncdf((d + ahead) / noise), places
    )
    tie = mpmath.quad(
        lambda d: (capability - abs(d)) / capability**2 * mpmath.npdf(d / noise) / noise,
        [-capability, 0, capability],
    )
    assert float(winning(race, np.array([ahead]))[0]) == pytest.approx(float(found), abs=1e-9)
    assert closeness(race) == pytest.approx(float(tie), rel=1e-6)


@pytest.mark.parametrize("noise", [900.0, 1100.0, 1e5])
def test_where_noise_is_all_the_series_is_what_forty_digits_say(noise: float) -> None:
    race = Contest(capability=1.0, enmity=0.5, noise=noise, loser=0.0)
    with mpmath.workdps(60):
        z = 1 / mpmath.mpf(noise)
        lost = (mpmath.npdf(0) - mpmath.npdf(z)) / z
        tie = 2 * (mpmath.ncdf(z) - mpmath.mpf(1) / 2 - lost)
        bent = [
            ((x * x + 1) * mpmath.ncdf(x) + x * mpmath.npdf(x)) / 2
            for x in (mpmath.mpf("0.3") * z + z, mpmath.mpf("0.3") * z, mpmath.mpf("0.3") * z - z)
        ]
        wins = (bent[0] - 2 * bent[1] + bent[2]) / z**2
    assert closeness(race) == pytest.approx(float(tie), rel=1e-9)
    assert float(winning(race, np.array([0.3]))[0]) == pytest.approx(float(wins), abs=1e-9)


def test_a_race_that_noise_alone_decides_is_safe_and_answered() -> None:
    for noise in ("1e30", "1e300"):
        sentence = models()["contest"].answer({"noise": noise}).sentence
        assert "with chance 0.0% when labs know no capabilities" in sentence


@given(units, units, st.floats(min_value=0.0, max_value=1.0))
@settings(max_examples=40)
def test_a_blind_race_is_answered_only_where_nobody_gains(
    noise: float, enmity: float, loser: float
) -> None:
    race = contest(noise, loser, enmity)
    found = blind_safety(race)
    if not isinstance(found, NotFound):
        assert 0.0 <= found <= 1.0
        assert blind_regret(race, found) <= 1e-4


def test_without_chance_the_race_is_that_to_the_precipice() -> None:
    assert disaster(contest(1e-9)) == pytest.approx(1.0 - 1.0 / (2 * 0.75), abs=1e-6)


@pytest.mark.parametrize("noise", [0.1, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("lead", [0.0, 0.3, 0.9])
def test_a_public_profile_is_what_a_table_of_all_profiles_says(noise: float, lead: float) -> None:
    """Every profile of a grid: what is found gains nothing, by another code for the payoffs."""
    race = contest(noise)
    found = at_lead(race, lead)
    assert found
    first, second = found[0]
    others = np.linspace(0.0, 1.0, 1_001)

    def earns(own: float, other: float, ahead: float) -> float:
        win = below((ahead - own + other) / noise)
        return win * own + (1 - win) * 0.25 * other

    gains = max(earns(float(s), second, lead) for s in others) - earns(first, second, lead)
    gains = max(
        gains, max(earns(float(s), first, -lead) for s in others) - earns(second, first, -lead)
    )
    assert gains <= 1e-4


def test_far_from_chance_no_pure_profile_is_found_and_the_answer_says_so() -> None:
    assert isinstance(public(contest(0.005)), NotFound)
    answer = models()["contest"].answer({"noise": "0.005"})
    assert "no pure equilibrium" in answer.sentence


def test_noise_of_a_whole_capability_makes_all_safe_but_those_far_behind() -> None:
    """By hand: u' = W - e phi at s = 1 is above 0 for each capability, not for each lead."""
    race = contest(1.0)
    for capability in (0.0, 0.5, 1.0):
        others = (np.arange(2_000) + 0.5) / 2_000
        win = np.mean([below(float(capability - c)) for c in others])
        density = np.mean(np.exp(-((capability - others) ** 2) / 2) / math.sqrt(2 * math.pi))
        assert win - 0.75 * density > 0
    assert below(-1.0) - 0.75 * math.exp(-0.5) / math.sqrt(2 * math.pi) < 0
    assert private(race) == pytest.approx(0.0, abs=5e-4)
    found = public(race)
    assert isinstance(found, Known)
    assert 1e-5 < found.worst < 1e-3


def test_private_information_is_what_the_first_order_condition_says() -> None:
    """Another method: W = E[phi (s - (1 - e) s_j)] / tau solved for s at 150 capabilities."""
    noise, forgiven = 0.5, 0.25
    c = (np.arange(150) + 0.5) / 150
    s = np.full(150, 0.5)
    for _ in range(200):
        z = (c[:, None] - s[:, None] - (c - s)[None, :]) / noise
        win, tie = below_of(z), density_of(z) / noise
        s = np.clip(
            0.5 * s + 0.5 * (win.mean(1) + forgiven * (tie @ s) / 150) / tie.mean(1), 0.0, 1.0
        )
    z = (c[:, None] - s[:, None] - (c - s)[None, :]) / noise
    danger = 1.0 - 2.0 * float(np.mean(below_of(z) * s[:, None]))
    assert private(contest(noise)) == pytest.approx(danger, abs=1e-3)


def test_a_larger_share_of_the_loser_in_safety_is_more_dangerous() -> None:
    found = [disaster(contest(0.5, loser)) for loser in (0.0, 0.25, 0.5)]
    assert found == sorted(found)  # type: ignore[type-var]
    assert found[0] != found[2]


def test_payoffs_of_a_contest_are_those_of_its_rules() -> None:
    one = np.array([1.0])
    assert payoff(contest(0.5), one, 0.5 * one, 0.25 * one)[0] == 0.5
    assert payoff(contest(0.5, loser=1.0), 0 * one, 0.5 * one, 0.25 * one)[0] == 0.125


labs = st.builds(
    Lab,
    safety_skill=st.floats(min_value=1.0, max_value=50.0),
    safety_elasticity=st.floats(min_value=0.2, max_value=0.8),
    performance_skill=st.floats(min_value=1.0, max_value=50.0),
    performance_elasticity=st.floats(min_value=0.2, max_value=1.0),
    tension=st.floats(min_value=0.0, max_value=0.6),
    loss=st.floats(min_value=0.0, max_value=2.0),
    price=st.floats(min_value=0.01, max_value=0.5),
)
rivals = st.builds(
    Others,
    performance=st.floats(min_value=0.1, max_value=50.0),
    safe=st.floats(min_value=0.0, max_value=0.1),
)


@given(labs, rivals)
@settings(max_examples=25)
def test_no_pair_of_a_fine_grid_of_efforts_beats_the_best_response(
    lab: Lab, others: Others
) -> None:
    _, _, best = best_response(lab, others)
    grid = np.exp(np.linspace(-14.0, 6.0, 300))
    safe, performing = np.meshgrid(grid, grid)
    assert float(effort_payoff(lab, others, safe, performing).max()) <= best + 1e-9


@given(labs, rivals, st.floats(min_value=1e-6, max_value=100.0))
@settings(max_examples=25)
def test_the_last_unit_of_safety_is_worth_its_price(lab: Lab, others: Others, own: float) -> None:
    performing = np.array([own])
    best = best_safety(lab, others, performing)
    payoffs = [
        float(effort_payoff(lab, others, best * factor, performing)[0])
        for factor in (0.999, 1.0, 1.001)
    ]
    assert payoffs[1] >= max(payoffs[0], payoffs[2]) - 1e-12


@given(st.lists(labs, min_size=2, max_size=3))
@settings(max_examples=6, deadline=None)
def test_labs_of_any_kind_have_an_equilibrium_or_a_reason(several: list[Lab]) -> None:
    found = equilibrium(tuple(several))
    if isinstance(found, NotFound):
        assert found.why
    else:
        assert found.regret <= 1e-7
        assert 0.0 <= found.disaster <= 1.0


def test_equal_labs_do_the_same_and_a_list_is_one_number_a_lab() -> None:
    found = equilibrium((Lab(), Lab(), Lab()))
    assert isinstance(found, Effort)
    assert found.safety[0] == found.safety[2]
    answer = models()["effort"].answer({"price": "0.1,0.05"})
    assert len(answer.tables[0].rows) == 2
    with pytest.raises(Misuse, match="expected 1 or 2 numbers, found 3"):
        models()["effort"].answer({"price": "1,2,3"})


@given(
    st.integers(min_value=2, max_value=30),
    st.floats(min_value=0.05, max_value=1e4),
    st.floats(min_value=0.1, max_value=4.0),
)
def test_the_root_solves_the_quadratic_and_nobody_gains(labs: int, k: float, w: float) -> None:
    race = Everybody(labs=labs, effect=k, steepness=w)
    p, n = aligned(race), labs
    assert 0.0 < p < 1.0
    terms = (n * (k - 1) * p * p, (n * (2 * k - 1) + w * (n - 1)) * p, n * k)
    assert terms[0] - terms[1] + terms[2] == pytest.approx(0.0, abs=1e-9 * max(map(abs, terms)))
    s = safety(race)
    assert k * s / (k * s + 1 - s) == pytest.approx(p)
    assert regret(race) <= 1e-9
    assert survival(race) == p**n


def test_no_chance_below_0_is_offered_as_a_check_by_hand() -> None:
    ask = models()["survival"].answer
    assert "says nothing" in ask({"labs": "100", "effect": "1"}).hand_check
    assert "= 0." in ask({"labs": "2", "effect": "1000"}).hand_check


def test_an_effect_of_one_is_no_division_by_zero() -> None:
    assert aligned(Everybody(labs=2, effect=1.0, steepness=1.0)) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Contest(capability=0.0, enmity=0.5, noise=1.0, loser=0.0),
        lambda: Contest(capability=1.0, enmity=0.0, noise=1.0, loser=0.0),
        lambda: Contest(capability=1.0, enmity=0.5, noise=1.0, loser=2.0),
        lambda: Lab(price=0.0),
        lambda: Lab(safety_elasticity=1.0),
        lambda: Lab(loss=-1.0),
        lambda: Everybody(labs=1, effect=1.0, steepness=1.0),
        lambda: equilibrium((Lab(),)),
    ],
)
def test_what_is_no_race_is_refused(made: object) -> None:
    with pytest.raises(Misuse):
        made()  # type: ignore[operator]
