"""The HTTP edge of a participant's node: its log, a verifier's witness, outside witnesses asked.

    NET/<id>/cosigned/<id>.note   the last checkpoint of a log with k storing cosignatures on it,
                                  of the own log also with those of outside witnesses
    NET/<id>/guard/witness/       what a verifier's witness key has signed

The edge is beside the machine: where it fails the node goes on, and its status says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from pausenet.errors import MalformedFile, MalformedRecord, Misuse, NodeError
from pausenet.log.checkpoint import Checkpoint, Note
from pausenet.log.policyfile import WitnessPolicy, parse_policy
from pausenet.node.config import NodeConfig, split_address
from pausenet.node.edge.desk import WitnessDesk
from pausenet.node.edge.outside import OutsideWitnesses
from pausenet.node.edge.published import PublishedLog, PublishedRegister, cosigned_file
from pausenet.node.edge.routes import Edge
from pausenet.node.edge.server import HttpServer
from pausenet.node.report_log import ReportLog
from pausenet.node.status import Status
from pausenet.node.store.disk import DIRECTORY_MODE, over_disk, read_file, replace_file
from pausenet.node.store.witnessed import WitnessRecords
from pausenet.protocol.circles import may_publish
from pausenet.protocol.messages import Machine
from pausenet.protocol.mirror import Mirror
from pausenet.protocol.register import Keyring, Register
from pausenet.protocol.witness import Witness
from pausenet.values import Origin, Role

LOOK_S: Final = 0.5
_LOOPBACK: Final = ("127.0.0.1", "::1")
NOBODY: Final = WitnessPolicy(logs=(), witnesses=(), groups=(), quorum="none")


class Book(Protocol):
    """What the edge needs of a machine's logs; `protocol.logbook.LogBook` is one."""

    @property
    def mirrors(self) -> Mapping[Origin, Mirror]:
        """The logs that are held."""

    def cosigned(self, origin: Origin) -> Note | None:
        """The latest checkpoint with k storing cosignatures on it, if there is one."""


@runtime_checkable
class HasBook(Protocol):
    """A machine whose logs may be read."""

    @property
    def book(self) -> Book:
        """The logs."""


@runtime_checkable
class MaySign(Protocol):
    """A machine that knows whether its keys may sign."""

    @property
    def may_sign(self) -> bool:
        """Whether they may."""


