"""Nodes killed again and again while labs submit: what was receipted stays, and nobody is accused.

PAUSENET_KILLS says how many SIGKILLs; at least 30 % interrupt an unacknowledged batch, and at
least 10 % hit two nodes at once.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pausenet.cli import network
from pausenet.cli.live import LiveNetwork
from pausenet.cli.live_run import load_scenario
from pausenet.cli.options import Display
from pausenet.cli.output import Screen
from pausenet.protocol.register import Register
from pausenet.scenario.expect import Expectation
from pausenet.scenario.plan import Scenario
from pausenet.values import ParticipantId, Role
from tests.integration.copies import Copies, Reports, until
from tests.integration.live import quick
from tests.integration.nursery import Nursery, Recorded

pytestmark = [pytest.mark.processes, pytest.mark.slow]

KILLS = int(os.environ.get("PAUSENET_KILLS", "50"))
PERIODS_MAX = 400


class Crashes:
    """One network, its processes, and all that the test itself has been told or has read."""

    def __init__(
        self, scenario: Scenario, register: Register, directory: Path, children: Recorded
    ) -> None:
        self._scenario, self._register = scenario, register
        self._directory, self._children = directory, children
        self._copies = Copies(directory)
        self._chance = random.Random(scenario.seed)
        self.names = network.everybody(scenario)
        self.reports = {name: Reports(children.logs / f"{name}.log") for name in self.names}
        self.kills = self.at_once = self.unacknowledged = 0

    def strike(self, victims: Sequence[ParticipantId]) -> None:
        """Wait until the first has an open batch, kill all at once, restart, check everything."""
        until(lambda: self.reports[victims[0]].is_open, f"a batch of {victims[0]}")
        starts = {name: self._children.starts[name] for name in victims}
        for name in victims:
            self._children.running[name].kill()
        for name in victims:
            assert self._children.running[name].wait() == -9
        self.kills += len(victims)
        self.at_once += len(victims) > 1
        self.unacknowledged += sum(self.reports[name].is_open for name in victims)
        self._copies.look()  # what the disks hold now is what a restart must find
        for name in victims:
            arguments = network.node_arguments(self._scenario, self._directory, name)
            self._children.start(name, arguments)
        until(lambda: self._are_back(starts), f"{victims} are back")
        self.check()

    def _are_back(self, starts: Mapping[ParticipantId, int]) -> bool:
        """Whether each of these has begun once more than so many times."""
        for name in starts:
            self.reports[name].look()
        return all(self.reports[name].starts > times for name, times in starts.items())

    def check(self) -> None:
        """Hold what was receipted against every copy on every disk."""
        for report in self.reports.values():
            report.look()
        sizes = self._copies.look()
        for name, report in self.reports.items():
            member = self._register.members[name]
            copies = sizes.get(str(member.origin), {})
            holding = [
                holder
                for holder, size in copies.items()
                if size >= report.receipted and holder in self._register.verifiers
            ]
            assert len(holding) >= self._register.quorum.k or not report.receipted, name
            assert copies.get(name, 0) >= report.receipted, name
        assert self._copies.proofs() == []
        assert self._children.dead() == {}

    def next_victims(self) -> tuple[ParticipantId, ...]:
        """Every fourth time two at once; labs and meters as often as verifiers."""
        attesters = [n for n in self.names if self._register.members[n].role is not Role.VERIFIER]
        verifiers = [n for n in self.names if n not in attesters]
        first = self._chance.choice(self._chance.choice((attesters, verifiers)))
        if self.kills + 1 < KILLS and self._chance.randrange(4) == 0:
            return first, self._chance.choice([n for n in verifiers if n != first])
        return (first,)


def story() -> Scenario:
    honest = quick(load_scenario("honest", None))
    return replace(honest, labs=honest.labs[:2], periods=PERIODS_MAX, expect=Expectation())


def test_what_was_receipted_survives_kills_and_nobody_honest_is_accused(tmp_path: Path) -> None:
    scenario, place = story(), tmp_path / "network"
    addresses = network.loopback_addresses(scenario, 0)
    register = network.make(place, scenario, seed=scenario.seed, addresses=addresses)
    with (
        Nursery() as nursery,
        Recorded(tmp_path / "processes", nursery=nursery, recording=False) as children,
    ):
        LiveNetwork(scenario, register, place, children, Screen(Display.NONE)).up()
        crashes = Crashes(scenario, register, place, children)
        until(lambda: _all_receipted(crashes, 1), "first receipts")
        while crashes.kills < KILLS:
            crashes.strike(crashes.next_victims())
        before = {name: report.appended for name, report in crashes.reports.items()}
        until(
            lambda: all(_receipted(crashes, name) > size for name, size in before.items()),
            "receipts after the last kill",
        )
        crashes.check()
        assert set(children.settle().values()) == {0}
    print(
        f"{crashes.kills} kills, {crashes.unacknowledged} of them with an open batch, "
        f"{crashes.at_once} times two at once"
    )
    assert crashes.kills >= KILLS
    assert crashes.unacknowledged >= KILLS * 3 // 10
    assert crashes.at_once >= KILLS // 10


def _receipted(crashes: Crashes, name: ParticipantId) -> int:
    crashes.reports[name].look()
    return crashes.reports[name].receipted


def _all_receipted(crashes: Crashes, size: int) -> bool:
    return all(_receipted(crashes, name) >= size for name in crashes.names)
