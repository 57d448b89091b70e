"""Periodicity: the outer steps of distributed training leave a beat in traffic or power.

The Lomb-Scargle periodogram with a floating mean (Zechmeister and Kuerster, Astronomy and
Astrophysics 496, 2009): at each frequency, the share of the readings' variation about their mean
that a sine of that frequency explains. Readings may come at any times, with gaps.

Where readings are a constant and independent normal noise, that share p is beta-distributed,

    P(share > p) = (1 - p)^((n - 3) / 2),

exactly, for n readings at any times. Over F frequencies the rate is at most F times as high
(Bonferroni), and is kept at alpha so. Frequencies are chosen beforehand; those of honest cycles
(day, week, the declared checkpoints) are left out.

| symbol | here | meaning | unit |
|---|---|---|---|
| n | | readings | 1 |
| F | `frequencies` | frequencies searched | cycles per unit of time |
| p | `shares` | share of variation explained | 1 |
| a | `amplitude` | of the hidden sine, over the noise's sigma | 1 |
| lambda | | noncentrality, the sine's squared deviations from its mean, over sigma^2 | 1 |
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats

_READINGS_LEAST: Final = 6
_NEGLIGIBLE: Final = 1e-14
_DEGENERATE: Final = 1e-9


def shares(times: Floats, readings: Floats, frequencies: Floats) -> Floats:
    """The share explained at each frequency, shape (..., F), of readings of shape (..., n).

    1. The columns cos and sin are freed of their means and made orthonormal. 2. The share is the
    squared length of the readings' projection over that of their deviations. Misuse where a
    frequency's columns do not span a plane at these times, as at the Nyquist frequency.
    """
    when = np.asarray(times, dtype=np.float64)
    values = np.asarray(readings, dtype=np.float64)
    if when.ndim != 1 or values.shape[-1:] != when.shape or len(when) < _READINGS_LEAST:
        raise Misuse(f"shares: expected {_READINGS_LEAST} times or more, and a reading for each")
    centred = values - values.mean(axis=-1, keepdims=True)
    whole = np.sum(np.square(centred), axis=-1)
    if not np.all(whole > 0.0):
        raise Misuse("shares: expected readings that are not all alike")
    found = [_explained(when, centred, float(frequency)) for frequency in frequencies]
    explained: Floats = np.stack(found, axis=-1) / whole[..., np.newaxis]
    return explained


def _explained(times: Floats, centred: Floats, frequency: float) -> Floats:
    """The squared length of the projection of centred readings on one frequency's plane."""
    # 1.
    first, second = _plane(times, frequency)
    # 2.
    return np.asarray(np.square(centred @ first) + np.square(centred @ second), dtype=np.float64)


def _plane(times: Floats, frequency: float) -> tuple[Floats, Floats]:
    angle = 2.0 * math.pi * frequency * times
    first, second = np.cos(angle), np.sin(angle)
    first, second = first - first.mean(), second - second.mean()
    floor = _DEGENERATE * math.sqrt(len(times))
    length = float(np.linalg.norm(first))
    if length > floor:
        first = first / length
        second = second - (second @ first) * first
    rest = float(np.linalg.norm(second))
    if min(length, rest) <= floor:
        raise Misuse(f"shares: expected times that tell a phase at frequency {frequency:g}")
    return first, second / rest


def share_limit(readings: int, searched: int, alpha: float) -> float:
    """The share that raises an alarm: 1 - (alpha / F)^(2 / (n - 3))."""
    if readings < _READINGS_LEAST or searched < 1 or not 0.0 < alpha < 1.0:
        raise Misuse("share_limit: expected readings, a frequency and a rate between 0 and 1")
    return -math.expm1(2.0 / (readings - 3) * math.log(alpha / searched))


def periodicity_p_value(largest: float, readings: int, searched: int) -> float:
    """At most so often is the largest share that large where there is no beat."""
    if readings < _READINGS_LEAST or searched < 1 or not 0.0 <= largest <= 1.0:
        raise Misuse("periodicity_p_value: expected a share, readings and a frequency")
    return float(min(1.0, searched * (1.0 - largest) ** (0.5 * (readings - 3))))


def periodicity_power(
    times: Floats, frequency: float, amplitude: float, *, searched: int, alpha: float
) -> float:
    """P(alarm at the beat's own frequency), for the phase that these times hide best.

    A beat adds a^2 times the squared length of its centred column to the noncentrality; the
    least over phases is the smaller eigenvalue of the columns' Gram matrix. Then the share is
    beta-distributed with 1 + J and (n - 3) / 2, J Poisson with mean lambda / 2.
    """
    angle = 2.0 * math.pi * frequency * np.asarray(times, dtype=np.float64)
    columns = np.stack((np.cos(angle), np.sin(angle)))
    columns = columns - columns.mean(axis=-1, keepdims=True)
    least = float(np.linalg.eigvalsh(columns @ columns.T)[0])
    limit = share_limit(len(times), searched, alpha)
    return noncentral_tail(limit, 0.5 * (len(times) - 3), amplitude**2 * least)


def noncentral_tail(p: float, b: float, noncentrality: float) -> float:
    """P(share > p): over j, Poisson chances times (1 - p)^b sum_(i <= j) Gamma(b + i) p^i /
    (Gamma(b) i!), the tail of beta(1 + j, b).
    """
    half = max(0.0, 0.5 * noncentrality)
    log_front = b * math.log1p(-p)
    total = tail = seen = 0.0
    j = 0
    while seen < 1.0 - _NEGLIGIBLE and j < 10.0 * half + 200.0:
        log_term = log_front + math.lgamma(b + j) - math.lgamma(b) - math.lgamma(j + 1.0)
        tail += math.exp(log_term + (j * math.log(p) if j else 0.0))
        log_half = math.log(half) if half > 0.0 else -math.inf
        weight = math.exp(j * log_half - half - math.lgamma(j + 1.0)) if j else math.exp(-half)
        total, seen, j = total + weight * min(1.0, tail), seen + weight, j + 1
    return min(1.0, total)
