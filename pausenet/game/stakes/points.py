"""Points that fill a cube evenly: Halton's sequence, the same for everybody, without chance.

J. H. Halton, On the efficiency of certain quasi-random sequences of points, Numerische Mathematik 2
(1960) 84-90. Coordinate j of point i is i written in base p_j (the j-th prime), mirrored at the
point. The first points are left out, as their coordinates in large bases are alike.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from pausenet.errors import Misuse

PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
LEFT_OUT: Final = 409


def halton(count: int, dimensions: int) -> npt.NDArray[np.float64]:
    """`count` points of (0, 1)^dimensions, shape (count, dimensions).

    Raises `Misuse` for more dimensions than the table of primes has.

    >>> halton(1, 2) > 0
    array([[ True,  True]])
    """
    if not (1 <= dimensions <= len(PRIMES) and count >= 1):
        raise Misuse(f"halton: expected 1 to {len(PRIMES)} dimensions and a point, at least")
    index = np.arange(LEFT_OUT, LEFT_OUT + count, dtype=np.int64)
    return np.column_stack([_mirrored(index, base) for base in PRIMES[:dimensions]])


def _mirrored(index: npt.NDArray[np.int64], base: int) -> npt.NDArray[np.float64]:
    rest, place = index.copy(), 1.0 / base
    found = np.zeros(index.shape)
    while rest.any():
        rest, digit = np.divmod(rest, base)
        found += place * digit
        place /= base
    return found
