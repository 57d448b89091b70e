"""One balance, one test: what a quantity's size in sigmas makes of its chance to be found.

A one-sided test at false-alarm rate alpha raises an alarm where the balance exceeds z_alpha
sigmas. A quantity M hidden in it is then found with probability (domain.md 2.1)

    detection(M) = Phi(M / sigma - z_alpha).

| symbol | here | meaning | unit |
|---|---|---|---|
| M / sigma | `sigmas` | the hidden quantity over the balance's standard deviation | 1 |
| alpha | `alpha` | probability of an alarm where nothing is hidden | 1 |
| z_alpha | | the quantile that a standard normal exceeds with probability alpha | 1 |
| 1 - beta | `detection` | probability of an alarm where M is hidden | 1 |
"""

from __future__ import annotations

from pausenet.errors import Misuse
from pausenet.inference.normal import above, upper_quantile


def detection_probability(sigmas: float, alpha: float) -> float:
    """The probability that a quantity of so many sigmas raises the alarm.

    >>> round(detection_probability(1.645, 0.05), 2)
    0.5
    """
    return above(upper_quantile(alpha) - sigmas)


def sigmas_needed(detection: float, alpha: float) -> float:
    """How many sigmas a quantity must have to be found with the stated probability.

    >>> [round(sigmas_needed(detection, 0.05), 3) for detection in (0.5, 0.9, 0.95)]
    [1.645, 2.926, 3.29]
    """
    return upper_quantile(alpha) - upper_quantile(detection)


def sigma_allowed(quantity: float, detection: float, alpha: float) -> float:
    """The largest balance sigma, in the quantity's unit, that still finds it so often.

    Raises Misuse where the asked detection is not above alpha: any sigma would do.
    """
    needed = sigmas_needed(detection, alpha)
    if needed <= 0.0:
        raise Misuse(f"sigma_allowed: expected detection above alpha, found {detection}")
    return quantity / needed
