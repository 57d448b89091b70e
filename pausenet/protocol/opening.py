"""Opening a leaf of a usage ledger: one job shown, and tied to the totals of its statement (2.7).

A lab opens a leaf with its neighbours and the last leaf. The running sums of the leaf before,
plus the job, must be those of the leaf; the last leaf's sums must be the statement's totals. So
a job that is left out, doubled or moved shows at its neighbours, and a wrong sum at the end.
The numbers are those of docs/spec/openings.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.errors import InvalidEvidence, MalformedInput
from pausenet.log.merkle import leaf_hash, verify_inclusion
from pausenet.protocol.evidence import Leaf
from pausenet.statements import canonical
from pausenet.statements.codec import Statement
from pausenet.statements.fields import Fields
from pausenet.statements.usage import ComputeUsage, WorkloadClass
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    NetworkTime,
    ParticipantId,
    PeriodIndex,
    Pflop,
    Seq,
)

LEAF_BYTES_MAX: Final = 4_096
Sums = Mapping[WorkloadClass, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLeaf:
    """One record of a usage ledger, with the sums over all records up to it."""

    salt: Digest
    network: Digest
    lab: ParticipantId
    period: PeriodIndex
    index: Seq
    site: ParticipantId
    workload: WorkloadClass
    start: NetworkTime
    end: NetworkTime
    occupied_s: AcceleratorSeconds
    used_pflop: Pflop
    run: str
    sums: Sums


def open_leaf(statement: Statement, place: int, leaves: Sequence[Leaf]) -> LedgerLeaf:
    """The record at a place, from the leaves that must be opened with it, in their order.

    Those are the leaf before, the leaf, the leaf after and the last, each once, as far as there
    are such. Raises `MalformedInput`, `InvalidProof` or `InvalidEvidence`.
    """
    usage = statement.body
    if not isinstance(usage, ComputeUsage) or statement.period is None:
        raise InvalidEvidence("expected a usage statement of a period")
    # openings 2.1 The leaves are the asked one, its neighbours and the last.
    last = usage.leaves - 1
    if not 0 <= place <= last:
        raise InvalidEvidence(f"expected a place from 0 to {last}, found {place}")
    expected = sorted({place, last, max(0, place - 1), min(last, place + 1)})
    if [leaf.index for leaf in leaves] != expected:
        raise InvalidEvidence(f"expected the leaves {expected}")
    records = {int(leaf.index): _record(statement, usage, leaf) for leaf in leaves}
    for at, record in records.items():
        _require_next(records.get(at - 1), record, first=at == 0)
    # openings 2.5 The last leaf's sums are the statement's totals.
    totals = {name: (each.occupied_s, each.used_pflop) for name, each in usage.classes}
    if dict(records[last].sums) != totals:
        raise InvalidEvidence("the last leaf's sums are not the statement's totals")
    return records[place]


def _record(statement: Statement, usage: ComputeUsage, leaf: Leaf) -> LedgerLeaf:
    # openings 2.2 The leaf stands under the statement's subject, a tree of `leaves` leaves.
    root = statement.subject.digest
    verify_inclusion(leaf_hash(leaf.entry), leaf.index, usage.leaves, leaf.proof, root)
    record = decode_leaf(leaf.entry)
    assert statement.period is not None, "the caller has asked"
    # openings 2.3 It names the statement's network, author and period, and its own place.
    found = (record.network, record.lab, record.period, record.index)
    expected = (statement.network, statement.author, statement.period.index, leaf.index)
    if found != expected:
        raise InvalidEvidence(f"leaf {leaf.index} is of another ledger or place")
    return record


def _require_next(before: LedgerLeaf | None, record: LedgerLeaf, *, first: bool) -> None:
    """openings 2.4 Where the leaf before is open, sums grow by the job, and the order holds."""
    if before is None and not first:
        return
    sums = dict.fromkeys(WorkloadClass, (0, 0)) if before is None else dict(before.sums)
    occupied, used = sums[record.workload]
    sums[record.workload] = (occupied + record.occupied_s, used + record.used_pflop)
    if sums != dict(record.sums):
        raise InvalidEvidence(f"leaf {record.index}: its sums are not those before it plus its own")
    if before is not None and (before.site, before.start) > (record.site, record.start):
        raise InvalidEvidence(f"leaf {record.index}: out of the order of site and start")


def decode_leaf(data: bytes) -> LedgerLeaf:
    """Read one leaf in its canonical spelling; raise `MalformedInput` for all other bytes."""
    # openings 1.1 A leaf is canonical JSON with exactly these members.
    fields = Fields(canonical.decode(data, maximum_bytes=LEAF_BYTES_MAX), "leaf")
    sums = fields.inner("sums")
    leaf = LedgerLeaf(
        salt=fields.digest("salt"),
        network=fields.digest("network"),
        lab=fields.word("lab", ParticipantId),
        period=fields.value("period", PeriodIndex),
        index=fields.value("index", Seq),
        site=fields.word("site", ParticipantId),
        workload=fields.word("class", WorkloadClass),
        start=fields.value("start", NetworkTime),
        end=fields.value("end", NetworkTime),
        occupied_s=fields.value("occupied_s", AcceleratorSeconds),
        used_pflop=fields.value("used_pflop", Pflop),
        run=fields.word("run", lambda text: text and ParticipantId(text)),
        sums={name: _sum(sums.inner(name)) for name in WorkloadClass},
    )
    sums.done()
    fields.done()
    if not leaf.start < leaf.end:
        raise MalformedInput("leaf: expected start before end")
    return leaf


def _sum(fields: Fields) -> tuple[int, int]:
    found = (
        fields.value("occupied_s", AcceleratorSeconds),
        fields.value("used_pflop", Pflop),
    )
    fields.done()
    return found
