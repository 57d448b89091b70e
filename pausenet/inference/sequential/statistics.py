"""The statistics of a balance sequence: MUF, CuMUF, SITMUF and GEMUF.

MUF is "material unaccounted for", here compute or chips: what a balance leaves over. All take
`muf` of shape (..., n) and a covariance of shape (n, n) or (..., n, n); leading axes are
scenarios, and means transform as balances do.
"""

from __future__ import annotations

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats


def chip_muf(receipts: Floats, shipments: Floats, inventories: Floats) -> Floats:
    """MUF_i = R_i - S_i + I_(i-1) - I_i, shape (..., n), from n + 1 inventories."""
    stock = np.asarray(inventories, dtype=np.float64)
    values: Floats = receipts - shipments + stock[..., :-1] - stock[..., 1:]
    return values


def cumuf(muf: Floats) -> Floats:
    """The running sum of the balances: what is missing since the account began."""
    values: Floats = np.cumsum(muf, axis=-1)
    return values


def cumuf_covariance(covariance: Floats) -> Floats:
    """The covariance of the running sums: L Sigma L^T with L the lower triangle of ones."""
    values: Floats = np.cumsum(np.cumsum(covariance, axis=-1), axis=-2)
    return values


def standardised(values: Floats, covariance: Floats) -> Floats:
    """Each value over its own standard deviation; what hangs together still does."""
    scale: Floats = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    quotient: Floats = values / scale
    return quotient


def correlations(covariance: Floats) -> Floats:
    """The covariance of the standardised values."""
    scale = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    values: Floats = covariance / (scale[..., :, np.newaxis] * scale[..., np.newaxis, :])
    return values


def sitmuf(muf: Floats, covariance: Floats) -> Floats:
    """The standardised independent transformed MUF, shape (..., n).

    Pike and Woods (Harwell, 1982) defined it as each balance less what those before it foretell,
    over the standard deviation that is left; Picard (Sequential analysis of material balances,
    JNMM 15, 1987) gave the form used here: 1. Sigma = C C^T, C lower triangular (Cholesky);
    2. sitmuf = C^-1 muf. If nothing is hidden, its values are independent with mean 0 and
    standard deviation 1. No value changes when later balances come.
    """
    # 1.
    factor = cholesky(covariance)
    # 2.
    columns = np.asarray(muf, dtype=np.float64)[..., np.newaxis]
    return np.asarray(np.linalg.solve(factor, columns)[..., 0], dtype=np.float64)


def gemuf(muf: Floats, covariance: Floats) -> Floats:
    """The generalised MUF after each period, Z_i = muf_1..i^T Sigma_1..i^-1 muf_1..i.

    Seifert (The GEMUF test, 1986), in its version 1: the Neyman-Pearson statistic in which the
    unknown loss of each period is estimated by its own balance. As Cholesky factors are nested,
    Z_i is the running sum of squared SITMUF values; if nothing is hidden it is chi-squared with i
    degrees of freedom. It has no sign: gains raise it as losses do.
    """
    values: Floats = np.cumsum(np.square(sitmuf(muf, covariance)), axis=-1)
    return values


def cholesky(covariance: Floats) -> Floats:
    """The lower triangular factor; Misuse where the matrix is not positive definite.

    Rows and columns are brought to one scale first, so that 10^28 FLOP beside 1 does not matter.
    """
    variances = np.diagonal(covariance, axis1=-2, axis2=-1)
    if not np.all((variances > 0.0) & np.isfinite(variances)):
        raise Misuse("expected a covariance with positive, finite variances")
    scale = np.sqrt(variances)
    try:
        factor = np.asarray(np.linalg.cholesky(correlations(covariance)), dtype=np.float64)
    except np.linalg.LinAlgError as problem:
        raise Misuse("expected a positive definite covariance") from problem
    return factor * scale[..., :, np.newaxis]
