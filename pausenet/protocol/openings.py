"""Proof F10: an opening that contradicts its ledger, or a request left unanswered (7.4, 7.6, 8).

The numbers are those of docs/spec/inspection.md. What a lab opens is bound by its signature: the
leaves' hashes and proofs stand in its log, and a record is a leaf by its hash. So a lie is shown
by the lab's own hand, and nobody can put a record in its mouth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from pausenet.errors import InvalidEvidence, InvalidProof, MalformedProof, MalformedStatement
from pausenet.log.merkle import leaf_hash, verify_inclusion
from pausenet.protocol.asking import first_to_see, has_learned, leaves_for, request_holds
from pausenet.protocol.caps import period_at
from pausenet.protocol.evidence import Accusation, Judgement, Leaf, Material, Opened, Signed
from pausenet.protocol.inspection import answer_due
from pausenet.protocol.proofs import accuse
from pausenet.protocol.reader import OpenedEntry, open_entry
from pausenet.protocol.register import Register
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.inspection import Drawn, InspectionRequest, Opening
from pausenet.statements.job import JobRecord, decode_record
from pausenet.statements.keychange import KeyRecovery
from pausenet.statements.usage import ComputeUsage, WorkloadClass
from pausenet.values import Digest, NetworkId, PeriodIndex, Role

UNANSWERED_TEXT: Final = "it attested on without an answer to a request that it had seen"


def contradiction(
    network: NetworkId, usage: OpenedEntry, opening: Opening, records: Sequence[bytes]
) -> str:
    """What none, one or two neighbouring records show of an opening; empty where nothing."""
    body, period = usage.statement.body, usage.statement.period
    if not isinstance(body, ComputeUsage) or period is None:
        raise InvalidEvidence("expected the usage statement of a period")
    if not records:
        return _outside(opening, usage.statement.subject.digest, body.leaves)
    places = [_place(opening, record) for record in records]
    if len(records) == 1:
        return _alone(network, usage, body, records[0], places[0])
    if len(records) != 2 or places[1] != places[0] + 1:
        raise InvalidEvidence("expected one record, or two of neighbouring leaves")
    try:
        first, second = (decode_record(record) for record in records)
    except MalformedStatement:
        return ""  # one of them is bad by itself
    return _between(first, second)


def find_contradiction(
    network: NetworkId, usage: OpenedEntry, opening: Opening, records: Sequence[bytes]
) -> tuple[bytes, ...] | None:
    """The fewest of an opening's records that contradict it, in order; None where none do.

    `records` are the opened leaves' bytes, in the order of the opening.
    """
    if contradiction(network, usage, opening, ()):
        return ()
    for record in records:
        if contradiction(network, usage, opening, (record,)):
            return (record,)
    for place, (first, second) in enumerate(pairwise(records)):
        if opening.leaves[place].index + 1 != opening.leaves[place + 1].index:
            continue
        if contradiction(network, usage, opening, (first, second)):
            return (first, second)
    return None


def judge_opening(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F10: of usage, opening and records; or of a request and the lab's log after it."""
    if materials and isinstance(materials[0], Leaf):
        return _judge_unanswered(register, materials)
    if not materials or not isinstance(materials[0], Signed):
        raise InvalidEvidence("expected envelopes, or leaves of a verifier's log, first")
    first = open_entry(register, materials[0].entry)
    entries = [item.entry for item in materials[:2] if isinstance(item, Signed)]
    records = [item.record for item in materials[2:] if isinstance(item, Opened)]
    if len(entries) != 2 or len(entries) + len(records) != len(materials):
        raise InvalidEvidence("expected usage, opening, and the records that contradict them")
    opened = open_entry(register, entries[1])
    opening = opened.statement.body
    if first.member.role is not Role.LAB or opened.member != first.member:
        raise InvalidEvidence("expected what one lab has said")
    if not isinstance(opening, Opening):
        raise InvalidEvidence("expected an opening by the lab of the usage statement")
    if opening.usage != first.id:
        raise InvalidEvidence("the opening is of another usage statement")
    reason = contradiction(register.network_id, first, opening, records)
    if not reason:
        raise InvalidEvidence("nothing contradicts the opening")
    return Judgement(
        accusation=_accuse(opened, Fault.F10.meaning),
        materials=materials,
        facts=(f"the opening by {first.member.id}: {reason}"[:300],),
    )


