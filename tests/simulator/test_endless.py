"""A run in which machines answer each other for ever stops, and says how to repeat it."""

import pytest

from pausenet.errors import EndlessRun
from pausenet.protocol.messages import Hello, Received, Send
from pausenet.simulator.world import EVENTS_AT_ONCE_MAX
from tests.simulator.small import AURORA, SMALL, VERIFIER, world

REPEAT = "repeat it: pausenet run small --seed 7"


def test_what_puts_off_its_own_end_within_one_second_is_stopped():
    endless = world()

    def again():
        endless.at(endless.now, again)

    again()
    with pytest.raises(EndlessRun, match=REPEAT) as stopped:
        endless.run(endless.start + SMALL.period_s)
    assert stopped.value.moment == endless.start
    assert stopped.value.events == len(endless.nodes) * EVENTS_AT_ONCE_MAX + 1


def test_two_machines_that_always_answer_each_other_are_stopped(monkeypatch):
    endless = world()
    monkeypatch.setattr("pausenet.simulator.world.EVENTS_OF_A_PAIR_MAX", 20)

    class Echo:
        def __init__(self, me):
            self.id = me

        def step(self, event):
            assert isinstance(event, Received)
            return (Send(to=event.sender, message=event.message),)

    for name in (AURORA, VERIFIER):
        endless.nodes[name].machine, endless.nodes[name].up = Echo(name), True
    hello = Hello(origin=endless.setting.register.origin_of(AURORA))
    for _ in range(40):  # more than one message at a time, so that a second holds few of them
        endless._deliver(AURORA, VERIFIER, hello)
    pairs = len(endless.nodes) ** 2
    with pytest.raises(EndlessRun, match="seed 7 of small") as stopped:
        endless.run(endless.start + SMALL.periods * SMALL.period_s)
    assert stopped.value.events == 20 * pairs * (SMALL.periods + 1) + 1
    assert stopped.value.moment > endless.start


def test_a_world_in_which_nothing_happens_ends():
    quiet = world()
    quiet.run(quiet.start + SMALL.period_s)
    assert quiet.now == quiet.start + SMALL.period_s
