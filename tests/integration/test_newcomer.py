"""A newcomer in a network that runs: its people settle it, and it comes to hold every log."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from pausenet.cli import network
from pausenet.cli.live import LiveNetwork
from pausenet.cli.logfiles import find_logs
from pausenet.cli.main import invoke
from pausenet.cli.options import Display
from pausenet.cli.output import Screen
from pausenet.errors import PausenetError
from pausenet.protocol.succession import open_envelope
from pausenet.scenario.plan import DAY_S
from pausenet.statements.membership import Handover
from tests.integration.copies import until
from tests.integration.nursery import Nursery, Recorded
from tests.simulator.small import SMALL

pytestmark = [pytest.mark.processes, pytest.mark.slow]

NEW = "verifier-5"
LONG_S = 150.0


def register(*words: object) -> None:
    """One `pausenet register` command."""
    assert invoke(["register", *(str(word) for word in words)], debug=False) == 0


def admit_and_settle(net: Path, desk: Path) -> None:
    """What people do, file by file."""
    keys, admit = net / NEW / "keys", desk / "admit.json"
    register("admit", net, keys, "--id", NEW, "--out", admit)
    approvals = []
    for number in (1, 2, 3):
        who, out = f"verifier-{number}", desk / f"{number}.json"
        held = net / who / "keys"
        register("approve", net, admit, "--keys", held, "--verifier", who, "--out", out)
        approvals.append(out)
    registrar = net / "registrar" / "keys"
    register("append", net, admit, *approvals, "--keys", registrar, "--newcomer", keys)
    (port,) = network.free_ports(1)
    register("settle", net, keys, "--id", NEW, "--address", f"127.0.0.1:{port}")


def has_handed_over(net: Path) -> bool:
    """Whether some disk holds a log of the newcomer in which it says that it holds all others."""
    try:
        log = find_logs(net).get(NEW)
    except (PausenetError, OSError):
        return False  # read while it is written
    entries = () if log is None else log.entries()
    return any(isinstance(open_envelope(each)[1].body, Handover) for each in entries)


def test_who_is_admitted_and_settled_reads_every_log_and_hands_over(tmp_path: Path) -> None:
    scenario = replace(SMALL, speed=DAY_S, period_s=2 * DAY_S, periods=200)
    net, desk = tmp_path / "net", tmp_path / "desk"
    desk.mkdir()
    held = network.make(net, scenario, seed=1, addresses=network.loopback_addresses(scenario, 0))
    with (
        Nursery() as nursery,
        Recorded(tmp_path / "processes", nursery=nursery, recording=False) as children,
    ):
        live = LiveNetwork(scenario, held, net, children, Screen(Display.NONE))
        live.up()
        admit_and_settle(net, desk)
        first = children.running["verifier-1"]
        first.terminate()
        first.wait(20)
        for who in ("verifier-1", NEW):
            children.start(who, ["verifier", "--net", str(net), "--id", who])
        until(partial(has_handed_over, net), "a handover by the newcomer", LONG_S)
        assert children.dead() == {}
