"""The joint likelihood ratio of readings whose covariance is known.

| symbol | here | meaning |
|---|---|---|
| y | `readings` | what the channels of one group read, shape (..., n) |
| m | `shift` | what the violation would add to each, shape (n,) |
| Sigma | `covariance` | of the readings, the same with and without the violation |
"""

from __future__ import annotations

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats
from pausenet.inference.sequential.statistics import sitmuf


def normal_joint(readings: Floats, shift: Floats, covariance: Floats) -> Floats:
    """The log-likelihood ratio m^T Sigma^-1 (y - m / 2), shape (...).

    y is taken to have the mean 0 where nothing is hidden, and m where the violation is there.
    By whitening: with w = C^-1 y and d = C^-1 m (Cholesky) it is d . (w - d / 2). Raises Misuse
    where Sigma is singular: then one channel repeats others and has to be left out.
    """
    whole = np.asarray(shift, dtype=np.float64)
    if whole.ndim != 1 or covariance.shape != (len(whole), len(whole)):
        raise Misuse("normal_joint: expected a shift (n,) and a covariance (n, n)")
    moved = sitmuf(whole, covariance)
    white = sitmuf(np.asarray(readings, dtype=np.float64), covariance)
    ratios: Floats = np.asarray((white - 0.5 * moved) @ moved, dtype=np.float64)
    return ratios


def information(shift: Floats, covariance: Floats) -> float:
    """The mean log ratio where the violation is there: half of m^T Sigma^-1 m, in nats."""
    moved = sitmuf(np.asarray(shift, dtype=np.float64), covariance)
    return 0.5 * float(moved @ moved)
