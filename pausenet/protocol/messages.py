"""What goes into a machine and what comes out: events, effects, messages.

A machine is `step(event) -> effects`. It never asks the time, draws a number, opens a file or
sends: time and chance arrive in events, and effects are requests to the shell that drives it.

The one rule of effects: **an effect is a barrier for those after it.** A shell performs them in
order, and performs nothing that follows an `Fsync` before everything written up to it is durable.
It may perform several machines' or events' effects with one fsync, never fewer fsyncs than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from pausenet.statements.codec import Kind
from pausenet.statements.inspection import OPENED_MAX
from pausenet.statements.usage import ClassUsage, SiteUsage, TrainingRun, WorkloadClass
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Pflop,
    Salt,
    Seq,
    TreeSize,
    WattHours,
)

ENTRIES_MAX: Final = 1_024
"""The most entries of one batch."""
BATCH_BYTES_MAX: Final = 2 * 1024 * 1024
"""The most bytes of the entries of one batch."""
NOTES_MAX: Final = 1_024
"""The most notes of one `Heads`."""
NOTE_BYTES_MAX: Final = 16_384
BUNDLE_BYTES_MAX: Final = 3 * 1024 * 1024
RECORDS_MAX: Final = OPENED_MAX
"""The most records of one `Disclosed`, each of at most `statements.job.RECORD_BYTES_MAX`."""


# ------------------------------------------------------------------ messages between peers


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Asked after connecting and at start: how much of my log do you hold?"""

    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How much of a log its reader holds: the stored note, or nothing (size 0, empty note).

    It answers `Hello`, and a `Publish` that did not start at the stored size.
    """

    origin: Origin
    size: TreeSize
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """A batch: entries from `start` on, and the note of the checkpoint that covers them."""

    origin: Origin
    start: Seq
    entries: tuple[bytes, ...]
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """A storing cosigner's answer: the note with the log's line and this cosigner's line."""

    origin: Origin
    note: bytes


class Refusal(StrEnum):
    """Why a message was refused; the fixed texts of the wire."""

    MALFORMED = "malformed"
    NOT_YOURS = "not-yours"
    UNKNOWN_ORIGIN = "unknown-origin"
    BAD_SIGNATURE = "bad-signature"
    BAD_ENTRY = "bad-entry"
    CONFLICT = "conflict"
    NOT_SIGNING = "not-signing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A message about this log was refused."""

    origin: Origin
    reason: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Notes of checkpoints with storing cosignatures, as their sender holds them (gossip)."""

    notes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Asks for entries `start` up to, not including, `end` of a log."""

    origin: Origin
    start: Seq
    end: TreeSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Answers `Fetch` with as many entries as fit a batch, and a note that covers them.

    `note` is the checkpoint as the asker's `end` named it where the sender has that one, else
    the sender's own latest.
    """

    origin: Origin
    start: Seq
    entries: tuple[bytes, ...]
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An evidence bundle of a proof."""

    bundle: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspect:
    """An inspector asks a lab for the records that it has opened for a request."""

    request: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """The opened records, in the order of the opening; they stand in no log (2.9)."""

    request: Digest
    records: tuple[bytes, ...]


Message: TypeAlias = (
    Hello
    | Stored
    | Publish
    | Cosigned
    | Refused
    | Heads
    | Fetch
    | Entries
    | Evidence
    | Inspect
    | Disclosed
)


# ------------------------------------------------------------------ events


