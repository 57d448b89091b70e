"""Numbers on the race of safe and unsafe labs, computed again: b = 4, c = 1, B = 10,000.

The thresholds and long runs were derived anew from the papers' formulas; a second tool (EGTtools)
gave the same long runs to five decimals.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Final

from pausenet.game.checks import Check
from pausenet.game.evolution.fixation import long_run
from pausenet.game.race.dsair import (
    DSAIR,
    Matrix,
    Race,
    Threshold,
    collective_threshold,
    conditional_threshold,
    long_race,
    risk_dominance_threshold,
)
from pausenet.game.race.sanctions import (
    COMMITMENTS,
    SANCTIONS,
    Sanction,
    with_commitments,
    with_sanctions,
)

STRATEGIES: Final = {
    "none": ("AS", "AU", "CS"),
    "sanctions": ("AS", "AU", "PS"),
    "commitments": ("AS_out", "AU_out", "AS_in", "AU_in", "PS_in"),
}
"""What is played under each arrangement, in the order of its payoffs."""
MEANINGS: Final = {
    "AS": "always safe",
    "AU": "always unsafe",
    "CS": "conditionally safe: safe in the first round, then what the other did",
    "PS": "peer sanctions: safe, and slows an unsafe opponent down",
    "AS_out": "always safe, outside the commitment",
    "AU_out": "always unsafe, outside the commitment",
    "AS_in": "has joined the commitment, and is safe with others who have",
    "AU_in": "has joined the commitment, and is unsafe all the same",
    "PS_in": "has joined, is safe with others who have, and sanctions those who break it",
}
"""What each strategy does, in words."""


def _standard(speed: str, rounds: int = 100, found_out: str = "0") -> Race:
    """The race of the papers' figures: b = 4, c = 1, B = 10,000."""
    return Race(
        benefit=Fraction(4),
        cost=Fraction(1),
        speed=Fraction(speed),
        prize=Fraction(10_000),
        rounds=Fraction(rounds),
        found_out=Fraction(found_out),
    )


def _threshold_checks() -> tuple[Check, ...]:
    stated: tuple[tuple[str, Callable[[Race], Threshold], Race, str], ...] = (
        ("collective, s = 1.5", collective_threshold, _standard("1.5"), "0.337662"),
        ("risk dominance, s = 1.5", risk_dominance_threshold, _standard("1.5"), "0.775065"),
        ("CS against AU, s = 1.5", conditional_threshold, _standard("1.5"), "0.768657"),
        ("collective, s = 2", collective_threshold, _standard("2"), "0.5000"),
        ("risk dominance, s = 2", risk_dominance_threshold, _standard("2"), "0.8315"),
        ("collective, s = 3", collective_threshold, _standard("3"), "0.6645"),
        ("risk dominance, s = 3", risk_dominance_threshold, _standard("3"), "0.8879"),
        ("collective, s = 5", collective_threshold, _standard("5"), "0.7976"),
        ("risk dominance, s = 5", risk_dominance_threshold, _standard("5"), "0.9329"),
        ("collective, W = 10^6", collective_threshold, _standard("1.5", 10**6), "0.4994"),
        ("risk dominance, W = 10^6", risk_dominance_threshold, _standard("1.5", 10**6), "0.6371"),
        ("CS against AU, W = 10^6", conditional_threshold, _standard("1.5", 10**6), "0.2530"),
        (
            "risk dominance, W = 10^6, p_fo = 0.25",
            risk_dominance_threshold,
            _standard("1.5", 10**6, "0.25"),
            "0.4037",
        ),
    )
    return tuple(
        Check(
            paper=DSAIR,
            where="thresholds",
            what=what,
            stated=numeral,
            ours=partial(function, race),
        )
        for what, function, race, numeral in stated
    )


def _share(matrix: Matrix, place: int) -> float:
    return float(long_run(matrix, 100, 0.01)[place])


def _share_checks() -> tuple[Check, ...]:
    """Long runs for Z = 100, beta = 0.01, s = 1.5."""
    plain = tuple(
        (DSAIR, f"W = {rounds}, p_r = {risk}, p_fo = {seen}", "none", matrix, numerals)
        for rounds, risk, seen, numerals in (
            (100, "0.77", "0", ("0.26925", "0.45630", "0.27446")),
            (100, "0.5", "0", ("0.00000", "1.00000", "0.00000")),
            (100, "0.9", "0", ("0.50000", "0.00000", "0.50000")),
            (10**6, "0.1", "0", ("0.20616", "0.49731", "0.29653")),
            (10**6, "0.5", "0", ("0.30315", "0.30411", "0.39274")),
            (10**6, "0.1", "0.5", ("0.35421", "0.32409", "0.32170")),
        )
        for matrix in [long_race(_standard("1.5", rounds, seen), Fraction(risk))]
    )
    race = _standard("1.5")
    strong = Sanction(own=Fraction(3, 10), other=Fraction(1))
    weak = Sanction(own=Fraction(3, 10), other=Fraction(1, 2))
    low, high, upkeep = Fraction(3, 10), Fraction(6, 10), Fraction(1, 10)
    peers = (
        (
            *(SANCTIONS, "s_alpha = 0.3, s_beta = 1, p_r = 0.3", "sanctions"),
            *(with_sanctions(race, low, strong), ("0.0211", "0.0511", "0.9278")),
        ),
        (
            *(SANCTIONS, "s_alpha = 0.3, s_beta = 1, p_r = 0.6", "sanctions"),
            *(with_sanctions(race, high, strong), ("0.0737", "0.0245", "0.9018")),
        ),
        (
            *(SANCTIONS, "s_alpha = 0.3, s_beta = 0.5, p_r = 0.3", "sanctions"),
            *(with_sanctions(race, low, weak), ("0.0000", "1.0000", "0.0000")),
        ),
        (
            *(COMMITMENTS, "epsilon = 0.1, p_r = 0.3", "commitments"),
            with_commitments(race, low, strong, upkeep),
            ("0.0000", "0.5161", "0.0149", "0.0612", "0.4078"),
        ),
        (
            *(COMMITMENTS, "epsilon = 0.1, p_r = 0.6", "commitments"),
            with_commitments(race, high, strong, upkeep),
            ("0.0000", "0.0032", "0.0743", "0.0241", "0.8984"),
        ),
    )
    return tuple(
        Check(
            paper=paper,
            where=f"long run, {where}",
            what=f"share of {STRATEGIES[arrangement][place]}",
            stated=numeral,
            ours=partial(_share, matrix, place),
        )
        for paper, where, arrangement, matrix, numerals in (*plain, *peers)
        for place, numeral in enumerate(numerals)
    )


CHECKS: Final = (*_threshold_checks(), *_share_checks())