class NodeEdge:
    """One node's edge; `start`, `serve` until cancelled, `stop`."""

    def __init__(
        self,
        config: NodeConfig,
        register: Register,
        machine: Machine,
        *,
        address: str,
        policy: WitnessPolicy,
        desk: WitnessDesk | None,
        status: Status,
        log: ReportLog,
    ) -> None:
        self._home, self._register, self._machine = config.home, register, machine
        self._me = register.members[config.id]
        self._desk, self._status, self._log = desk, status, log
        self._address = config.http or address
        self._outside = OutsideWitnesses(policy)
        self._written: dict[Origin, bytes] = {}
        self._head: Checkpoint | None = None
        self._server: HttpServer | None = None
        self._directory = config.places.data / "logs" / self._me.origin
        self._with_entries = config.http_entries

    async def start(self) -> None:
        """Listen, where an address is given; a port that is taken is said and no more."""
        if not self._address:
            return
        host, port = split_address(self._address)
        with_entries = self._with_entries
        if with_entries is None:
            # What is not for the public (2.9) is not served off loopback, but for its hashes.
            with_entries = may_publish(self._register, self._me) or host in _LOOPBACK
        shown = PublishedLog(
            self._directory, cosigned_file(self._home, self._me.id), with_entries=with_entries
        )
        held = None
        if self._me.role is Role.VERIFIER:
            held = PublishedRegister(self._register.entries, self._register.note)
        edge = Edge(log=shown, witness=self._desk, register=held)
        self._server = HttpServer(edge.answer)
        try:
            bound = await self._server.start(host, port)
        except NodeError as error:
            self._log.fail("serves no HTTP", problem=str(error))
            return
        self._status.http = f"{f'[{host}]' if ':' in host else host}:{bound}"
        self._log.say("serves HTTP", at=self._status.http)

    async def serve(self) -> None:
        """Keep the cosigned checkpoints near the truth, and ask outside witnesses; for ever."""
        while True:
            try:
                await self._look()
            except NodeError as error:
                self._log.fail("cosigned checkpoints are not written", problem=str(error))
            except Exception as error:  # a slip of ours: the node goes on without this
                self._log.broken("cosigned checkpoints are looked after no more", error)
                return
            await asyncio.sleep(LOOK_S)

    async def stop(self) -> None:
        """Close every connection and the witness's disk."""
        if self._server is not None:
            await self._server.stop()
        if self._desk is not None:
            await self._desk.close()

    async def _look(self) -> None:
        if isinstance(self._machine, HasBook):
            book = self._machine.book
            for origin in tuple(book.mirrors):
                note = book.cosigned(origin)
                if note is not None and origin == self._me.origin:
                    await self._outside.ask(note, book.mirrors[origin].tree)
                    self._head, note = note.body, self._outside.with_lines(note)
                if note is not None:
                    self._write(origin, note.encode())
        self._status.outside = self._outside.report(self._head)
        if self._desk is not None:
            self._status.witness = {
                "vkey": self._desk.witness.key.encode(),
                "cosigned": self._desk.cosigned,
                "problem": self._desk.failed,
            }

    def _write(self, origin: Origin, data: bytes) -> None:
        if self._written.get(origin) == data:
            return
        path = cosigned_file(self._home, origin.participant)
        with over_disk(path.parent):
            path.parent.mkdir(mode=DIRECTORY_MODE, exist_ok=True)
        replace_file(path, data, durable=False)
        self._written[origin] = data


def open_records(config: NodeConfig, log: ReportLog) -> WitnessRecords | None:
    """What a verifier's witness key has signed; None where that cannot be known: then it rests.

    To be called before the guard is opened: where there is a guard, these records must be too.
    """
    guard = config.places.guard
    has_signed = (guard / "records.log").exists()
    try:
        with over_disk(guard):
            guard.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
        return WitnessRecords(guard / "witness", may_be_new=not has_signed)
    except (NodeError, MalformedRecord) as error:
        log.fail("no witness", problem=str(error))
        return None


def open_desk(
    records: WitnessRecords,
    register: Register,
    keys: Keyring,
    machine: Machine,
    policy: WitnessPolicy,
    log: ReportLog,
) -> WitnessDesk | None:
    """A verifier's witness, for all logs of the network and those of the policy.

    Raises `Misuse` for a policy that names a log of this network: the register says its key.
    """
    if keys.witness is None:
        raise Misuse(f"{keys.id} has no witness key")
    members = register.members
    names = {member.origin for member in members.values()}
    for each in policy.logs:
        if each.key.name in names:
            raise Misuse(f"witness policy: {each.key.name} is a log of this network")
    logs = (
        *(member.log_key for member in members.values()),
        *(each.key for each in policy.logs),
    )
    witness = Witness(name=members[keys.id].origin.witness, signer=keys.witness, logs=logs)
    allowed = (lambda: machine.may_sign) if isinstance(machine, MaySign) else (lambda: True)
    try:
        return WitnessDesk(witness, records, may_sign=allowed)
    except MalformedRecord as error:
        log.fail("no witness", problem=str(error))
        return None


def read_policy(path: Path | None) -> WitnessPolicy:
    """The policy of a file, or one that names nobody; raise `MalformedFile` for another content."""
    if path is None:
        return NOBODY
    data = read_file(path)
    if data is None:
        raise MalformedFile(str(path), 0, 0, "no such file")
    return parse_policy(data, str(path))
