"""Has the operator falsified its own figures? The D statistic and MUF - D.

The operator (a lab) measures every item of a stratum and the balance is closed with its figures.
The inspector (a verifier) measures a sample again, with its own instruments. Differences tell of
falsified figures, the balance of missing amounts; a diverter may split a total between both.

| symbol | here | meaning |
|---|---|---|
| N, n | `items`, `sampled` | items of a stratum, and of them measured by the inspector |
| x | `amount` | what each item holds |
| +1, -1 | `sign` | adds to the balance (input, opening stock) or takes from it |
| o, i | `operator`, `inspector` | errors of the two sides (`MeterError`) |

With D = sum over strata of sign (N / n) sum over the sample (operator - inspector):

    Var(MUF)     = sum x^2 (N r_o^2 + N^2 s_o^2)
    Var(D)       = sum x^2 (N^2 / n)(r_o^2 + r_i^2) + x^2 N^2 (s_o^2 + s_i^2)
    Cov(MUF, D)  = Var(MUF), for the operator's errors are in both
    Var(MUF - D) = Var(D) - Var(MUF)

(Jaech, Statistical Methods in Nuclear Material Control, TID-26298, 1973; Avenhaus and Canty,
Compliance Quantified, 1996, chapter 4.) A loss M leaves E(MUF) = M where figures are honest. If
a part of it is hidden by falsifying, E(MUF) = M - F and E(D) = -F, so MUF - D finds M whatever
the split, and is the best test against the split that is worst for the inspector. What is falsified
is taken as spread evenly over the items of a stratum. Where it sits in few of them the sample may
meet none or many, D varies by that too, and counting defects finds it better: `sampling.measured`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats
from pausenet.inference.balance import MeterError
from pausenet.inference.detection import detection_probability
from pausenet.inference.normal import upper_quantile
from pausenet.inference.sequential.losses import worst_case
from pausenet.inference.sequential.orthant import Estimate, none_exceeds


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedStratum:
    """Like items that one operator measures all and one inspector measures in part."""

    items: int
    sampled: int
    amount: float
    sign: int
    operator: MeterError
    inspector: MeterError

    def __post_init__(self) -> None:
        if not (1 <= self.sampled <= self.items and self.amount > 0.0 and abs(self.sign) == 1):
            raise Misuse("PairedStratum: expected 1 <= sampled <= items, amount > 0, sign +1 or -1")


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedVariances:
    """Var(MUF), Var(D) and, from them, Var(MUF - D); in the square of the amounts' unit."""

    muf: float
    difference: float

    @property
    def adjusted(self) -> float:
        """Var(MUF - D)."""
        return self.difference - self.muf

    @property
    def covariance(self) -> Floats:
        """The covariance of (MUF, -D), whose means add up to the total loss; shape (2, 2)."""
        return np.array([[self.muf, -self.muf], [-self.muf, self.difference]])


def variances(strata: Sequence[PairedStratum]) -> PairedVariances:
    """The variances of independent strata together.

    Each stratum's instruments count as its own: strata that one instrument measured belong
    together in one `PairedStratum`, or their systematic errors are taken for independent.
    """
    muf = difference = 0.0
    for stratum in strata:
        square, count = stratum.amount**2, float(stratum.items)
        r_o, s_o = _relative(stratum.operator)
        r_i, s_i = _relative(stratum.inspector)
        muf += square * (count * r_o**2 + count**2 * s_o**2)
        scaled = count**2 / stratum.sampled
        difference += square * (scaled * (r_o**2 + r_i**2) + count**2 * (s_o**2 + s_i**2))
    return PairedVariances(muf=muf, difference=difference)


def d_statistic(operator: Floats, inspector: Floats, *, items: int, sign: int = 1) -> float:
    """D of one stratum from its paired readings, each of shape (n,).

    >>> d_statistic(np.array([10.0, 12.0]), np.array([11.0, 12.0]), items=100)
    -50.0
    """
    if operator.shape != inspector.shape or not 1 <= operator.size <= items:
        raise Misuse("d_statistic: expected as many readings of both sides, at most all items")
    return float(sign * items * np.mean(operator - inspector))


def adjusted_detection(total: float, found: PairedVariances, alpha: float) -> float:
    """The detection probability of MUF - D for a total loss, however it is split between both."""
    return detection_probability(total / math.sqrt(found.adjusted), alpha)


def worst_split(total: float, found: PairedVariances) -> tuple[float, float]:
    """How the diverter's best split divides the total: (left in MUF, hidden by falsifying).

    It is the worst case of Avenhaus and Jaech for the two statistics MUF and -D: all of it is
    falsified, because the row sum of MUF is 0; what were left in MUF, MUF would find as well.
    """
    left, hidden = worst_case(total, found.covariance)
    return float(left), float(hidden)


def separate_detection(
    left: float, hidden: float, found: PairedVariances, alpha: float
) -> Estimate:
    """The detection probability where MUF and D are tested apart, with alpha for both together.

    Each is tested at 1 - (1 - alpha)^(1/2), so that the joint rate is a little off alpha where
    they correlate; `none_exceeds` gives the chance that neither alarms.
    """
    each = upper_quantile(-math.expm1(0.5 * math.log1p(-alpha)))
    sigmas = np.sqrt(np.diagonal(found.covariance))
    limits = each * sigmas - np.array([left, hidden])
    held = none_exceeds(limits, found.covariance)
    return Estimate(value=1.0 - held.value, error=held.error)


def _relative(error: MeterError) -> tuple[float, float]:
    return error.random_ppm * 1e-6, error.systematic_ppm * 1e-6
