"""The one encoder and the one decoder of every statement (protocol.md 2.4, 2.5, 2.10).

A statement is an in-toto Statement v1 in canonical JSON. `decode` is bounded, ends by
re-encoding and comparing, and raises `MalformedStatement` for everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias

from pausenet.errors import MalformedInput, MalformedStatement
from pausenet.statements import canonical
from pausenet.statements.accession import Acceptance
from pausenet.statements.agreement import Agreement
from pausenet.statements.canonical import Json
from pausenet.statements.challenge import (
    Challenge,
    ChallengeAnswer,
    ChallengeNotice,
    ChallengeVote,
    InspectionReport,
)
from pausenet.statements.correction import Correction
from pausenet.statements.cut import Cut, Endorsement, Silence
from pausenet.statements.declaration import Declaration, Ratification
from pausenet.statements.determination import Appeal, Determination, Excuse, Objection, Recusal
from pausenet.statements.exits import Assent, Derogation, Retraction, Withdrawal
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.statements.finding import Appraisal, FaultNotice
from pausenet.statements.head import Head as Head  # noqa: PLC0414  # handed on
from pausenet.statements.head import Subject as Subject  # noqa: PLC0414  # handed on
from pausenet.statements.head import period_to_json, read_period
from pausenet.statements.indicator import Incident, Indicator
from pausenet.statements.inspection import (
    Closure,
    InspectionRequest,
    Opening,
    SampleCommitment,
    SampleReveal,
)
from pausenet.statements.keychange import KeyRecovery, KeyRotation
from pausenet.statements.membership import Approval, Handover, MembershipChange
from pausenet.statements.movement import Aggregate, Capacity, Notification, Transfer
from pausenet.statements.proposal import Proposal
from pausenet.statements.reading import Reading
from pausenet.statements.register import Genesis, RegisterEntry
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    Digest,
    NetworkId,
    Origin,
    ParticipantId,
    Period,
    PublicKey,
    Seq,
    StatementId,
)

_REMEMBERED_BYTES_MAX: Final = 16_384
PAYLOAD_BYTES_MAX: Final = 48_000
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_PREFIX: Final = "https://pausenet.example/"

Body: TypeAlias = (
    Genesis
    | RegisterEntry
    | Agreement
    | Declaration
    | Ratification
    | ComputeUsage
    | Correction
    | Reading
    | Indicator
    | Incident
    | Silence
    | Cut
    | Endorsement
    | FaultNotice
    | Appraisal
    | Withdrawal
    | Acceptance
    | Retraction
    | Proposal
    | Derogation
    | Assent
    | Excuse
    | Appeal
    | Determination
    | Recusal
    | Objection
    | SampleCommitment
    | SampleReveal
    | InspectionRequest
    | Opening
    | Closure
    | Challenge
    | ChallengeNotice
    | ChallengeVote
    | ChallengeAnswer
    | InspectionReport
    | Notification
    | Transfer
    | Capacity
    | Aggregate
    | KeyRotation
    | KeyRecovery
    | MembershipChange
    | Approval
    | Handover
)


class Kind(StrEnum):
    """The kinds of statement; each has a versioned URI."""

    GENESIS = "register-genesis"
    REGISTER = "register-entry"
    AGREEMENT = "agreement"
    DECLARATION = "declaration"
    RATIFICATION = "ratification"
    USAGE = "compute-usage"
    CORRECTION = "correction"
    READING = "reading"
    INDICATOR = "indicator"
    INCIDENT = "incident"
    SILENCE = "silence"
    CUT = "cut"
    ENDORSEMENT = "endorsement"
    FAULT = "fault"
    APPRAISAL = "appraisal"
    WITHDRAWAL = "withdrawal"
    ACCEPTANCE = "acceptance"
    RETRACTION = "retraction"
    PROPOSAL = "proposal"
    DEROGATION = "derogation"
    ASSENT = "assent"
    EXCUSE = "excuse"
    APPEAL = "appeal"
    DETERMINATION = "determination"
    RECUSAL = "recusal"
    OBJECTION = "objection"
    SAMPLE_COMMITMENT = "sample-commitment"
    SAMPLE_REVEAL = "sample-reveal"
    INSPECTION_REQUEST = "inspection-request"
    OPENING = "opening"
    CLOSURE = "closure"
    CHALLENGE = "challenge"
    CHALLENGE_NOTICE = "challenge-notice"
    CHALLENGE_VOTE = "challenge-vote"
    CHALLENGE_ANSWER = "challenge-answer"
    INSPECTION_REPORT = "inspection-report"
    NOTIFICATION = "notification"
    TRANSFER = "transfer"
    CAPACITY = "capacity"
    AGGREGATE = "aggregate"
    ROTATION = "key-rotation"
    RECOVERY = "key-recovery"
    MEMBERSHIP = "membership-change"
    APPROVAL = "approval"
    HANDOVER = "handover"

    @property
    def predicate_type(self) -> str:
        """The URI of this kind."""
        return f"{PREDICATE_PREFIX}{self}/v1"


BODIES: Final[dict[Kind, type[Body]]] = {
    Kind.GENESIS: Genesis,
    Kind.REGISTER: RegisterEntry,
    Kind.AGREEMENT: Agreement,
    Kind.DECLARATION: Declaration,
    Kind.RATIFICATION: Ratification,
    Kind.USAGE: ComputeUsage,
    Kind.CORRECTION: Correction,
    Kind.READING: Reading,
    Kind.INDICATOR: Indicator,
    Kind.INCIDENT: Incident,
    Kind.SILENCE: Silence,
    Kind.CUT: Cut,
    Kind.ENDORSEMENT: Endorsement,
    Kind.FAULT: FaultNotice,
    Kind.APPRAISAL: Appraisal,
    Kind.WITHDRAWAL: Withdrawal,
    Kind.ACCEPTANCE: Acceptance,
    Kind.RETRACTION: Retraction,
    Kind.PROPOSAL: Proposal,
    Kind.DEROGATION: Derogation,
    Kind.ASSENT: Assent,
    Kind.EXCUSE: Excuse,
    Kind.APPEAL: Appeal,
    Kind.DETERMINATION: Determination,
    Kind.RECUSAL: Recusal,
    Kind.OBJECTION: Objection,
    Kind.SAMPLE_COMMITMENT: SampleCommitment,
    Kind.SAMPLE_REVEAL: SampleReveal,
    Kind.INSPECTION_REQUEST: InspectionRequest,
    Kind.OPENING: Opening,
    Kind.CLOSURE: Closure,
    Kind.CHALLENGE: Challenge,
    Kind.CHALLENGE_NOTICE: ChallengeNotice,
    Kind.CHALLENGE_VOTE: ChallengeVote,
    Kind.CHALLENGE_ANSWER: ChallengeAnswer,
    Kind.INSPECTION_REPORT: InspectionReport,
    Kind.NOTIFICATION: Notification,
    Kind.TRANSFER: Transfer,
    Kind.CAPACITY: Capacity,
    Kind.AGGREGATE: Aggregate,
    Kind.ROTATION: KeyRotation,
    Kind.RECOVERY: KeyRecovery,
    Kind.MEMBERSHIP: MembershipChange,
    Kind.APPROVAL: Approval,
    Kind.HANDOVER: Handover,
}
_KINDS: Final = {body: kind for kind, body in BODIES.items()}
_BY_TYPE: Final = {kind.predicate_type: kind for kind in Kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One signed utterance in its author's log.

    `network` is None only in the register's genesis entry; `agreement` and `period` are None
    where the statement rests on none. `seen` holds, sorted by origin, the largest receipted
    head of each verifier's and the registrar's log that the author has processed.
    """

    subject: Subject
    network: NetworkId | None
    author: ParticipantId
    origin: Origin
    seq: Seq
    prev: Digest
    agreement: Digest | None
    period: Period | None
    seen: tuple[Head, ...]
    body: Body

    @property
    def kind(self) -> Kind:
        """The kind of the body."""
        return _KINDS[type(self.body)]

    def to_json(self) -> dict[str, Json]:
        """The in-toto Statement v1."""
        return {
            "_type": STATEMENT_TYPE,
            "subject": [self.subject.to_json()],
            "predicateType": self.kind.predicate_type,
            "predicate": {
                "network": self.network.hex() if self.network else "",
                "author": self.author,
                "origin": self.origin,
                "seq": self.seq,
                "prev": self.prev.hex(),
                "agreement": self.agreement.hex() if self.agreement else "",
                "period": period_to_json(self.period),
                "seen": [head.to_json() for head in self.seen],
                "body": self.body.to_json(),
            },
        }


