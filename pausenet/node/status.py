"""What a node says of itself: a small status in memory and on disk, and its evidence files.

    NET/<id>/status.json             replaced as a whole whenever something has changed
    NET/<id>/evidence/<id>.json      one evidence bundle, under its digest

Both are for those who look from outside, a health check, a person, the demo; nothing here is
read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import orjson

from pausenet.node import names
from pausenet.node.store.disk import DIRECTORY_MODE, over_disk, replace_file
from pausenet.protocol.messages import Report, Told
from pausenet.statements.canonical import Json
from pausenet.statements.finding import Appraisal
from pausenet.values import Digest, NetworkId, NetworkTime, Origin, ParticipantId, Role, TreeSize

STATUS_FILE: Final = names.STATUS_FILE
EVIDENCE: Final = "evidence"
_FINDS: Final = frozenset(
    {Told.FAULT, Told.COMPROMISED, Told.CUT, Told.APPRAISED, Told.SILENCE, Told.STORED}
)


class AgreedAppraisal(Protocol):
    """An appraisal and the verifiers that made it byte for byte."""

    @property
    def appraisal(self) -> Appraisal:
        """What they found."""

    @property
    def verifiers(self) -> tuple[ParticipantId, ...]:
        """Who they are."""


class Findings(Protocol):
    """What a verifier has found; `VerifierMachine.view` is one."""

    def agreed(self) -> tuple[AgreedAppraisal, ...]:
        """The network's latest appraisal of each lab."""

    def bundles(self) -> Mapping[Digest, bytes]:
        """All evidence bundles, by id."""


@runtime_checkable
class HasView(Protocol):
    """A machine with something to show."""

    @property
    def view(self) -> Findings:
        """What may be read."""


@dataclass(slots=True, kw_only=True)
class Status:
    """What a node says of itself just now. `halted` says why it no longer signs, if so.

    `trouble` is what went wrong around the machine: its disk, its samples. `http` is where the
    HTTP edge is, `witness` what this node's witness has cosigned, and `outside` which outside
    witnesses have cosigned its own log: these count for nothing here.
    """

    id: ParticipantId
    role: Role
    network_id: NetworkId
    now: NetworkTime = NetworkTime(0)  # noqa: RUF009  # an immutable number
    port: int = 0
    peers_up: tuple[ParticipantId, ...] = ()
    peers_needed: int = 0
    running: bool = False
    halted: str = ""
    trouble: str = ""
    clock: str = "sound"
    logs: Mapping[Origin, TreeSize] = field(default_factory=dict)
    receipted: int = 0
    http: str = ""
    witness: Mapping[str, Json] = field(default_factory=dict)
    outside: Mapping[str, Json] = field(default_factory=dict)
    in_force_from: int = -1

    @property
    def ready(self) -> bool:
        """Whether this node does its work: it runs, may sign, and reaches enough verifiers."""
        healthy = self.running and not self.halted and not self.trouble
        return healthy and self.clock == "sound" and len(self.peers_up) >= self.peers_needed

    def take(self, report: Report) -> None:
        """Learn from a report of the machine."""
        facts = dict(report.facts)
        match report.told:
            case Told.HALTED:
                self.halted = str(facts.get("reason", "halted"))
            case Told.CLOCK:
                self.clock = str(facts.get("standing", "sound"))
            case Told.RECEIPTED:
                self.receipted = max(self.receipted, int(facts.get("size", 0)))
            case Told.IN_FORCE:
                self.in_force_from = int(facts.get("period", -1))

    def encode(self, agreed: tuple[AgreedAppraisal, ...], bundles: tuple[Digest, ...]) -> bytes:
        """Write it as JSON for people and programs."""
        return orjson.dumps(
            {
                "id": str(self.id),
                "role": str(self.role),
                "network_id": self.network_id.hex(),
                "now": int(self.now),
                "ready": self.ready,
                "halted": self.halted,
                "trouble": self.trouble,
                "port": self.port,
                "peers_up": [str(peer) for peer in self.peers_up],
                "logs": {str(origin): int(size) for origin, size in self.logs.items()},
                "receipted": self.receipted,
                "http": self.http,
                "witness": dict(self.witness),
                "outside": dict(self.outside),
                "in_force_from": self.in_force_from,
                "appraisals": [
                    {
                        "appraisal": item.appraisal.to_json(),
                        "verifiers": [str(name) for name in item.verifiers],
                    }
                    for item in agreed
                ],
                "bundles": [bundle.hex() for bundle in bundles],
            },
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        )


class StatusFiles:
    """Writes the status and the evidence of one node, and only what has changed."""

    def __init__(self, home: Path, findings: Findings | None) -> None:
        self._home, self._findings = home, findings
        self._kept: set[Digest] = set()
        self._agreed: tuple[AgreedAppraisal, ...] = ()
        self._last = b""
        self._stale = True

    def take(self, report: Report) -> None:
        """Learn from a report whether there may be new findings."""
        self._stale |= report.told in _FINDS

    def write(self, status: Status) -> None:
        """Bring the files up to date; raises `NodeError` when the disk fails."""
        if self._findings is not None and self._stale:
            self._stale = False
            self._agreed = self._findings.agreed()
            self._keep(self._findings.bundles())
        content = status.encode(self._agreed, tuple(sorted(self._kept)))
        if content != self._last:
            replace_file(self._home / STATUS_FILE, content, durable=False)
            self._last = content

    def _keep(self, bundles: Mapping[Digest, bytes]) -> None:
        directory = self._home / EVIDENCE
        with over_disk(directory):
            directory.mkdir(mode=DIRECTORY_MODE, exist_ok=True)
        for identity in bundles.keys() - self._kept:
            replace_file(directory / f"{identity.hex()}.json", bundles[identity], durable=False)
            self._kept.add(identity)
