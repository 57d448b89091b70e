"""A node follows its register: it writes what has grown, and begins anew in the same process."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from pausenet.node.config import NodeConfig, encode_register, read_register
from pausenet.node.init import REGISTRAR, start_network
from pausenet.node.keystore import load_keys
from pausenet.node.run import EXIT_DONE, run_node
from pausenet.protocol.attester import LabMachine
from pausenet.protocol.enrolment import note_over
from pausenet.protocol.membership import admission, approval, entered
from pausenet.protocol.messages import Entries
from pausenet.protocol.register import Register
from pausenet.values import REGISTER_ORIGIN, Role, Seq
from tests.node.networks import AURORA, VERIFIERS, make
from tests.node.test_run import Line, logged, until
from tests.protocol.paper import applicant, keyring


def grown(root: Path, held: Register) -> Register:
    """The register with a newcomer admitted, by the keys that the network was made with."""
    registrar = load_keys(root / REGISTRAR / "keys", REGISTRAR, Role.REGISTRAR, None)
    change = admission(held, applicant("verifier-5", Role.VERIFIER, ""))
    approvals = {}
    for name in VERIFIERS:
        keys = load_keys(root / name / "keys", name, Role.VERIFIER, None)
        approvals[name] = approval(held, keys, change)
    newcomer = keyring("verifier-5", Role.VERIFIER)
    return entered(held, registrar, change, approvals, newcomer)


def played(config: NodeConfig, sent: list[Entries]) -> tuple[int, list[int]]:
    """Run a lab's node, let verifiers send it this, stop it: its code, and the registers it ran by.

    Each message waits until the node runs, the next until it has done what it does.
    """

    async def play() -> tuple[int, list[int]]:
        line, sizes = Line(), list[int]()

        def factory(register: Register, keys: object) -> LabMachine:
            sizes.append(register.size)
            home = config.home / "keys"
            return LabMachine(register=register, keys=load_keys(home, AURORA, Role.LAB, None))

        node = asyncio.create_task(run_node(config, factory, line.factory()))
        await until(line.started.is_set)
        for message in sent:
            line.started.clear()
            line.on_message(VERIFIERS[1], message)
            with_more = len(sizes) + 1
            for _ in range(100):
                if len(sizes) == with_more and line.started.is_set():
                    break
                await asyncio.sleep(0.01)
        os.kill(os.getpid(), 15)
        return await asyncio.wait_for(node, 10), sizes

    return asyncio.run(play())


def configured(tmp_path: Path) -> NodeConfig:
    root = tmp_path / "net"
    make(root)
    start_network((root,), int(time.time()) - 10)
    return NodeConfig(
        id=AURORA, home=root / AURORA, public=root, log_file=tmp_path / "node.log", grace_s=0.1
    )


def entries(held: Register, note: bytes | None = None) -> Entries:
    return Entries(
        origin=REGISTER_ORIGIN, start=Seq(0), entries=held.entries, note=note or held.note
    )


def test_a_node_begins_anew_with_what_its_register_has_become_and_keeps_it(tmp_path: Path) -> None:
    config = configured(tmp_path)
    first = read_register(config.public, None)
    longer = grown(config.public, first)
    thief = load_keys(config.home / "keys", AURORA, Role.LAB, None)
    false = entries(longer, note_over(longer.entries, thief))
    code, sizes = played(config, [false, entries(first), entries(longer), entries(longer)])
    assert code == EXIT_DONE
    assert sizes == [first.size, longer.size]
    assert sum("beginning anew" in str(line["event"]) for line in logged(config)) == 1
    assert played(config, [])[1] == [longer.size]


def test_a_node_that_is_set_up_with_a_longer_register_follows_that(tmp_path: Path) -> None:
    config = configured(tmp_path)
    first = read_register(config.public, None)
    (config.public / "register.json").write_bytes(encode_register(grown(config.public, first)))
    assert played(config, [entries(first)])[1] == [first.size + 1]
