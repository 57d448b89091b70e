"""How the errors of a sequence of balances hang together: one covariance for each account.

The error model is that of safeguards, reading = true x (1 + r + s): r drawn anew for each
measurement, s fixed while one calibration lasts (domain.md 2.1; `MeterError`). A sequence of n
balances then has the n x n covariance below, and the physics of the account decides its form.

*Use account* (flow). Compute perishes: nothing is carried over, so the balances of two periods
share the calibration error and nothing else:

    Sigma_ij = u_i^2 r^2 [i = j] + u_i u_j s^2 [same calibration]                >= 0

*Chip account* (stock). MUF_i = R_i - S_i + I_(i-1) - I_i: what ends one period begins the next,
so that a wrong inventory enters twice, with opposite signs:

    Sigma_ii = R_i^2 (r_R^2 + s_R^2) + S_i^2 (r_S^2 + s_S^2)
             + (I_i^2 + I_(i-1)^2)(r_I^2 + s_I^2) - 2 I_i I_(i-1) s_I^2

    Sigma_ij = R_i R_j s_R^2 + S_i S_j s_S^2 + (I_i I_j + I_(i-1) I_(j-1)) s_I^2
             - I_i I_(j-1) (s_I^2 + r_I^2 [i = j - 1]) - I_(i-1) I_j (s_I^2 + r_I^2 [j = i - 1])

within one calibration. These are the terms of MAPIT's theory guide (sandialabs/MAPIT, "Covariance
Matrix"); here they follow from one linear form, in which calibrations may also end.

| symbol | here | meaning | shape |
|---|---|---|---|
| u_i | `amounts` | metered amount of period i | (..., n) |
| R, S | `receipts`, `shipments` | what came and went in period i | (..., n) |
| I | `inventories` | inventory at the beginning and after each period | (..., n + 1) |
| r, s | `MeterError` | relative standard deviations, random and systematic | |
| | `calibrations` | which calibration each measurement stands under | (n,), (n + 1,) |

Amounts may be in any unit, and 10^28 of it; covariances are in its square. Leading axes are
scenarios. Errors of channels under different calibrations are independent: add their matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats
from pausenet.inference.balance import MeterError


@dataclass(frozen=True, slots=True, kw_only=True)
class StockErrors:
    """The errors of the chip account's three kinds of measurement."""

    receipts: MeterError
    shipments: MeterError
    inventories: MeterError


def calibration_blocks(periods: int, every: int) -> tuple[int, ...]:
    """Which calibration each of so many measurements stands under, with a new one every so often.

    >>> calibration_blocks(5, 2)
    (0, 0, 1, 1, 2)
    """
    if min(periods, every) < 1:
        raise Misuse(f"calibration_blocks: expected counts from 1, found {periods} and {every}")
    return tuple(period // every for period in range(periods))


def use_covariance(amounts: Floats, error: MeterError, calibrations: Sequence[int]) -> Floats:
    """The covariance of the use account's balances, shape (..., n, n)."""
    values = np.asarray(amounts, dtype=np.float64)
    shared = _same(calibrations, values.shape[-1])
    return _spread(values, error, shared)


def chip_covariance(
    receipts: Floats,
    shipments: Floats,
    inventories: Floats,
    errors: StockErrors,
    calibrations: Sequence[int],
) -> Floats:
    """The covariance of the chip account's balances, shape (..., n, n).

    `calibrations` names n + 1 measurements: the first inventory, then each period with its flows
    and the inventory at its end. Steps: 1. flows in and out, as in the use account. 2. an
    inventory is one measurement, plus in the period that it begins and minus in the one that it
    ends; its covariance follows by the linear form D V D^T.
    """
    stock = np.asarray(inventories, dtype=np.float64)
    periods = stock.shape[-1] - 1
    if periods < 1 or receipts.shape[-1] != periods or shipments.shape[-1] != periods:
        raise Misuse("chip_covariance: expected one inventory more than receipts and shipments")
    shared = _same(calibrations, periods + 1)
    # 1. flows
    flows = _spread(receipts, errors.receipts, shared[1:, 1:])
    flows = flows + _spread(shipments, errors.shipments, shared[1:, 1:])
    # 2. inventories: row i of the difference takes I_(i-1) - I_i
    difference = np.eye(periods, periods + 1) - np.eye(periods, periods + 1, k=1)
    carried: Floats = difference @ _spread(stock, errors.inventories, shared) @ difference.T
    return flows + carried


def merged(covariance: Floats, lengths: Sequence[int]) -> Floats:
    """The covariance when neighbouring balances are closed as one, so many at a time.

    Merging undoes a subdivision: the sum of all entries stays what it was.
    """
    if sum(lengths) != covariance.shape[-1] or min(lengths) < 1:
        raise Misuse(f"merged: expected lengths that sum to {covariance.shape[-1]}")
    rows = np.repeat(np.arange(len(lengths)), lengths)
    gather = (np.arange(len(lengths))[:, np.newaxis] == rows).astype(np.float64)
    values: Floats = gather @ covariance @ gather.T
    return values


def _same(calibrations: Sequence[int], count: int) -> Floats:
    names = np.asarray(calibrations)
    if names.shape != (count,):
        raise Misuse(f"expected {count} calibrations, found {names.shape}")
    same: Floats = (names[:, np.newaxis] == names).astype(np.float64)
    return same


def _spread(amounts: Floats, error: MeterError, shared: Floats) -> Floats:
    """Random errors on the diagonal, systematic ones where a calibration is shared."""
    values = np.asarray(amounts, dtype=np.float64)
    random, systematic = error.random_ppm * 1e-6, error.systematic_ppm * 1e-6
    relative = random**2 * np.eye(values.shape[-1]) + systematic**2 * shared
    spread: Floats = values[..., :, np.newaxis] * relative * values[..., np.newaxis, :]
    return spread
