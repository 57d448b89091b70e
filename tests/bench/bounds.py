# mypy: disable-error-code="untyped-decorator"
"""What no compiled kernel can be faster than: its draws, made and put to no use."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from pausenet.inference.drawn import unfinished
from pausenet.simulator.kernels.table import SHIFT

_SHIFT: Final = np.uint64(SHIFT)
_LANES: Final = 512


@numba.njit
def drawn(keys: Any, periods: Any) -> Any:
    """So many draws of each key."""
    found = np.uint64(0)
    for begin in range(0, len(keys), _LANES):
        near = keys[begin : begin + _LANES]
        for at in range(periods):
            place = np.uint64(at)
            for lane in range(len(near)):
                found |= unfinished(near[lane] ^ place)
    return found


@numba.njit
def looked_up(keys: Any, periods: Any, z: Any) -> Any:
    """The same, and each looked up in a table."""
    index, found = np.zeros(_LANES, np.uint16), np.zeros(_LANES)
    for begin in range(0, len(keys), _LANES):
        near = keys[begin : begin + _LANES]
        for at in range(periods):
            place = np.uint64(at)
            for lane in range(len(near)):
                index[lane] = unfinished(near[lane] ^ place) >> _SHIFT
            for lane in range(len(near)):
                found[lane] = z[index[lane]]
    return found
