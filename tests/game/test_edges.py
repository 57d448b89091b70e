"""Games at their edges: where a formula ends, and sentences that must not say more than is true."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pausenet.game.answer import Answer, Infeasible, Lines
from pausenet.game.catalogue import models
from pausenet.game.deterrence.grim import Watched
from pausenet.game.deterrence.lag import least_detection, needed_law
from pausenet.game.global_game.crisis import Crisis, equilibria, greatest_fear
from pausenet.game.repeated.green_porter import best_regime


def asked(name: str, **typed: str) -> Answer:
    """The answer of a model."""
    return models()[name].answer(typed)


def title(answer: Answer) -> str:
    """The takeaway of its picture."""
    return answer.picture.title


def rows(answer: Answer, table: int = 0) -> dict[str, object]:
    """A table's second column by its first."""
    return {str(row[0]): row[1] for row in answer.tables[table].rows}


@pytest.mark.parametrize("labs", [5, 200])
def test_without_fear_many_labs_leave_for_their_own_reasons(labs: int) -> None:
    """The odds overflow for many labs: 0 times infinity is no number."""
    crisis = Crisis(labs=labs, enough=1, mean=3.0, spread=1.0, fear=0.0)
    (only,) = equilibria(crisis)
    assert only.chance == pytest.approx(0.9986501)
    assert "even if being left behind cost nothing" not in str(greatest_fear(crisis))


def test_without_fear_the_question_has_an_answer() -> None:
    assert "99.87%" in asked("reciprocal-fear", labs="200", mean="3", exposure="0").sentence


def test_a_pause_in_which_every_lab_is_accused() -> None:
    assert asked("watched-pause", false_alarm="1", runs="20").hand_check


def test_an_escape_that_is_accepted_is_said() -> None:
    """A bound on escape is no escape of 0."""
    found = asked("chain", bound="1")
    assert "none can break out" not in found.sentence
    assert "0.094" in found.sentence


def test_the_share_is_of_what_it_is_a_share_of() -> None:
    """The pause is worth nothing in most of this space: the share is of the rest."""
    found = asked("stakes", oversight="slight", drift="slight")
    wanted = float(str(found.tables[1].rows[0][1]))
    assert wanted < 0.5
    assert f"{wanted:.0%} of the payoff space" in found.sentence


def test_a_penalty_that_deters_somewhere_is_not_denied() -> None:
    found = asked("stakes", detection="0,1/10", false="0,1/10")
    assert not found.sentence.startswith("No penalty deters")


@pytest.mark.parametrize("refund", ["no", "yes"])
def test_all_pause_where_the_weakest_link_counts(refund: str) -> None:
    """k = n: that all pause is an equilibrium in which all do the same, and a refund keeps it."""
    found = asked("threshold", threshold="5", refund=refund)
    assert "100.0% at best without a refund and 100.0% with one" in found.sentence


def test_labs_that_are_always_indifferent() -> None:
    """Every threshold as likely as the cost: each chance is an equilibrium, and no mistake."""
    found = asked("threshold", spread="2")
    assert "always indifferent" in str(found.tables[0].rows[0][1])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"gains": "3", "inside": "0", "shelter": "0"}, "the same penalty"),
        (
            {"gains": "3", "inside": "0", "shelter": "0", "synergy": "1/10"},
            "A lone lab needs a larger",
        ),
        ({"shelter": "1"}, "no penalty deters a state"),
        ({}, "A state that shelters cheats needs a larger penalty"),
    ],
)
def test_who_needs_the_larger_penalty(typed: dict[str, str], said: str) -> None:
    assert said in title(asked("blocs", **typed))


def test_each_line_of_the_frontier_has_its_own_law() -> None:
    """With a penalty K depends on the discount factor of the line."""
    picture = asked("deterrence", penalty="40", imposed="1", discount="9/10").picture
    assert isinstance(picture, Lines)
    (line,) = [each for each in picture.series if each.name == "discount 0.95"]
    needed = float(needed_law(5, 3, 1, worth=0.05 * 40))
    assert line.points[0][1] == pytest.approx(least_detection(needed, 0.95, 0.0))


def test_no_race_where_nothing_tempts() -> None:
    game = Watched(temptation=2, cooperation=3, punishment=1, detection=0.9, false_alarm=0.05)
    found = best_regime(game, 0.9)
    assert not isinstance(found, Infeasible)
    assert (found.length, found.value) == (0, 3.0)


@pytest.mark.parametrize("unit", [Fraction(1, 10**6), Fraction(1), Fraction(10**6)])
def test_the_length_of_races_does_not_depend_on_the_unit(unit: Fraction) -> None:
    """d = 2/3 + 4/9 is just enough: a tie, in every unit."""
    game = Watched(
        temptation=4 * unit, cooperation=2 * unit, punishment=Fraction(0), detection=Fraction(9, 10)
    )
    found = best_regime(game, 2 / 3)
    assert not isinstance(found, Infeasible)
    assert found.length == 2


def test_periods_of_a_turn_are_no_periods() -> None:
    assert "of a turn" in asked("green-porter", delay="2").sentence


def test_mixed_equilibria_are_not_denied() -> None:
    """Matching pennies earns (0, 0) in equilibrium, though not by pure actions."""
    found = asked(
        "payoff-set", first="1,-1,-1,1", second="-1,1,1,-1", first_earns="0", second_earns="0"
    )
    assert "pure actions; there is no" in found.sentence


def test_sanctions_leave_few_unsafe_between_the_lines() -> None:
    found = asked("dsair", arrangement="sanctions", disaster="3/5")
    assert "unsafe labs spread" not in title(found)


def test_the_rule_of_thumb_is_not_for_no_inspection() -> None:
    assert "135" not in asked("detection-time", inspections="0").hand_check


def test_the_frontier_is_hastened_only_in_the_end() -> None:
    """Level 4 is later all the same, as the stock is not used up by then."""
    found = asked("aftermath", compute_share="3")
    assert "once the stock is used up" in found.sentence


def test_without_inspections_every_violation_costs_the_same() -> None:
    assert "costs less" not in title(asked("violations", inspections="0"))
