"""Prior odds, posterior odds, and what an alarm is worth among many who follow the rules.

Exact: `Fraction` in, `Fraction` out. An alarm is never to be read without the share of such
alarms that are true, the positive predictive value (PPV).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from pausenet.errors import Misuse


def odds(probability: Fraction) -> Fraction:
    """p / (1 - p), for p from 0 to below 1.

    >>> odds(Fraction(1, 10))
    Fraction(1, 9)
    """
    if not 0 <= probability < 1:
        raise Misuse(f"odds: expected a probability from 0 to below 1, found {probability}")
    return probability / (1 - probability)


def posterior(prior: Fraction, ratio: Fraction) -> Fraction:
    """The probability after a likelihood ratio: posterior odds = prior odds x ratio.

    >>> posterior(Fraction(1, 10), Fraction(9))
    Fraction(1, 2)
    """
    if ratio < 0:
        raise Misuse(f"posterior: expected a likelihood ratio from 0, found {ratio}")
    after = odds(prior) * ratio
    return after / (1 + after)


def posterior_of_log(prior: Fraction, log_ratio: float) -> float:
    """The same in floats from a logarithm, such as that of `fused`; no overflow at any size."""
    if prior == 0:
        return 0.0
    before = odds(prior)
    x = math.log(before.numerator) - math.log(before.denominator) + log_ratio
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A test as it is used: over so many candidates, of which so many are thought to be real.

    `detection` is the chance that a real one raises the alarm, `false_alarm` that another does.
    """

    candidates: int
    real: Fraction
    detection: Fraction
    false_alarm: Fraction

    def __post_init__(self) -> None:
        chances = (self.detection, self.false_alarm)
        if not (0 <= self.real <= self.candidates and all(0 <= each <= 1 for each in chances)):
            raise Misuse("Alarm: expected real among the candidates, and probabilities")
        if self.expected_true + self.expected_false == 0:
            raise Misuse("Alarm: expected a test that ever alarms")

    @property
    def expected_true(self) -> Fraction:
        """How many true alarms to expect."""
        return self.real * self.detection

    @property
    def expected_false(self) -> Fraction:
        """How many false alarms to expect."""
        return (self.candidates - self.real) * self.false_alarm

    @property
    def positive_predictive_value(self) -> Fraction:
        """The share of alarms that are true.

        >>> trap = Alarm(candidates=500, real=Fraction(1), detection=Fraction(9, 10),
        ...              false_alarm=Fraction(5, 100))
        >>> round(float(trap.positive_predictive_value), 3)
        0.035
        """
        return self.expected_true / (self.expected_true + self.expected_false)

    def __str__(self) -> str:
        share = float(100 * self.positive_predictive_value)
        false, true = float(self.expected_false), float(self.expected_true)
        return (
            f"{share:.2g} % of such alarms are true: of {self.candidates} candidates "
            f"{true:.3g} true and {false:.3g} false alarms are expected"
        )


def ratio_needed(prior: Fraction, wanted: Fraction) -> Fraction:
    """The likelihood ratio that lifts the prior to the wanted probability.

    >>> ratio_needed(Fraction(1, 500), Fraction(1, 2))
    Fraction(499, 1)
    """
    if not 0 < prior < 1:
        raise Misuse(f"ratio_needed: expected a prior between 0 and 1, found {prior}")
    return odds(wanted) / odds(prior)
