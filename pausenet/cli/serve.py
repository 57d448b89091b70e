"""One node in this process: from the command line's words to `node.run.run_node`."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pausenet.cli.attacker import make_machine, parse_attack, parse_ratify_from
from pausenet.cli.network import READY_FILE
from pausenet.errors import Misuse, NodeError
from pausenet.node.config import NETWORK_FILE, NetworkFile, NodeConfig, read_network
from pausenet.node.run import run_node
from pausenet.protocol.messages import Machine
from pausenet.protocol.register import Keyring, Register
from pausenet.values import NetworkId, ParticipantId, Role

START_WAIT_S: Final = 600.0
"""How long a node waits for its network to be started."""
_LOOK_S: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What the command line says about one node; a role of None is any that only speaks."""

    net: Path
    id: str | None
    role: Role | None
    network_id: str | None = None
    passphrase: str | None = None
    samples: Path | None = None
    recording: Path | None = None
    metrics_port: int | None = None
    listen: str = ""
    http: str = ""
    http_entries: bool | None = None
    witness_policy: Path | None = None
    attacks: tuple[str, ...] = ()
    ratify_from: str = "0"


def serve(told: Serving) -> int:
    """Run the node until it is told to stop; its exit code."""
    config = config_of(told)
    attacks = tuple(parse_attack(text, config.id) for text in told.attacks)

    ratifies_from = parse_ratify_from(told.ratify_from)

    def factory(register: Register, keys: Keyring) -> Machine:
        return make_machine(register, keys, attacks, ratifies_from)

    wait_for_start(config)
    return asyncio.run(run_node(config, factory))


def config_of(told: Serving) -> NodeConfig:
    """The node's configuration; raises `Misuse` where the network has nobody such."""
    network = read_network(told.net)
    name = _participant(told, network)
    try:
        pinned = None if told.network_id is None else NetworkId.from_hex(told.network_id)
    except ValueError as error:
        raise Misuse(f"--network-id: {error}") from error
    below = told.net / name
    return NodeConfig(
        id=name,
        # A volume of its own holds the participant's files beside the public ones.
        home=below if below.is_dir() else told.net,
        public=told.net,
        network_id=pinned,
        passphrase=told.passphrase or "",
        samples=told.samples,
        recording=told.recording,
        metrics_port=told.metrics_port,
        listen=told.listen,
        http=told.http,
        http_entries=told.http_entries,
        witness_policy=told.witness_policy,
    )


def wait_for_start(config: NodeConfig) -> None:
    """Say that this node is ready, and wait until the network has a start."""
    (config.home / READY_FILE).write_text("ready\n", encoding="utf-8")
    until = time.monotonic() + START_WAIT_S
    while read_network(config.public).start == 0:
        if time.monotonic() > until:
            raise NodeError(f"{config.public / NETWORK_FILE}: the network was not started")
        time.sleep(_LOOK_S)


def _participant(told: Serving, network: NetworkFile) -> ParticipantId:
    """Whom to run: the one named, or the only one of this role whose files are here."""
    what = told.role or "speaker"
    here = sorted(
        name
        for name, entry in network.participants.items()
        if (entry.role.speaks_only if told.role is None else entry.role is told.role)
    )
    if told.id is not None:
        if told.id not in here:
            raise Misuse(f"no {what} named {told.id!r:.80}: there are {', '.join(here)}")
        return ParticipantId(told.id)
    homes = [name for name in here if (told.net / name).is_dir()]
    if len(homes) != 1:
        raise Misuse(f"say which {what} with --id: {', '.join(here)}")
    return ParticipantId(homes[0])