def kind_of(body: Body) -> Kind:
    """The kind of a body."""
    return _KINDS[type(body)]


def encode(statement: Statement) -> bytes:
    """The canonical payload of a statement; raise `MalformedStatement` when it is too large."""
    payload = canonical.encode(statement.to_json())
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise MalformedStatement(f"expected at most {PAYLOAD_BYTES_MAX} bytes: {len(payload)}")
    return payload


def decode(payload: bytes) -> Statement:
    """Read one statement in its canonical spelling; raise `MalformedStatement`.

    The last few hundred are remembered: who follows a log reads each statement more than once,
    and a statement is a value that nobody can change.
    """
    if len(payload) > _REMEMBERED_BYTES_MAX:
        return _decode(payload)
    return _remembered(payload)


def _decode(payload: bytes) -> Statement:
    try:
        value = canonical.decode(payload, maximum_bytes=PAYLOAD_BYTES_MAX)
    except MalformedInput as error:
        raise MalformedStatement(str(error)) from error
    statement = _read(value)
    if canonical.rewrite(statement.to_json()) != payload:
        raise MalformedStatement("not the canonical spelling")
    return statement


_remembered = lru_cache(maxsize=2_048)(_decode)


def encode_body(body: Body) -> bytes:
    """The canonical JSON of a body alone, as acts carry it."""
    return canonical.encode(body.to_json())


