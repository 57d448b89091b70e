"""The usage ledger: one salted leaf a job, with running sums, under one Merkle root (2.7).

Opening a leaf and its neighbours ties the totals of a usage statement to records; the salts keep
the other records from being guessed from their hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from pausenet.errors import Misuse
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.messages import Area, Effect, Fsync, UsageSample, Write
from pausenet.statements.head import Subject
from pausenet.statements.inspection import OpenedLeaf
from pausenet.statements.job import JobRecord
from pausenet.statements.usage import ClassUsage, ComputeUsage, WorkloadClass
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    NetworkId,
    ParticipantId,
    Pflop,
    Seq,
    TreeSize,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageLedger:
    """The leaves of one period, in order of site and start, and their root."""

    leaves: tuple[bytes, ...]
    root: Digest

    @classmethod
    def of(cls, leaves: Sequence[bytes]) -> Self:
        """The ledger of these leaves, in their order."""
        tree = _tree(leaves)
        return cls(leaves=tuple(leaves), root=tree.root(tree.size))

    @property
    def subject(self) -> Subject:
        """What a statement about this ledger has as its subject."""
        return Subject(name="usage-ledger", digest=self.root)

    def usage(self, sample: UsageSample) -> ComputeUsage:
        """What a usage statement about this ledger says of its sample."""
        return ComputeUsage(
            leaves=len(self.leaves), sites=sample.sites, classes=sample.classes, runs=sample.runs
        )

    def kept(self, name: str) -> list[Effect]:
        """Make the leaves durable under a name, before the root over them can be signed."""
        writes: list[Effect] = [
            Write(area=Area.LEDGER, log=name, index=index, data=leaf)
            for index, leaf in enumerate(self.leaves)
        ]
        return [*writes, Fsync()]

    def open(self, indices: Sequence[int]) -> tuple[OpenedLeaf, ...]:
        """These leaves by hash, with the proofs that they stand in the ledger."""
        tree = _tree(self.leaves)
        return tuple(
            OpenedLeaf(
                index=index,
                leaf=leaf_hash(self.leaves[index]),
                proof=tree.inclusion(Seq(index), TreeSize(len(self.leaves))),
            )
            for index in indices
        )


def build_ledger(network: NetworkId, lab: ParticipantId, sample: UsageSample) -> UsageLedger:
    """Salt and sum a period's jobs; raise `Misuse` unless there is one fresh salt a job.

    The jobs' totals must be those of the sample: the statement is about these records. No two
    jobs may be alike in everything: as twins they could not be told from one job counted twice.
    """
    if len(sample.salts) != len(sample.jobs) or len(set(sample.salts)) != len(sample.salts):
        raise Misuse("usage ledger: expected one fresh salt a job")
    sites = {site.site for site in sample.sites}
    if any(job.site not in sites or job.end < job.start for job in sample.jobs):
        raise Misuse("usage ledger: a job at no site of the sample, or one that ends too early")
    records = _records(network, lab, sample)
    if any(one.place == other.place for one, other in pairwise(records)):
        raise Misuse("usage ledger: two jobs are alike in everything; put them together")
    zero = ClassUsage(occupied_s=AcceleratorSeconds(0), used_pflop=Pflop(0))
    sums = dict(records[-1].sums) if records else dict.fromkeys(WorkloadClass, zero)
    for name, usage in sample.classes:
        if sums[name] != usage:
            raise Misuse(f"usage ledger: the jobs of {name} do not sum to the sample's totals")
    return UsageLedger.of([record.encode() for record in records])


def _records(network: NetworkId, lab: ParticipantId, sample: UsageSample) -> tuple[JobRecord, ...]:
    """The jobs in order, each with the sums of each class up to it."""
    ordered = sorted(
        sample.jobs,
        key=lambda job: (
            *(job.site, job.start, job.workload, job.run),
            *(job.end, job.occupied_s, job.used_pflop),
        ),
    )
    occupied, used = dict.fromkeys(WorkloadClass, 0), dict.fromkeys(WorkloadClass, 0)
    records = []
    for index, (job, salt) in enumerate(zip(ordered, sample.salts, strict=True)):
        occupied[job.workload] += job.occupied_s
        used[job.workload] += job.used_pflop
        records.append(
            JobRecord(
                salt=salt,
                network=network,
                lab=lab,
                period=sample.period,
                index=index,
                site=job.site,
                workload=job.workload,
                start=job.start,
                end=job.end,
                used=ClassUsage(occupied_s=job.occupied_s, used_pflop=job.used_pflop),
                run=job.run,
                sums=tuple(
                    (
                        name,
                        ClassUsage(
                            occupied_s=AcceleratorSeconds(occupied[name]),
                            used_pflop=Pflop(used[name]),
                        ),
                    )
                    for name in WorkloadClass
                ),
            )
        )
    return tuple(records)


def _tree(leaves: Sequence[bytes]) -> Tree:
    return Tree(leaf_hash(leaf) for leaf in leaves)
