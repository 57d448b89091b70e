"""A run looks for no cycles: it makes none that matter, and after it they are looked for again."""

import gc

import pytest

from pausenet.errors import EndlessRun
from pausenet.simulator.observer import Observer
from pausenet.simulator.run import simulate
from pausenet.simulator.signatures import Signatures
from tests.simulator.small import AURORA, VERIFIER
from tests.simulator.swarms import brief, restored

LITTLE = 200
"""Objects; a single machine that had to be found by a collection would be a thousand."""


class Looking(Observer):
    """Counts at the end of a run what could not be reached any more."""

    def __init__(self):
        self.enabled, self.lost = True, -1

    def finished(self, world):
        self.enabled, self.lost = gc.isenabled(), gc.collect()


@pytest.fixture(autouse=True)
def left_as_it_was():
    was_enabled = gc.isenabled()
    gc.collect()
    yield
    if was_enabled:
        gc.enable()
    else:
        gc.disable()


def test_machines_that_are_started_anew_leave_next_to_nothing_that_only_a_collection_frees():
    looking = Looking()
    again = brief(faults=(restored(AURORA), restored(VERIFIER)))
    ran = simulate(again, seed=1, observers=(looking,), signatures=Signatures.KEYED_HASH)
    assert ran.fired["disk.restored"] == 2
    assert not looking.enabled
    assert 0 <= looking.lost < LITTLE


@pytest.mark.parametrize("before", [True, False])
def test_a_run_that_fails_leaves_collection_as_it_found_it(before, monkeypatch):
    def failing(*_):
        assert not gc.isenabled()
        raise EndlessRun(scenario="small", seed=1, moment=0, events=0)

    monkeypatch.setattr("pausenet.simulator.run._simulated", failing)
    (gc.enable if before else gc.disable)()
    with pytest.raises(EndlessRun):
        simulate(brief())
    assert gc.isenabled() is before


def test_a_run_within_a_run_does_not_bring_collection_back(monkeypatch):
    asked = []

    def nested(*_):
        asked.append(gc.isenabled())
        if len(asked) == 1:
            simulate(brief())
            asked.append(gc.isenabled())

    monkeypatch.setattr("pausenet.simulator.run._simulated", nested)
    gc.enable()
    simulate(brief())
    assert asked == [False, False, False]
    assert gc.isenabled()
