"""Requests: which of them bind a lab, and which leaves they open (protocol.md 7.4, 7.6).

A request binds only where it is drawn as the rules have it, so that no verifier can ask for the
records it would like to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from pausenet.errors import InvalidEvidence
from pausenet.protocol.caps import period_at
from pausenet.protocol.inspection import (
    draw_leaves,
    draw_sites,
    in_chain,
    share_of,
    terms_of,
)
from pausenet.protocol.joining import signatories
from pausenet.protocol.reader import OpenedEntry
from pausenet.protocol.register import Register
from pausenet.statements.codec import Head, Kind, Statement
from pausenet.statements.inspection import (
    Drawn,
    InspectionRequest,
    SampleCommitment,
    SampleReveal,
)
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    REGISTER_ORIGIN,
    Digest,
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
    Seq,
    StatementId,
)


def leaves_for(drawn: Sequence[int], leaves: int) -> tuple[int, ...]:
    """R1 What is opened for drawn leaves: each with its neighbours, and the ledger's last.

    >>> leaves_for((0, 4), 9)
    (0, 1, 3, 4, 5, 8)
    """
    if not drawn:
        return ()
    around = {index + step for index in drawn for step in (-1, 0, 1)}
    return tuple(sorted({index for index in around if 0 <= index < leaves} | {leaves - 1}))


def draw_of(
    register: Register,
    image: Digest,
    period: PeriodIndex,
    lab: ParticipantId,
    usage: StatementId,
    body: ComputeUsage,
) -> Drawn:
    """R2 What one pre-image draws of one lab's period."""
    terms, count = terms_of(register.agreement), register.under(period).quorum.n
    return Drawn(
        lab=lab,
        usage=usage,
        leaves=draw_leaves(
            register.network_id,
            image,
            period,
            usage,
            leaves=body.leaves,
            share=share_of(terms.quota, count),
        ),
        sites=draw_sites(
            register.network_id,
            image,
            period,
            usage,
            sites=tuple(site.site for site in body.sites),
            site_ppm=terms.site_ppm,
            verifiers=count,
        ),
    )


def request_holds(register: Register, asked: Sequence[OpenedEntry], usage: OpenedEntry) -> Drawn:
    """Judge commitment, reveal and request of one verifier for one usage statement.

    Raises `InvalidEvidence` unless the request asks for exactly what the pre-image draws.
    """
    commitment, reveal, request = (item.statement.body for item in asked)
    by = asked[0].member
    if by.role is not Role.VERIFIER or any(item.member != by for item in asked):
        raise InvalidEvidence("expected commitment, reveal and request of one verifier")
    if not isinstance(commitment, SampleCommitment) or asked[0].statement.seq != 0:
        raise InvalidEvidence("expected the commitment that is its log's first statement")
    if not isinstance(reveal, SampleReveal) or not in_chain(commitment, reveal):
        raise InvalidEvidence("expected the chain's pre-image of the period")
    if not isinstance(request, InspectionRequest) or request.period != reveal.period:
        raise InvalidEvidence("expected the request of the revealed period")
    require_court(register, by.id, request)
    drawn = request.of(usage.member.id)
    if drawn is None or not _binds(register, request.period, drawn, usage):
        raise InvalidEvidence("the request is of no usage statement that names the agreement")
    body = usage.statement.body
    assert isinstance(body, ComputeUsage), "looked at above"
    if drawn != draw_of(register, reveal.image, reveal.period, drawn.lab, usage.id, body):
        raise InvalidEvidence("the request asks for what was not drawn")
    return drawn


def may_ask(register: Register, author: ParticipantId, request: InspectionRequest) -> bool:
    """R4 Its author counts in its period, by the register that it names as by this one."""
    named = register.counts_alike(request.register_size, request.register_root, request.period)
    return named and author in register.under(request.period).verifiers


def require_court(register: Register, author: ParticipantId, request: InspectionRequest) -> None:
    """R4 as a condition; raises `InvalidEvidence`."""
    if not may_ask(register, author, request):
        raise InvalidEvidence("expected a request by a verifier of its period, by this register")


