"""Inspections over sites: water filling against linear programmes, and both against chance."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.catalogue import model_named
from pausenet.game.security.bayesian import known, types_of
from pausenet.game.security.budget import Effort, Regime, cheapest, effort
from pausenet.game.security.origami import Site, allocated, deterring_budget, watched_site
from pausenet.game.security.programmes import LabType, announced

ONE = (Fraction(1),)


def _made(gains: tuple[int, int], payoffs: tuple[int, int]) -> Site:
    return Site(
        open_gain=Fraction(max(gains)),
        watched_gain=Fraction(min(gains)),
        open_payoff=Fraction(min(payoffs)),
        watched_payoff=Fraction(max(payoffs)),
    )


pairs = st.tuples(st.integers(-6, 12), st.integers(-6, 12))
sites = st.builds(
    _made,
    pairs.filter(lambda pair: pair[0] != pair[1]),
    st.tuples(st.integers(-9, 3), st.integers(-9, 3)),
)
plans = st.lists(sites, min_size=1, max_size=4).map(tuple)
budgets = st.fractions(min_value=0, max_value=4, max_denominator=6)
parts = st.fractions(min_value=Fraction(1, 10), max_value=9, max_denominator=10)
watched = st.builds(
    watched_site,
    parts,
    parts,
    st.fractions(min_value=Fraction(3, 10), max_value=1, max_denominator=10),
    parts,
)


def answered(types: tuple[LabType, ...], coverage: tuple[Fraction, ...]) -> Fraction:
    """What the inspector expects where each type does its best, and of that what is best here."""
    expected = Fraction(0)
    for each in types:
        best = [(Fraction(0), Fraction(0))]
        best += [
            (site.gain(share), site.payoff(share))
            for site, share in zip(each.sites, coverage, strict=True)
        ]
        expected += each.prior * max(best)[1]
    return expected


def test_two_hundred_random_games_have_the_same_value_by_both_methods() -> None:
    chance = np.random.default_rng(2009)
    different = []
    for _ in range(200):
        game = tuple(
            _made(
                tuple(chance.choice(np.arange(-6, 12), 2, replace=False).tolist()),
                tuple(chance.integers(-9, 4, 2).tolist()),
            )
            for _ in range(chance.integers(1, 6))
        )
        budget = Fraction(int(chance.integers(0, 13)), 4)
        water = allocated(game, budget).inspector
        lines = announced([LabType(prior=Fraction(1), sites=game)], budget).inspector
        if water != lines:
            different.append((game, budget, water, lines))
    assert different == []


@given(plans, budgets)
def test_an_allocation_keeps_to_its_budget_and_no_violation_gains_more(
    game: tuple[Site, ...], budget: Fraction
) -> None:
    found = allocated(game, budget)
    assert sum(found.coverage) <= budget
    assert all(0 <= share <= 1 for share in found.coverage)
    gains = [site.gain(share) for site, share in zip(game, found.coverage, strict=True)]
    assert found.lab == max(0, *gains)
    assert found.inspector == answered((LabType(prior=Fraction(1), sites=game),), found.coverage)


@given(plans, budgets, st.integers(min_value=0, max_value=2**32 - 1))
def test_no_coverage_drawn_at_random_is_better(
    game: tuple[Site, ...], budget: Fraction, seed: int
) -> None:
    one = (LabType(prior=Fraction(1), sites=game),)
    best = allocated(game, budget).inspector
    chance = np.random.default_rng(seed)
    for _ in range(5):
        raw = chance.dirichlet(np.ones(len(game)))
        within = budget * (1 - Fraction(1, 2**40))  # floats that sum to 1 may sum to a grain more
        coverage = tuple(min(Fraction(1), Fraction(float(each)) * within) for each in raw)
        assert answered(one, coverage) <= best


@given(st.lists(watched, min_size=1, max_size=4).map(tuple))
@settings(max_examples=40)
def test_the_deterring_budget_deters_and_less_does_not(game: tuple[Site, ...]) -> None:
    least = deterring_budget(game)
    if isinstance(least, Infeasible):
        assert allocated(game, Fraction(len(game))).lab > 0
        return
    assert allocated(game, least).violated == ()
    assert allocated(game, least * Fraction(999, 1000)).lab > 0


@given(plans, plans, budgets, st.fractions(min_value=0, max_value=1, max_denominator=5))
@settings(max_examples=40)
def test_every_answer_of_two_types_tried_one_by_one_is_no_better(
    first: tuple[Site, ...], second: tuple[Site, ...], budget: Fraction, prior: Fraction
) -> None:
    count = min(len(first), len(second))
    types = (
        LabType(prior=prior, sites=first[:count]),
        LabType(prior=1 - prior, sites=second[:count]),
    )
    found = announced(types, budget)
    assert found.inspector == answered(types, found.coverage)
    assert found.inspector <= known(types, budget)
    steps = [Fraction(step, 4) for step in range(5)]
    for coverage in product(steps, repeat=count):
        if sum(coverage) <= budget:
            assert answered(types, coverage) <= found.inspector


@given(plans, budgets)
@settings(max_examples=40)
def test_a_type_that_stands_twice_is_one_type(game: tuple[Site, ...], budget: Fraction) -> None:
    half = LabType(prior=Fraction(1, 2), sites=game)
    assert announced((half, half), budget).inspector == allocated(game, budget).inspector


def test_false_alarms_make_deterrence_dearer_as_the_closed_form_says() -> None:
    values = tuple(map(Fraction, (10, 8, 6)))
    fine, found, cost = Fraction(5), Fraction(7, 10), Fraction(1, 4)
    game = [watched_site(value, fine, found, value, cost) for value in values]
    least = deterring_budget(game)
    assert least == sum(value / (found * (value + fine) - cost) for value in values)
    assert least > deterring_budget([watched_site(value, fine, found, value) for value in values])


def test_what_cannot_be_deterred_is_said_and_what_inspections_help_is_refused() -> None:
    weak = [watched_site(Fraction(10), Fraction(1), Fraction(1, 2), Fraction(1))]
    assert isinstance(deterring_budget(weak), Infeasible)
    assert allocated(weak, Fraction(9)).coverage == (1,)
    ask = model_named("sites").answer
    assert "no number deters" in ask({"detection": "1/10"}).sentence
    assert "deter a violation at every site" in ask({"budget": "4"}).sentence
    with pytest.raises(Misuse, match="false alarms take f alpha = 9/2"):
        ask({"detection": "1/100", "alarm_cost": "9", "false_alarm": "1/2"})
    with pytest.raises(Misuse):
        Site(
            open_gain=Fraction(1),
            watched_gain=Fraction(0),
            open_payoff=Fraction(0),
            watched_payoff=Fraction(-1),
        )


def test_lists_of_another_length_and_priors_that_do_not_sum_are_refused() -> None:
    with pytest.raises(Misuse, match="penalty: expected 1 number or 5"):
        model_named("sites").answer({"penalty": "1,2"})
    ask = model_named("sites-bayesian").answer
    with pytest.raises(Misuse, match="same number of sites"):
        ask({"values": "1,2,3"})
    with pytest.raises(Misuse, match="sum to 1"):
        ask({"priors": "1/2,1/3"})
    with pytest.raises(Misuse, match="fewer sites or types"):
        ask({"values": ",".join(["1"] * 100), "priors": ",".join(["1/4"] * 4)})
    with pytest.raises(Misuse):
        allocated((), Fraction(1))
    with pytest.raises(Misuse):
        announced((), Fraction(1))


def test_values_are_read_row_by_row_and_one_type_can_be_told() -> None:
    types = types_of(
        tuple(map(Fraction, (1, 2, 3, 4))), (Fraction(1, 2),) * 2, (Fraction(5),), ONE, ONE
    )
    assert [site.open_gain for site in types[1].sites] == [3, 4]
    answer = model_named("sites-bayesian").answer({"values": "1,2,3", "priors": "1", "budget": "3"})
    assert answer.tables[0].rows[0][2] == "keeps the rule"


def regime(**other: object) -> Regime:
    usual: dict[str, object] = {
        "values": (10.0, 8.0, 6.0, 4.0, 2.0),
        "penalties": (5.0,) * 5,
        "other_detection": 0.6,
        "separation": 2.0,
        "alarm_cost": 0.5,
        "handling": 3.0,
    }
    return Regime(**{**usual, **other})  # type: ignore[arg-type]


def test_the_cheapest_setting_of_a_meter_is_where_the_cost_is_flat_to_forty_digits() -> None:
    def cost(z: mpmath.mpf) -> mpmath.mpf:
        alpha = mpmath.erfc(z / mpmath.sqrt(2)) / 2
        missed = 1 - mpmath.erfc((z - 2) / mpmath.sqrt(2)) / 2
        found = 1 - (1 - mpmath.mpf("0.6")) * missed
        takes = sum(v / (found * (v + 5) - alpha / 2) for v in (10, 8, 6, 4, 2))
        return takes * (1 + 3 * alpha)

    with mpmath.workdps(40):
        z = mpmath.findroot(lambda t: mpmath.diff(cost, t), 1.9)
        least, alpha = float(cost(z)), float(mpmath.erfc(z / mpmath.sqrt(2)) / 2)
    found = cheapest(regime())
    assert isinstance(found, Effort)
    assert found.cost == pytest.approx(least, rel=1e-13)
    assert found.false_alarm == pytest.approx(alpha, abs=1e-7)


@given(
    st.floats(0.0, 1.0),
    st.floats(0.0, 4.0),
    st.floats(0.0, 2.0),
    st.floats(0.0, 5.0),
    st.floats(-3.5, 7.5),
)
@settings(max_examples=60)
def test_no_other_setting_is_cheaper(
    other: float, separation: float, alarm_cost: float, handling: float, z: float
) -> None:
    chosen = regime(
        other_detection=other, separation=separation, alarm_cost=alarm_cost, handling=handling
    )
    least, any_ = cheapest(chosen), effort(chosen, round(z * 20) / 20)
    if isinstance(any_, Effort):
        assert isinstance(least, Effort)
        assert least.cost <= any_.cost


def test_the_budget_agrees_with_the_exact_sites_at_the_same_rate() -> None:
    found = effort(regime(), 2.0)
    assert isinstance(found, Effort)
    exact = deterring_budget(
        [
            watched_site(
                Fraction(value),
                Fraction(5),
                Fraction(found.detection),
                Fraction(value),
                Fraction(found.false_alarm) / 2,
            )
            for value in (10, 8, 6, 4, 2)
        ]
    )
    assert isinstance(exact, Fraction)
    assert found.inspections == pytest.approx(float(exact))


def test_sites_that_no_meter_deters_and_impossible_regimes_are_said() -> None:
    ask = model_named("sites-budget").answer
    assert "No number of inspections" in ask({"penalty": "1/100", "separation": "0"}).sentence
    assert "accuse by lot" in ask({"separation": "0"}).sentence
    assert "accuse by lot" not in ask({}).sentence
    for wrong in ({"values": ()}, {"handling": -1.0}, {"penalties": (0.0,) * 5}):
        with pytest.raises(Misuse):
            regime(**wrong)
