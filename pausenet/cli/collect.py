"""Gathers what a network's verifiers hold into a run's directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pausenet.cli.logfiles import find_logs, write_log
from pausenet.cli.outcome import LabOutcome, StoredBundle
from pausenet.cli.rundir import store_bundles
from pausenet.errors import MalformedBundle
from pausenet.node.status import EVIDENCE
from pausenet.protocol.evidence import decode_bundle
from pausenet.statements.finding import FaultClass
from pausenet.values import Digest, ParticipantId


def collect_bundles(
    run: Path, held: Mapping[Digest, bytes], labs: Iterable[LabOutcome]
) -> tuple[StoredBundle, ...]:
    """Keep every proof, and the evidence of the findings that stand."""
    standing = {finding.bundle for lab in labs for finding in lab.findings}
    named = {}
    for digest, data in held.items():
        claim = decode_bundle(data).accusation
        if digest in standing or claim.fault.fault_class is FaultClass.PROOF:
            named[digest] = (claim.fault, claim.accused)
    return store_bundles(run, held, named)


def bundles_on_disk(network: Path, verifiers: Iterable[ParticipantId]) -> dict[Digest, bytes]:
    """The bundles in the verifiers' evidence directories; all verifiers make the same bytes.

    A file that is no bundle, or not the one that its name says, is left out.
    """
    found: dict[Digest, bytes] = {}
    for name in verifiers:
        for path in sorted((network / name / EVIDENCE).glob("*.json")):
            data = path.read_bytes()
            try:
                digest = decode_bundle(data).digest
            except MalformedBundle:
                continue
            if path.stem == digest.hex():
                found[digest] = data
    return found


def collect_logs(run: Path, network: Path) -> None:
    """Write every log that the network holds as `logs/<participant>/`."""
    for name, stored in find_logs(network).items():
        write_log(run / "logs" / name, stored.entries(), stored.note)