class Area(StrEnum):
    """The rooms of a node's disk; the guard's lies apart from the rest (protocol.md 3.6)."""

    GUARD = "guard"
    ENTRY = "entry"
    CHECKPOINT = "checkpoint"
    LEDGER = "ledger"
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record found on the disk at start."""

    area: Area
    log: str
    index: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Booted:
    """The first event of every machine: what its disk holds.

    Records come in the order of their writing within one area and log; of a log's entries only
    those that form an unbroken run from 0, of its checkpoints only the last.
    """

    now: NetworkTime
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerUp:
    """A way to this peer has opened, or opened again."""

    now: NetworkTime
    peer: ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message, from a sender whose identity the shell has established."""

    now: NetworkTime
    sender: ParticipantId
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """The moment asked for by the last `SetTimer` has come."""

    now: NetworkTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One record of a usage ledger before it is salted; times in network seconds."""

    site: ParticipantId
    workload: WorkloadClass
    start: NetworkTime
    end: NetworkTime
    occupied_s: AcceleratorSeconds
    used_pflop: Pflop
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageSample:
    """What a lab's own instruments say of one period; `salts` are fresh, one a job.

    With a `reason` it restates a period that has been attested before: it becomes a correction.
    `operators` are sites with the affiliates that run them; the first sample's are declared.
    """

    period: PeriodIndex
    sites: tuple[SiteUsage, ...]
    classes: tuple[tuple[WorkloadClass, ClassUsage], ...]
    runs: tuple[TrainingRun, ...]
    jobs: tuple[Job, ...]
    salts: tuple[Salt, ...]
    reason: str = ""
    operators: tuple[tuple[ParticipantId, ParticipantId], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSample:
    """What a meter reads of its party in one period."""

    period: PeriodIndex
    party: ParticipantId
    energy_wh: WattHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a participant's people decide to say at the start of period `at`.

    `body` is the canonical JSON of the statement's body. The same act handed in again, as after
    a restart, is said once.
    """

    at: PeriodIndex
    kind: Kind
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """The register from its first entry on, and its note, as the registrar's people hand it in."""

    entries: tuple[bytes, ...]
    note: bytes


Sample: TypeAlias = UsageSample | ReadingSample | Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """A sample has come from this node's instruments, or an act from its people."""

    now: NetworkTime
    sample: Sample | Appended


Event: TypeAlias = Booted | PeerUp | Received | TimerFired | Ingested


# ------------------------------------------------------------------ effects


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Write one record; it is durable only after a later `Fsync`.

    Entries and ledger leaves stand at `index` and replace what a crash may have left there; a
    checkpoint replaces the one before as a whole; guard and journal records are appended
    (`index` is then their running number).
    """

    area: Area
    log: str
    index: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fsync:
    """Make everything written so far durable before going on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send a message; it may be lost, delayed, doubled or overtaken."""

    to: ParticipantId
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """Wake this machine at this time; replaces the moment asked for before."""

    at: NetworkTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """Start this machine anew, from its disk: the register there has grown. A step's last effect.

    All that has been written is made durable before; samples are handed in again after.
    """


class Told(StrEnum):
    """What a machine reports to whoever watches it."""

    APPENDED = "appended"
    RECEIPTED = "receipted"
    STORED = "stored"
    REFUSED = "refused"
    WITHHELD = "withheld"
    SILENCE = "silence"
    FAULT = "fault"
    COMPROMISED = "compromised"
    CUT = "cut"
    APPRAISED = "appraised"
    IN_FORCE = "in-force"
    RELEASED = "released"
    CAPPED = "capped"
    BARRED = "barred"
    CLOCK = "clock"
    HALTED = "halted"
    GROWN = "register-grown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Something that an observer may want to know; facts are (name, value) pairs, sorted."""

    told: Told
    about: str
    facts: tuple[tuple[str, str | int], ...]


Effect: TypeAlias = Write | Fsync | Send | SetTimer | Restart | Report


class Machine(Protocol):
    """A participant's whole behaviour, without its surroundings."""

    @property
    def id(self) -> ParticipantId:
        """Who this is."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Take one event; return what is to be done, in order."""


def report(told: Told, about: str, **facts: str | int) -> Report:
    """Make a report with its facts sorted by name."""
    return Report(told=told, about=about, facts=tuple(sorted(facts.items())))