# ---------------------------------------------------------------------------- what contradicts


def _outside(opening: Opening, root: Digest, leaves: int) -> str:
    """O1 Each opened leaf stands in the ledger of that root and number of leaves."""
    for leaf in opening.leaves:
        try:
            verify_inclusion(leaf.leaf, leaf.index, leaves, leaf.proof, root)
        except (InvalidProof, MalformedProof):
            return f"leaf {leaf.index} is not in the ledger of {leaves} leaves"
    return ""


def _place(opening: Opening, record: bytes) -> int:
    """At which index an opening shows this record; the first, where it shows it twice."""
    found = leaf_hash(record)
    for leaf in opening.leaves:
        if leaf.leaf == found:
            return leaf.index
    raise InvalidEvidence("the opening does not show this record")


def _alone(
    network: NetworkId, usage: OpenedEntry, body: ComputeUsage, data: bytes, index: int
) -> str:
    """What is wrong with one record whatever stands beside it."""
    period, lab = usage.statement.period, usage.member.id
    assert period is not None, "the caller has looked"
    # O2 It is a record of this network, lab, period and place.
    try:
        record = decode_record(data)
    except MalformedStatement as error:
        return f"leaf {index} is no record: {error}"
    found = (record.network, record.lab, record.period, record.index)
    if found != (network, lab, period.index, index):
        return f"leaf {index} is the record of another network, lab, period or place"
    # O3 Its job ran within the period, at a site of the statement.
    if not period.start <= record.start <= record.end <= period.end:
        return f"the job of leaf {index} lies outside the period"
    if all(site.site != record.site for site in body.sites):
        return f"the job of leaf {index} ran at no site of the statement"
    # O4 The first record's sums are its own job's.
    if index == 0 and _sums(record) != _own(record):
        return "the first leaf's sums are not those of its job"
    # O5 The last record's sums are the statement's totals.
    stated = {name: (each.occupied_s, each.used_pflop) for name, each in body.classes}
    if index == body.leaves - 1 and _sums(record) != stated:
        return "the last leaf's sums are not the statement's totals"
    return ""


def _between(first: JobRecord, second: JobRecord) -> str:
    """O6 Neighbours stand in order, none twice, and the sums go on by the second's job."""
    if not first.place < second.place:
        return f"the jobs of leaves {first.index} and {second.index} are not in order"
    before, own = _sums(first), _own(second)
    expected = {
        name: (before[name][0] + own[name][0], before[name][1] + own[name][1]) for name in before
    }
    if _sums(second) != expected:
        return f"the sums do not go on from leaf {first.index} to leaf {second.index}"
    return ""


def _sums(record: JobRecord) -> dict[WorkloadClass, tuple[int, int]]:
    return {name: (int(each.occupied_s), int(each.used_pflop)) for name, each in record.sums}


def _own(record: JobRecord) -> dict[WorkloadClass, tuple[int, int]]:
    """The sums of one job alone."""
    used = (int(record.used.occupied_s), int(record.used.used_pflop))
    return {name: used if name is record.workload else (0, 0) for name in WorkloadClass}


# --------------------------------------------------------------------------- what is unanswered


