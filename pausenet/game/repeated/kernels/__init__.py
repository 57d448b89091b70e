"""Simulation kernels of the monitored repeated pause: very many runs, labs that are watched.

`plain` is the reference, one run at a time; `vectorised` is numpy, `compiled` is numba (extra
`[fast]`): all three give the same whole numbers. `best` is the fastest that is installed.
"""

from types import ModuleType

from pausenet.game.repeated.kernels.plain import UNIT, Lab, PausePlan
from pausenet.game.repeated.kernels.vectorised import PlayedMany, keys_of
from pausenet.inference.counter import Words


def best() -> ModuleType:
    """The compiled kernel where numba is installed, else that in numpy."""
    try:
        from pausenet.game.repeated.kernels import compiled
    except ModuleNotFoundError as error:
        if error.name != "numba":
            raise
        from pausenet.game.repeated.kernels import vectorised

        return vectorised
    return compiled


__all__ = ["UNIT", "Lab", "PausePlan", "PlayedMany", "Words", "best", "keys_of"]