def has_learned(register: Register, seen: Sequence[Head], request: InspectionRequest) -> bool:
    """R5 Whether who had seen this counts a request's period as this register and the request do.

    It takes as much of the register as the request names: by less a request counts for nobody.
    Who names no register knew it as it was when it was whole.
    """
    named = [(head.size, head.root) for head in seen if head.origin == REGISTER_ORIGIN]
    size, root = named[0] if named else (register.size_at_first, register.roots[0])
    return size >= request.register_size and register.counts_alike(size, root, request.period)


def first_to_see(log: Iterable[Statement | None], origin: Origin, seq: int) -> Statement | None:
    """R5 The first of a lab's statements that says that another log was seen past a place.

    An honest lab has answered before it says so, if the request counts by the register that it
    then follows; what came to count later it may never have looked at again.
    """
    said = (each for each in log if each is not None)
    return next(
        (each for each in said if any(h.origin == origin and h.size > seq for h in each.seen)),
        None,
    )


def _binds(register: Register, period: PeriodIndex, drawn: Drawn, usage: OpenedEntry) -> bool:
    """R3 The draw is of this party's usage of the request's period, under the agreement."""
    statement, agreement = usage.statement, register.agreement
    return (
        drawn.usage == usage.id
        and usage.member.id in signatories(register)
        and isinstance(statement.body, ComputeUsage)
        and statement.agreement == register.agreement_digest
        and statement.period is not None
        and statement.period == period_at(agreement.schedule, period)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A verifier's request, with its commitment and reveal, where it stands in its log."""

    verifier: ParticipantId
    seq: Seq
    id: StatementId
    body: InspectionRequest
    reveal: SampleReveal


@dataclass(slots=True)
class Requests:
    """The requests of all verifiers, as their logs tell them one by one.

    Kept are those whose verifier has revealed the period's pre-image before; whether they ask
    for what was drawn is judged where they are used, since it takes the lab's usage statement.
    """

    KINDS: ClassVar = (Kind.SAMPLE_COMMITMENT, Kind.SAMPLE_REVEAL, Kind.INSPECTION_REQUEST)

    register: Register
    asked: dict[StatementId, Asked] = field(default_factory=dict)
    _heads: dict[ParticipantId, SampleCommitment] = field(default_factory=dict)
    _reveals: dict[tuple[ParticipantId, PeriodIndex], SampleReveal] = field(default_factory=dict)
    _drawn: dict[tuple[StatementId, StatementId], Drawn | None] = field(default_factory=dict)

    def hear(self, statement: Statement, identity: StatementId) -> Asked | None:
        """Take one statement of a verifier's log, in order; the request, where it is one."""
        author, body = statement.author, statement.body
        match body:
            case SampleCommitment() if statement.seq == 0:
                self._heads[author] = body
            case SampleReveal():
                head = self._heads.get(author)
                if head is not None and in_chain(head, body):
                    self._reveals.setdefault((author, body.period), body)
            case InspectionRequest():
                reveal = self._reveals.get((author, body.period))
                if reveal is not None and may_ask(self.register, author, body):
                    found = Asked(
                        verifier=author, seq=statement.seq, id=identity, body=body, reveal=reveal
                    )
                    self.asked[identity] = found
                    return found
        return None

    def copy(self) -> Requests:
        """The same as of now; what is drawn is found once for both."""
        return Requests(
            self.register, dict(self.asked), dict(self._heads), dict(self._reveals), self._drawn
        )

    def revealed(self, verifier: ParticipantId, period: PeriodIndex) -> bool:
        """Whether a verifier has given away its pre-image of a period."""
        return (verifier, period) in self._reveals

    def drawn(self, asked: Asked, usage: Statement, identity: StatementId) -> Drawn | None:
        """What a request rightly asks of this usage statement; None where it does not.

        Both are named by what they say, so that the answer is found once.
        """
        case = (asked.id, identity)
        if case not in self._drawn:
            self._drawn[case] = self._find_drawn(asked, usage, identity)
        return self._drawn[case]

    def _find_drawn(self, asked: Asked, usage: Statement, identity: StatementId) -> Drawn | None:
        drawn = asked.body.of(usage.author)
        body, member = usage.body, self.register.members[usage.author]
        opened = OpenedEntry(member=member, statement=usage, id=identity)
        if drawn is None or not _binds(self.register, asked.body.period, drawn, opened):
            return None
        assert isinstance(body, ComputeUsage), "looked at above"
        image, period = asked.reveal.image, asked.body.period
        right = draw_of(self.register, image, period, drawn.lab, identity, body)
        return drawn if drawn == right else None