def _judge_unanswered(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F10 of commitment, reveal, request, then the lab's log from the usage to a later one."""
    leaves = [item for item in materials[:3] if isinstance(item, Leaf)]
    entries = [item.entry for item in materials[3:] if isinstance(item, Signed)]
    if len(leaves) != 3 or len(entries) + 3 != len(materials) or len(entries) < 2:
        raise InvalidEvidence("expected commitment, reveal, request, and the lab's log after them")
    asked = [open_entry(register, leaf.entry) for leaf in leaves]
    log = [open_entry(register, entry) for entry in entries]
    drawn = request_holds(register, asked, log[0])
    _require_chain(log)
    last = log[-1]
    # U1 The last is a usage statement of a period past the clock, and has seen the request.
    due = answer_due(register.agreement.schedule, request_period(asked))
    period = last.statement.period
    if not isinstance(last.statement.body, ComputeUsage) or period is None:
        raise InvalidEvidence("expected a later usage statement last")
    if period != period_at(register.agreement.schedule, period.index) or period.index <= due:
        raise InvalidEvidence("the request's clock had not ended")
    _require_seen(last, asked, leaves)
    # U4 When it first had seen the request, as at last, the lab knew by which register it counts.
    request = asked[2].statement
    first = first_to_see((item.statement for item in log), request.origin, request.seq)
    assert first is not None, "the last has seen it"
    assert isinstance(request.body, InspectionRequest), "the request has been judged"
    if not all(has_learned(register, each.seen, request.body) for each in (first, last.statement)):
        raise InvalidEvidence("the lab counted other verifiers, or by another register")
    # U2 No statement between answers the request, or says that the lab's disk was put back.
    if any(answers(drawn, log[0], item.statement.body) for item in log):
        raise InvalidEvidence("the request was answered")
    if any(isinstance(item.statement.body, KeyRecovery) for item in log):
        raise InvalidEvidence("the lab has recovered since: it may have lost what was asked for")
    span = (request_period(asked), period.index)
    return Judgement(
        accusation=replace(_accuse(last, UNANSWERED_TEXT), periods=span),
        materials=materials,
        facts=(
            f"{asked[2].member.id} drew leaves {list(drawn.leaves)} of period {span[0]} as its "
            "pre-image has it",
            f"{last.member.id} attested period {span[1]}, had seen the request, and its log holds "
            "no answer",
        ),
    )


def _require_seen(last: OpenedEntry, asked: Sequence[OpenedEntry], leaves: Sequence[Leaf]) -> None:
    """U1 The statement's own `seen` holds the three: what was told to others binds nobody.

    Without the root a verifier could sign, beside its log, a request that the lab never saw.
    """
    seen = {head.origin: head for head in last.statement.seen}
    head = seen.get(asked[2].member.origin)
    if head is None:
        raise InvalidEvidence("the lab had not seen the verifier's log")
    for opened, leaf in zip(asked, leaves, strict=True):
        if leaf.index != opened.statement.seq or leaf.index >= head.size:
            raise InvalidEvidence("the lab had not seen the request")
        verify_inclusion(leaf_hash(leaf.entry), leaf.index, head.size, leaf.proof, head.root)


def answers(drawn: Drawn, usage: OpenedEntry, body: object) -> bool:
    """Whether this is the opening that a draw asks for: these leaves of that usage's ledger."""
    used = usage.statement.body
    return (
        isinstance(body, Opening)
        and isinstance(used, ComputeUsage)
        and body.usage == drawn.usage
        and tuple(leaf.index for leaf in body.leaves) == leaves_for(drawn.leaves, used.leaves)
    )


def request_period(asked: Sequence[OpenedEntry]) -> PeriodIndex:
    """The period whose cut a request rests on."""
    period = getattr(asked[2].statement.body, "period", None)
    assert isinstance(period, PeriodIndex), "the request has been judged"
    return period


def _require_chain(log: Sequence[OpenedEntry]) -> None:
    """U3 The statements follow each other in one log, with none left out."""
    for before, after in pairwise(log):
        linked = after.statement.prev == Digest(before.id)
        if after.member != before.member or not linked:
            raise InvalidEvidence("expected the lab's statements one after the other")


def _accuse(last: OpenedEntry, text: str) -> Accusation:
    """Accuse by what is said last: without that key nothing is shown, whose the others are."""
    found = accuse(Fault.F10, last.member, last.key, int(last.statement.seq))
    compromised = found.grade is not Grade.CONFIRMED
    return replace(found, text=f"key compromised: {text}" if compromised else text)
