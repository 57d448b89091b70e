"""What one test session makes once, whichever worker needs it first, and all of them read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The path that `make` has filled, a file or a directory; made by the first who asks.

    Others wait for it. Where `make` fails, the next who asks tries again.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    path, begun = shared / name, shared / f"{name}.begun-{os.getpid()}"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            make(begun)
            begun.rename(path)
    return path
