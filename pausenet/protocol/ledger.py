"""The usage ledger: one salted leaf a job, with running sums, under one Merkle root (2.7).

Opening a leaf and its neighbours ties the totals of a usage statement to records; the salts keep
the other records from being guessed from their hashes.
"""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.errors import Misuse
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.messages import Job, UsageSample
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.usage import WorkloadClass
from pausenet.values import Digest, NetworkId, ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageLedger:
    """The leaves of one period, in order of site and start, and their root."""

    leaves: tuple[bytes, ...]
    root: Digest


def build_ledger(network: NetworkId, lab: ParticipantId, sample: UsageSample) -> UsageLedger:
    """Salt and sum a period's jobs; raise `Misuse` unless there is one fresh salt a job.

    The jobs' totals must be those of the sample: the statement is about these records.
    """
    if len(sample.salts) != len(sample.jobs) or len(set(sample.salts)) != len(sample.salts):
        raise Misuse("usage ledger: expected one fresh salt a job")
    ordered = sorted(sample.jobs, key=lambda job: (job.site, job.start, job.workload, job.run))
    sums = {name: [0, 0] for name in WorkloadClass}
    leaves = []
    for index, (job, salt) in enumerate(zip(ordered, sample.salts, strict=True)):
        sums[job.workload][0] += job.occupied_s
        sums[job.workload][1] += job.used_pflop
        leaves.append(canonical.encode(_leaf(network, lab, sample, index, job, salt.hex(), sums)))
    for name, usage in sample.classes:
        if sums[name] != [usage.occupied_s, usage.used_pflop]:
            raise Misuse(f"usage ledger: the jobs of {name} do not sum to the sample's totals")
    tree = Tree(leaf_hash(leaf) for leaf in leaves)
    return UsageLedger(leaves=tuple(leaves), root=tree.root(tree.size))


def _leaf(
    network: NetworkId,
    lab: ParticipantId,
    sample: UsageSample,
    index: int,
    job: Job,
    salt: str,
    sums: dict[WorkloadClass, list[int]],
) -> dict[str, Json]:
    return {
        "salt": salt,
        "network": network.hex(),
        "lab": lab,
        "period": sample.period,
        "index": index,
        "site": job.site,
        "class": str(job.workload),
        "start": job.start,
        "end": job.end,
        "occupied_s": job.occupied_s,
        "used_pflop": job.used_pflop,
        "run": job.run,
        "sums": {
            str(name): {"occupied_s": occupied, "used_pflop": pflop}
            for name, (occupied, pflop) in sums.items()
        },
    }
