"""From a scenario to a network's directory, and from there to one process a participant."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from pausenet.errors import Misuse
from pausenet.files.acts import write_act
from pausenet.files.samples import write_reading, write_usage
from pausenet.node.init import NetworkPlan, ParticipantPlan, make_network
from pausenet.protocol.register import Register
from pausenet.scenario.plan import SIMULATED_START, CheatPlan, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.simulator.fleet import samples
from pausenet.simulator.people import acts_of
from pausenet.simulator.unfolding import unfolded
from pausenet.values import ParticipantId, Role

LOOPBACK: Final = "127.0.0.1"
READY_FILE: Final = "ready"
"""A node's process writes it when it has loaded all it needs and waits for the start."""


def participants_of(
    scenario: Scenario,
    addresses: Mapping[ParticipantId, str],
    http: Mapping[ParticipantId, str] | None = None,
) -> tuple[ParticipantPlan, ...]:
    """Everybody but the registrar: verifiers, each lab with its meter, then who only speaks."""
    edges = http or {}
    found = [
        ParticipantPlan(
            id=plan.name,
            role=Role.VERIFIER,
            bloc=plan.bloc,
            group=f"verifier-{plan.name}",
            address=addresses[plan.name],
            http=edges.get(plan.name, ""),
        )
        for plan in scenario.verifiers
    ]
    for lab in scenario.labs:
        for name, role, bloc, group in (
            (lab.name, Role.LAB, "labs", lab.name),
            (lab.meter, Role.METER, "meters", lab.controls_meter),
        ):
            edge = edges.get(name, "")
            found.append(ParticipantPlan(id=name, role=role, bloc=bloc, group=group, http=edge))
    for each in scenario.speakers:
        bloc, edge = f"{each.role}s", edges.get(each.name, "")
        found.append(
            ParticipantPlan(id=each.name, role=each.role, bloc=bloc, group=each.name, http=edge)
        )
    return tuple(found)


def make(
    directory: Path,
    scenario: Scenario,
    *,
    seed: int,
    addresses: Mapping[ParticipantId, str],
    http: Mapping[ParticipantId, str] | None = None,
    homes: Mapping[ParticipantId, Path] | None = None,
    start: int = 0,
    ends: bool = False,
) -> Register:
    """Make the directory of a scenario's network, samples included.

    `addresses` are where verifiers take calls, `http` where participants serve HTTP. With `ends`
    network time stands still after the scenario's last period, for which there are samples. Raises
    `Misuse` for a scenario in which verifiers come or go.
    """
    if scenario.changes:
        raise Misuse("changes: only the simulator carries out changes of who the verifiers are")
    scenario = unfolded(scenario, seed)
    fleet = samples(scenario, seed)
    lines = {name: "".join(map(write_usage, found)) for name, found in fleet.labs.items()}
    lines |= {name: "".join(map(write_reading, found)) for name, found in fleet.meters.items()}
    agreement, people = agreement_of(scenario), participants_of(scenario, addresses, http)
    said = {each.id: acts_of(scenario.acts, each.id, agreement.digest) for each in people}
    plan = NetworkPlan(
        name=scenario.name,
        participants=people,
        agreement=agreement,
        epsilon_s=scenario.epsilon_s,
        delta_s=scenario.delta_s,
        heartbeat_s=scenario.heartbeat_s,
        speed=scenario.speed,
        time_zero=SIMULATED_START,
        start=start,
        periods=scenario.periods if ends else 0,
        samples=lines,
        acts={name: "".join(map(write_act, acts)) for name, acts in said.items() if acts},
    )
    return make_network(directory, plan, homes=homes)


def loopback_addresses(scenario: Scenario, port_base: int) -> dict[ParticipantId, str]:
    """An address on loopback for each verifier: from `port_base` on, or free ones where it is 0."""
    names = [plan.name for plan in scenario.verifiers]
    ports = range(port_base, port_base + len(names)) if port_base else free_ports(len(names))
    return {name: f"{LOOPBACK}:{port}" for name, port in zip(names, ports, strict=True)}


def loopback_edges(
    scenario: Scenario, port_base: int, taken: Mapping[ParticipantId, str]
) -> dict[ParticipantId, str]:
    """Where everybody serves HTTP on loopback: after the verifiers' ports, or on free ones."""
    names = everybody(scenario)
    if port_base:
        ports: Iterable[int] = range(port_base + len(taken), port_base + len(taken) + len(names))
    else:
        used = {address.rpartition(":")[2] for address in taken.values()}
        drawn = free_ports(len(names) + len(taken))
        ports = [port for port in drawn if str(port) not in used][: len(names)]
    return {name: f"{LOOPBACK}:{port}" for name, port in zip(names, ports, strict=True)}


def free_ports(count: int) -> tuple[int, ...]:
    """Ports of loopback that are free now, all different."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return tuple(each.getsockname()[1] for each in sockets)


def node_arguments(scenario: Scenario, directory: Path, name: ParticipantId) -> list[str]:
    """The arguments of `pausenet` that run this participant's node, its cheats included."""
    role = scenario.role_of(name)
    command = "speaker" if role.speaks_only else str(role)
    arguments = [command, "--net", str(directory), "--id", str(name)]
    if role is Role.LAB and (start := scenario.lab(name).ratifies_from) != 0:
        arguments += ["--ratify-from", "never" if start is None else str(start)]
    for cheat in scenario.cheats:
        if cheat.by == name:
            arguments += ["--attack", attack_text(cheat)]
    return arguments


def everybody(scenario: Scenario) -> tuple[ParticipantId, ...]:
    """Everybody who runs a node, verifiers first."""
    names = [plan.name for plan in scenario.verifiers]
    for lab in scenario.labs:
        names += [lab.name, lab.meter]
    return (*names, *(plan.name for plan in scenario.speakers))


def attack_text(cheat: CheatPlan) -> str:
    """A cheat as `--attack` takes it: `KIND:from=6,until=9,amount=200000 ppm`."""
    until = "" if cheat.until is None else f",until={cheat.until}"
    return f"{cheat.kind}:from={cheat.start}{until},amount={cheat.amount_ppm} ppm"
