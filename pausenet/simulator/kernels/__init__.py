"""Statistical kernels: what channels and meters draw for very many runs, without the protocol.

`plain` is the reference, one run at a time; the simulator of the real protocol takes its leads
from it, so that both fidelities draw the same. `vectorised` is numpy, `compiled` is numba (extra
`[fast]`): all three give the same whole numbers. `best` is the fastest that is installed.
"""

from types import ModuleType

from pausenet.simulator.kernels.plain import (
    BalancePlan,
    first_alarms,
    first_imbalance,
    key_of,
    salt_of,
    thresholds,
)


def best() -> ModuleType:
    """The compiled kernels where numba is installed, else those in numpy."""
    try:
        from pausenet.simulator.kernels import compiled
    except ModuleNotFoundError as error:
        if error.name != "numba":
            raise
        from pausenet.simulator.kernels import vectorised

        return vectorised
    return compiled


__all__ = [
    "BalancePlan",
    "best",
    "first_alarms",
    "first_imbalance",
    "key_of",
    "salt_of",
    "thresholds",
]
