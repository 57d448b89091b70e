"""Calls for a pause: every pure profile looked at, mixtures indifferent, beliefs by Bayes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.catalogue import models
from pausenet.game.signalling.alarms import alarms_needed, cheats
from pausenet.game.signalling.signals import Call, Equilibrium, equilibria, separating_scales

share = st.fractions(min_value="1/20", max_value="19/20", max_denominator=20)
amount = st.fractions(min_value="1/10", max_value=6, max_denominator=10)
calls = st.builds(
    Call,
    sincere=share,
    cost_sincere=amount,
    cost_strategic=amount,
    worth_sincere=amount,
    worth_strategic=amount,
    trusted_sincere=amount,
    trusted_strategic=amount.map(lambda each: -each),
    distrusted_sincere=amount.map(lambda each: -each),
    distrusted_strategic=amount,
)
SCREENING = Call(
    sincere=Fraction(7, 10),
    cost_sincere=Fraction(1),
    cost_strategic=Fraction(4),
    worth_sincere=Fraction(3),
    worth_strategic=Fraction(3),
    trusted_sincere=Fraction(2),
    trusted_strategic=Fraction(-3),
    distrusted_sincere=Fraction(-1),
    distrusted_strategic=Fraction(1),
)


def others_gain(call: Call, belief: Fraction) -> Fraction:
    """What others gain by trusting over distrusting, at a belief."""
    trusted = belief * call.trusted_sincere + (1 - belief) * call.trusted_strategic
    distrusted = belief * call.distrusted_sincere + (1 - belief) * call.distrusted_strategic
    return trusted - distrusted


def holds(call: Call, sincere, strategic, yes, no) -> bool:
    """Whether nobody gains, with some belief where nothing was expected."""
    pi = call.sincere
    for chance, worth, cost in (
        (sincere, call.worth_sincere, call.cost_sincere),
        (strategic, call.worth_strategic, call.cost_strategic),
    ):
        gain = (yes - no) * worth - cost
        if (gain > 0 and chance != 1) or (gain < 0 and chance != 0):
            return False
    for trust, a, b in ((yes, sincere, strategic), (no, 1 - sincere, 1 - strategic)):
        if (mass := pi * a + (1 - pi) * b) == 0:
            continue  # Any belief may be held, so that any answer is a best one.
        gain = others_gain(call, pi * a / mass)
        if (gain > 0 and trust != 1) or (gain < 0 and trust != 0):
            return False
    return True


def shape(each: Equilibrium) -> tuple[Fraction, ...]:
    return (each.commits_sincere, each.commits_strategic, each.trust_committed, each.trust_silent)


@given(calls)
@settings(max_examples=50)
def test_nobody_gains_in_a_listed_equilibrium(call: Call) -> None:
    for each in equilibria(call):
        assert holds(call, *shape(each)), each.name
        assert all(0 <= chance <= 1 for chance in shape(each))


@given(calls)
@settings(max_examples=30)
def test_no_pure_equilibrium_is_missing(call: Call) -> None:
    """All sixteen pure profiles; what labs do is compared, as unasked answers are free."""
    assume(call.sincere != call.belief_needed)
    assume(call.cost_sincere != call.worth_sincere)
    assume(call.cost_strategic != call.worth_strategic)
    bits = (Fraction(0), Fraction(1))
    true = {(a, b) for a, b, yes, no in product(bits, repeat=4) if holds(call, a, b, yes, no)}
    listed = {shape(each)[:2] for each in equilibria(call) if set(shape(each)) <= set(bits)}
    assert listed == true


@given(calls)
@settings(max_examples=20)
def test_no_mixture_of_a_grid_holds_that_is_not_listed(call: Call) -> None:
    """Off the boundaries each kind of mixture has at most one point, and it is listed."""
    ratio = call.cost_sincere * call.worth_strategic != call.cost_strategic * call.worth_sincere
    assume(ratio and call.sincere != call.belief_needed)
    assume(call.cost_sincere != call.worth_sincere)
    assume(call.cost_strategic != call.worth_strategic)
    grid = [Fraction(step, 7) for step in range(8)]
    trusts = {Fraction(0), Fraction(1), call.cost_strategic / call.worth_strategic}
    trusts |= {1 - call.cost_sincere / call.worth_sincere}
    trusts = {trust for trust in trusts if 0 <= trust <= 1}
    listed = {shape(each)[:2] for each in equilibria(call)}
    for a, b in product(grid, repeat=2):
        if any(holds(call, a, b, yes, no) for yes, no in product(trusts, repeat=2)):
            assert (a, b) in listed


@given(calls)
@settings(max_examples=40)
def test_talk_that_costs_nothing_tells_nothing(call: Call) -> None:
    talk = replace(call, cost_sincere=Fraction(0), cost_strategic=Fraction(0))
    for each in equilibria(talk):
        assert each.commits_sincere == each.commits_strategic
    assert isinstance(separating_scales(talk), Infeasible)


@given(calls)
@settings(max_examples=25)
def test_types_separate_between_the_scales_and_not_beyond(call: Call) -> None:
    scales = separating_scales(call)

    def separates(scale: Fraction) -> bool:
        each = replace(
            call,
            cost_sincere=call.cost_sincere * scale,
            cost_strategic=call.cost_strategic * scale,
        )
        return "separating" in {found.name for found in equilibria(each)}

    if isinstance(scales, Infeasible):
        assert not any(separates(Fraction(step, 4)) for step in range(40))
        return
    low, high = scales
    assert separates(low)
    assert separates(high)
    assert not separates(low * Fraction(99, 100))
    assert not separates(high * Fraction(101, 100))


def test_the_screening_example_has_its_equilibria_and_one_that_mixes() -> None:
    found = {each.name: each for each in equilibria(SCREENING)}
    assert set(found) == {
        "separating",
        "pooling, nobody commits",
        "semi-separating, sincere labs mix",
    }
    assert found["semi-separating, sincere labs mix"].belief(SCREENING) == 1
    assert isinstance(found["pooling, nobody commits"].belief(SCREENING), Infeasible)
    assert all(each.intuitive for each in found.values())


def test_the_intuitive_criterion_strikes_out_a_silence_that_only_the_sincere_would_break() -> None:
    distrusted = replace(SCREENING, sincere=Fraction(1, 4))
    found = {each.name: each.intuitive for each in equilibria(distrusted)}
    assert found["pooling, nobody commits"] is False
    assert found["separating"] is True


def test_a_call_is_said_to_be_what_it_is() -> None:
    signal = models()["signal"]
    assert "cheap talk" in signal.answer({"cost_sincere": "0", "cost_strategic": "0"}).sentence
    assert "can tell" in signal.answer().sentence
    weak = signal.answer({"sincere": "0.3", "cost_sincere": "0.5", "cost_strategic": "1"})
    assert "something and not all" in weak.sentence
    dear = signal.answer({"cost_sincere": "9", "cost_strategic": "1"})
    assert "tells nothing" in dear.sentence


chance = st.fractions(min_value=0, max_value=1, max_denominator=30)


@settings(max_examples=40)
@given(chance, chance, chance, st.integers(0, 4), st.integers(0, 4))
def test_a_belief_is_that_of_one_look_after_another(prior, detection, false, alarms, quiet) -> None:
    belief: Fraction | Infeasible = prior
    for look in [True] * alarms + [False] * quiet:
        assert isinstance(belief, Fraction)
        belief = cheats(belief, detection, false, int(look), int(not look))
        if isinstance(belief, Infeasible):
            break
    assert cheats(prior, detection, false, alarms, quiet) == belief


@given(share, share, share, share)
def test_the_alarms_needed_are_enough_and_no_fewer_are(prior, detection, false, wanted) -> None:
    needed = alarms_needed(prior, detection, false, wanted)
    if isinstance(needed, Infeasible):
        assert detection <= false or cheats(prior, detection, false, 60) < wanted
        return
    assert cheats(prior, detection, false, needed) >= wanted
    assert needed == 0 or cheats(prior, detection, false, needed - 1) < wanted


def test_what_cannot_happen_is_said_and_sure_alarms_convict_at_once() -> None:
    assert isinstance(cheats(Fraction(0), Fraction(1), Fraction(0), 1), Infeasible)
    assert alarms_needed(Fraction(1, 9), Fraction(1, 2), Fraction(0), Fraction(1)) == 1
    assert isinstance(
        alarms_needed(Fraction(0), Fraction(1), Fraction(0), Fraction(1, 2)), Infeasible
    )
    assert (
        "cannot be judged" in models()["alarm"].answer({"prior": "0", "false_alarm": "0"}).sentence
    )


@pytest.mark.parametrize(
    "made",
    [
        lambda: replace(SCREENING, sincere=Fraction(1)),
        lambda: replace(SCREENING, cost_sincere=Fraction(-1)),
        lambda: replace(SCREENING, worth_strategic=Fraction(0)),
        lambda: replace(SCREENING, trusted_sincere=Fraction(-2)),
        lambda: cheats(Fraction(2), Fraction(1), Fraction(1), 1),
        lambda: cheats(Fraction(1), Fraction(1), Fraction(1), -1),
    ],
)
def test_what_is_no_call_and_no_look_is_refused(made) -> None:
    with pytest.raises(Misuse):
        made()