def decode_body(kind: Kind, data: bytes) -> Body:
    """Read a body alone in its canonical spelling; raise `MalformedStatement`."""
    try:
        value = canonical.decode(data, maximum_bytes=PAYLOAD_BYTES_MAX)
    except MalformedInput as error:
        raise MalformedStatement(str(error)) from error
    fields = Fields(value, str(kind))
    body: Body = BODIES[kind].read(fields)
    fields.done()
    if encode_body(body) != data:
        raise MalformedStatement("not the canonical spelling")
    return body


def genesis_prev(
    network: NetworkId | None, origin: Origin, statement_key: PublicKey, log_key: PublicKey
) -> Digest:
    """The `prev` of a log's first statement: it binds the log to its network and keys (2.5)."""
    return Digest.of(
        b"pausenet/genesis/v2\n", network or b"", origin.encode(), statement_key, log_key
    )


def link(identity: StatementId) -> Digest:
    """The `prev` of the statement that follows the one with this identity."""
    return Digest(identity)


def _read(value: Json) -> Statement:
    fields = Fields(value, "statement")
    require(fields.text("_type", 64) == STATEMENT_TYPE, f"_type: expected {STATEMENT_TYPE}")
    (subject,) = fields.items("subject", Subject.read, low=1, high=1)
    kind = _BY_TYPE.get(fields.text("predicateType", 128))
    if kind is None:
        raise MalformedStatement("predicateType: unknown")
    predicate = fields.inner("predicate")
    fields.done()
    network = predicate.optional_digest("network")
    body_fields = predicate.inner("body")
    body: Body = BODIES[kind].read(body_fields)
    body_fields.done()
    statement = Statement(
        subject=subject,
        network=None if network is None else NetworkId(network),
        author=predicate.word("author", ParticipantId),
        origin=predicate.word("origin", Origin),
        seq=predicate.value("seq", Seq),
        prev=predicate.digest("prev"),
        agreement=predicate.optional_digest("agreement"),
        period=read_period(predicate.take("period")),
        seen=predicate.items("seen", Head.read, high=128),
        body=body,
    )
    predicate.done()
    strictly_sorted(tuple(str(head.origin) for head in statement.seen), "seen")
    require((kind is Kind.GENESIS) == (network is None), "network: only genesis has none")
    return statement
