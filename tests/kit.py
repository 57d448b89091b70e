"""The conformance kit, made twice in a session: by this program, and by the command elsewhere."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from pausenet.simulator.vectors import Suite, make_suite
from tests.once import once

OTHER_HASHES = "4711"


def suite_of(factory: pytest.TempPathFactory) -> Suite:
    """All cases, as `make_suite` makes them."""
    return _read(once(factory, "kit.pickle", _make))


def files_of(factory: pytest.TempPathFactory) -> Path:
    """A directory of cases that the command wrote, in a process with hashes of its own."""
    return once(factory, "kit", _write)


def _make(path: Path) -> None:
    path.write_bytes(pickle.dumps(make_suite()))


@cache
def _read(path: Path) -> Suite:
    suite: Suite = pickle.loads(path.read_bytes())
    return suite


def _write(directory: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pausenet", "vectors", "make", str(directory)],
        env={**os.environ, "PYTHONHASHSEED": OTHER_HASHES},
        capture_output=True,
        check=True,
    )
