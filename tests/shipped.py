"""A run of each ready scenario that all tests of a session share: its result, and what was held."""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path

import pytest

from pausenet.files import find_scenario, read_scenario
from tests.once import once
from tests.simulator.cuts import Ran, ran


def shipped_by(factory: pytest.TempPathFactory, name: str) -> Ran:
    """The run of the ready scenario of this name, with its own seed."""

    def make(path: Path) -> None:
        scenario = read_scenario(find_scenario(name))
        path.write_bytes(pickle.dumps(ran(scenario, scenario.seed)))

    return _read(once(factory, f"{name}.pickle", make))


@cache
def _read(path: Path) -> Ran:
    found: Ran = pickle.loads(path.read_bytes())
    return found
