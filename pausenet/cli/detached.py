"""Networks that outlive the command that started them: `net up` and `net down`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from pausenet.cli import network
from pausenet.cli.live import LiveNetwork
from pausenet.cli.live_run import load_drawn
from pausenet.cli.output import Screen
from pausenet.cli.processes import Children
from pausenet.cli.rundir import make_run_dir
from pausenet.errors import MalformedFile, Misuse, NodeError
from pausenet.node.config import NETWORK_FILE, read_network
from pausenet.values import NetworkId, ParticipantId

PROCESSES: Final = "processes"
PIDS_FILE: Final = "processes.json"
HTTP_PORT_ABOVE: Final = 80
"""With host names: how far the HTTP port stands above the port base."""
_STOP_S: Final = 5.0
_LOOK_S: Final = 0.05


def bring_up(
    named: str, net: Path | None, seed: int | None, port_base: int, screen: Screen
) -> Path:
    """Make a network, or take the one that `net init` made, and start its processes."""
    scenario = load_drawn(named, seed)
    directory = net.resolve() if net is not None else make_run_dir(scenario, None) / "network"
    if (directory / NETWORK_FILE).exists():
        raise Misuse(f"{directory}: there is a network here already")
    addresses = network.loopback_addresses(scenario, port_base)
    register = network.make(
        directory,
        scenario,
        seed=scenario.seed,
        addresses=addresses,
        http=network.loopback_edges(scenario, port_base, addresses),
        ends=True,
    )
    children = Children(logs=directory / PROCESSES, bound=False)
    try:
        LiveNetwork(scenario, register, directory, children, screen).up()
    except BaseException:
        children.stop()
        raise
    pids = {name: child.pid for name, child in children.running.items()}
    (directory / PIDS_FILE).write_text(json.dumps(pids, indent=2) + "\n", encoding="utf-8")
    if scenario.faults:
        screen.progress("the scenario's faults are made by `demo` and `run`, not by `net up`")
    return directory


def bring_down(net: Path) -> int:
    """End every process of this network that still runs; how many there were."""
    running = living(net)
    for pid in running.values():
        _signal(pid, signal.SIGCONT)
        _signal(pid, signal.SIGTERM)
    until = time.monotonic() + _STOP_S
    left = dict(running)
    while left and time.monotonic() < until:
        time.sleep(_LOOK_S)
        left = {name: pid for name, pid in left.items() if _is_ours(pid, net, name)}
    for pid in left.values():
        _signal(pid, signal.SIGKILL)
    (net / PIDS_FILE).unlink(missing_ok=True)
    return len(running)


def living(net: Path) -> dict[str, int]:
    """The process ids of this network that still run, by participant."""
    if not (net / NETWORK_FILE).is_file():
        raise MalformedFile(str(net / NETWORK_FILE), 0, 0, "no such file: not a network")
    try:
        pids = json.loads((net / PIDS_FILE).read_bytes())
        found = {str(name): int(pid) for name, pid in pids.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError) as error:
        raise MalformedFile(str(net / PIDS_FILE), 0, 0, "not a list of processes") from error
    return {name: pid for name, pid in found.items() if _is_ours(pid, net, name)}


def make_only(
    named: str,
    net: Path,
    *,
    seed: int | None,
    port_base: int,
    apart: bool,
    host_names: bool,
    start_in_s: int,
    keep: bool = False,
    ends: bool = False,
) -> NetworkId:
    """Make a network's files and start nothing; with `keep` one that is there is left alone."""
    scenario = load_drawn(named, seed)
    if host_names and not port_base:
        raise Misuse("--host-names needs --port-base")
    addresses = (
        {plan.name: f"{plan.name}:{port_base}" for plan in scenario.verifiers}
        if host_names
        else network.loopback_addresses(scenario, port_base)
    )
    names = (*network.everybody(scenario), ParticipantId("registrar"))
    http = (
        {name: f"{name}:{port_base + HTTP_PORT_ABOVE}" for name in network.everybody(scenario)}
        if host_names
        else network.loopback_edges(scenario, port_base, addresses)
    )
    homes = {name: net / name for name in names} if apart else None
    made = _made_before((*homes.values(),) if homes else (net,)) if keep else None
    if made is not None:
        return made
    return network.make(
        net,
        scenario,
        seed=scenario.seed,
        addresses=addresses,
        http=http,
        homes=homes,
        start=int(time.time()) + start_in_s if start_in_s else 0,
        ends=ends,
    ).network_id


def _made_before(places: tuple[Path, ...]) -> NetworkId | None:
    """The network whose public files stand in all these places; None where none has any.

    Raises `NodeError` for some of a network, which neither runs nor can be added to.
    """
    made = [place for place in places if (place / NETWORK_FILE).is_file()]
    if not made:
        return None
    found = {read_network(place).network_id for place in made}
    if len(made) < len(places) or len(found) > 1:
        raise NodeError(f"{made[0]}: a part of a network is here; remove it and begin again")
    return NetworkId.from_hex(found.pop())


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise NodeError(f"process {pid}: not ours to end") from error


def _is_ours(pid: int, net: Path, name: str) -> bool:
    """Whether this process id still is that node's: ids are given out again."""
    words = _command(pid)
    return "pausenet" in words and str(net.resolve()) in words and name in words


def _command(pid: int) -> list[str]:
    """A process's words; none for one that has ended."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            return []
    done = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()
