"""Safe and unsafe labs: payoffs by playing the rounds, thresholds where payoffs cross, refusals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Heat, Infeasible, Number
from pausenet.game.catalogue import models
from pausenet.game.race.dsair import (
    Race,
    Risk,
    collective_threshold,
    conditional_threshold,
    long_race,
    risk_dominance_threshold,
)
from pausenet.game.race.sanctions import Sanction, sanctioned, with_commitments, with_sanctions

fractions = st.fractions(min_value=0, max_value=1, max_denominator=20)
races = st.builds(
    Race,
    benefit=st.fractions(min_value=1, max_value=9, max_denominator=4),
    cost=fractions,
    speed=st.fractions(min_value="11/10", max_value=5, max_denominator=10),
    prize=st.fractions(min_value=0, max_value=10_000, max_denominator=4),
    rounds=st.integers(min_value=5, max_value=500).map(Fraction),
    found_out=fractions,
    risk=st.sampled_from(list(Risk)),
)
personal = races.map(lambda race: replace(race, risk=Risk.PERSONAL))
STANDARD = Race(
    benefit=Fraction(4),
    cost=Fraction(1),
    speed=Fraction(3, 2),
    prize=Fraction(10_000),
    rounds=Fraction(100),
)


@settings(max_examples=40)
@given(personal, fractions)
def test_the_payoffs_of_a_conditional_lab_are_those_of_the_rounds(
    race: Race, disaster: Fraction
) -> None:
    """Round by round: AU needs W/s rounds; CS is safe in the first and unsafe after it."""
    (_, p12), (p21, p22) = race.one_round()
    rounds = race.rounds / race.speed
    cs_total = p12 + (rounds - 1) * p22
    au_total = (1 - disaster) * (race.prize + p21 + (rounds - 1) * p22)
    matrix = long_race(race, disaster)
    assert matrix[2][1] == cs_total / rounds
    assert matrix[1][2] == au_total / rounds


def advantages(race: Race, disaster: Fraction) -> tuple[Number, Number, Number]:
    """What a safe pair, AS and CS earn more than AU against both."""
    ((both, exposed, _), (ahead, unsafe, met), (_, later, _)) = long_race(race, disaster)
    return both - unsafe, both + exposed - ahead - unsafe, both + later - met - unsafe


@settings(max_examples=60)
@given(races, fractions)
def test_thresholds_are_where_payoffs_cross(race: Race, disaster: Fraction) -> None:
    found: tuple[tuple[Number | Infeasible, Number, Number], ...] = tuple(
        zip(
            (
                collective_threshold(race),
                risk_dominance_threshold(race),
                conditional_threshold(race),
            ),
            advantages(race, disaster),
            advantages(race, Fraction(1)),
            strict=True,
        )
    )
    for threshold, advantage, at_sure_disaster in found:
        if isinstance(threshold, Infeasible):
            assert at_sure_disaster < 0
        elif disaster > float(threshold) + 1e-9:
            assert advantage >= -1e-9
        elif disaster < float(threshold) - 1e-9:
            assert advantage <= 1e-9


@given(st.fractions(min_value="11/10", max_value=9, max_denominator=10))
def test_where_the_prize_is_all_the_thresholds_are_those_of_the_paper(speed: Fraction) -> None:
    race = replace(STANDARD, speed=speed, prize=Fraction(10**12))
    assert float(collective_threshold(race)) == pytest.approx(float(1 - 1 / speed), abs=1e-6)
    assert float(risk_dominance_threshold(race)) == pytest.approx(
        float(1 - 1 / (3 * speed)), abs=1e-6
    )


@settings(max_examples=60)
@given(personal, fractions, fractions, st.fractions(min_value=0, max_value=6, max_denominator=10))
def test_a_sanctioned_race_is_its_rounds(
    race: Race, disaster: Fraction, own: Fraction, other: Fraction
) -> None:
    """Totals over the rounds until the first arrives, the prize to who does."""
    found = sanctioned(race, disaster, Sanction(own=own, other=other))
    (_, p12), (p21, _) = race.one_round()
    v, u = max(Fraction(0), 1 - own), max(Fraction(0), race.speed - other)
    if v == 0 and u == 0:
        assert (found.sanctioner, found.unsafe) == (-race.cost, 0)
        return
    times = [(race.rounds - 1) / v] if v else []
    times += [(race.rounds - race.speed) / u] if u else []
    later = min(times)
    safe_wins, unsafe_wins = 1 + later * v >= race.rounds, race.speed + later * u >= race.rounds
    prize = race.prize / (2 if safe_wins and unsafe_wins else 1)
    b, seen = race.benefit, race.found_out
    mine = b if u == 0 else (0 if v == 0 else (1 - seen) * b * v / (v + u) + seen * b)
    theirs = (1 - seen) * b * u / (v + u)
    safe_total = p12 + later * (mine - race.cost) + (prize if safe_wins else 0)
    unsafe_total = p21 + later * theirs + (prize if unsafe_wins else 0)
    assert found.sanctioner == safe_total / (1 + later)
    kept = 1 - disaster if unsafe_wins else 1
    assert found.unsafe == kept * unsafe_total / (1 + later)


def test_who_stays_out_meets_unsafe_labs_and_who_is_in_pays_for_it() -> None:
    race, sanction, upkeep = STANDARD, Sanction(own=Fraction(3, 10), other=Fraction(1)), Fraction(1)
    plain = long_race(race, Fraction(1, 2))
    with_peers = with_sanctions(race, Fraction(1, 2), sanction)
    inside = with_commitments(race, Fraction(1, 2), sanction, upkeep)
    assert inside[0] == (plain[0][0], *[plain[0][1]] * 4)
    assert inside[4][0] == plain[1][0]
    assert inside[2][2] == plain[0][0] - upkeep
    assert inside[3][4] == with_peers[1][2] - upkeep


def test_a_lab_that_stands_still_has_nothing_and_the_other_has_all() -> None:
    stopped = sanctioned(STANDARD, Fraction(1), Sanction(own=Fraction(0), other=Fraction(2)))
    assert stopped.sanctioner > stopped.unsafe > 0
    slowed = sanctioned(STANDARD, Fraction(1), Sanction(own=Fraction(1), other=Fraction(0)))
    assert slowed.unsafe == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"speed": Fraction(1)},
        {"rounds": Fraction(1)},
        {"benefit": Fraction(0)},
        {"cost": Fraction(-1)},
        {"found_out": Fraction(2)},
    ],
)
def test_what_is_no_race_is_refused(changed: dict[str, Fraction]) -> None:
    with pytest.raises(Misuse, match="Race"):
        replace(STANDARD, **changed)


def test_sanctions_have_no_formula_for_collective_risk_and_gain_no_speed() -> None:
    with pytest.raises(Misuse, match="personal risk"):
        models()["dsair"].answer({"arrangement": "sanctions", "risk": "collective"})
    with pytest.raises(Misuse, match="losses of speed"):
        Sanction(own=Fraction(-1), other=Fraction(0))


def test_where_safety_never_pays_no_risk_makes_it_pay() -> None:
    race = replace(STANDARD, cost=Fraction(99), prize=Fraction(0))
    assert isinstance(collective_threshold(race), Infeasible)
    answer = models()["dsair"].answer({"cost": "99", "prize": "0"})
    assert "rules for all would harm them" in answer.sentence


@pytest.mark.parametrize("arrangement", ["none", "sanctions", "commitments"])
def test_every_strategy_is_spelled_out_and_what_was_chosen_is_drawn(arrangement: str) -> None:
    answer = models()["dsair"].answer({"arrangement": arrangement, "disaster": "0.3"})
    played, meant = answer.tables[1], answer.tables[2]
    assert [row[0] for row in played.rows] == [row[0] for row in meant.rows]
    assert isinstance(answer.picture, Heat)
    assert [each.points for each in answer.picture.lines if each.name == "as chosen"] == [
        ((1.5, 0.3),)
    ]
