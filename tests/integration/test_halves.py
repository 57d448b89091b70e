"""Two halves of real verifiers that meet again convict a lab that showed each another log."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from pausenet.cli import network
from pausenet.cli.live_run import load_scenario
from pausenet.cli.options import Display
from pausenet.cli.output import Screen
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.messages import PeerUp, Report, Told
from pausenet.protocol.verifier import VerifierMachine
from pausenet.scenario.expect import Expectation
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId, PeriodIndex
from tests.integration.copies import until
from tests.integration.live import Ran, quick
from tests.integration.nursery import Nursery, Recorded
from tests.integration.relays import Halved, Relay, told_through

pytestmark = [pytest.mark.processes, pytest.mark.slow]

BIRCH = ParticipantId("birch")
CHEAT_FROM = 5
ROUNDS_MAX = 2
"""The round of gossip after the ways are open, and one that goes by while entries are fetched."""


def story() -> Scenario:
    honest = quick(load_scenario("honest", None))
    cheat = CheatPlan(by=BIRCH, kind=CheatKind.TWO_FACES, start=PeriodIndex(CHEAT_FROM))
    return replace(honest, labs=honest.labs[:2], cheats=(cheat,), expect=Expectation())


def test_two_halves_that_meet_again_convict_a_lab_of_two_faces(tmp_path: Path) -> None:
    scenario, place = story(), tmp_path / "network"
    addresses = network.loopback_addresses(scenario, 0)
    register = network.make(place, scenario, seed=scenario.seed, addresses=addresses)
    verifiers = register.verifiers
    halves = (verifiers[:2], verifiers[2:])
    with ExitStack() as stack:
        relays = {
            name: stack.enter_context(Relay(int(address.rpartition(":")[2])))
            for name, address in addresses.items()
        }
        nursery = stack.enter_context(Nursery())
        children = stack.enter_context(
            Recorded(tmp_path / "processes", nursery=nursery, network=place)
        )
        ran = Ran(scenario=scenario, register=register, directory=place, children=children)
        live = Halved(scenario, register, place, children, Screen(Display.NONE))
        live.views = {
            name: told_through(relays, other)
            for half, other in (halves, halves[::-1])
            for name in half
        }
        live.up()
        wait_for(live, CHEAT_FROM)
        for relay in relays.values():
            relay.close()
        wait_for(live, CHEAT_FROM + 3)  # each half has been shown another account of period 5
        assert all(not ran.evidence(name) for name in verifiers)
        apart_until = live._now()
        for relay in relays.values():
            relay.open()
        until(lambda: all(map(ran.evidence, verifiers)), "a proof at every verifier", 30)
        assert set(children.settle().values()) == {0}
    for name in verifiers:
        claims = [verify_bundle(data, register.network_id) for data in ran.evidence(name).values()]
        assert all(found.exit_code == 1 for found in claims)
        assert {found.claim.accused for found in claims if found.claim} == {BIRCH}
        other = halves[name in halves[0]]
        rounds = rounds_until_proof(ran, name, other, apart_until)
        print(f"{name}: {rounds} rounds of gossip until it held a proof")
        assert rounds <= ROUNDS_MAX


def wait_for(live: Halved, period: int) -> None:
    """Wait until a period begins."""
    begin = live._schedule.period(PeriodIndex(period)).start
    while live._now() < begin:
        time.sleep(0.01)


def rounds_until_proof(
    ran: Ran, name: ParticipantId, other: tuple[ParticipantId, ...], apart_until: int
) -> int:
    """How often a verifier gossiped between its way to the other half and its proof of a fork."""
    machine = ran.makers()[name](1)
    assert isinstance(machine, VerifierMachine)
    met: int | None = None
    for event, effects in ran.starts(name)[0]:
        assert machine.step(event) == effects
        if isinstance(event, PeerUp) and event.peer in other and event.now >= apart_until:
            met = machine._gossip._ticks if met is None else met
        if any(proves_a_fork(effect) for effect in effects):
            # By way of a peer of its own half the proof may come before its own way is open.
            return 0 if met is None else machine._gossip._ticks - met
    raise AssertionError(f"{name} never proved a fork")


def proves_a_fork(effect: object) -> bool:
    if not isinstance(effect, Report) or effect.told is not Told.FAULT:
        return False
    return effect.about == BIRCH and Fault(str(dict(effect.facts)["fault"])).is_fork
