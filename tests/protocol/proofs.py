"""What a network on paper shows of birch under its last cut, and that other verifiers agree."""

from __future__ import annotations

from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.evidence import Material, decode_bundle
from pausenet.statements.finding import Appraisal, Fault
from tests.protocol.agreed import agreed
from tests.protocol.builders import Paper, of_lab


def last(paper: Paper) -> Appraisal:
    return of_lab(paper.appraise(paper.cuts[-1]), "birch").appraisal


def proof(paper: Paper) -> tuple[Material, ...]:
    """The materials of the one proof of F6, on which both verifiers agree."""
    (data,) = of_lab(paper.appraise(paper.cuts[-1]), "birch").bundles.values()
    assert verify_bundle(data, paper.register.network_id).exit_code == 1
    materials = decode_bundle(data).materials
    assert agreed(paper.register, Fault.F6, *materials) is not None
    return materials


def proven(paper: Paper) -> tuple[str, tuple[Material, ...]]:
    """The claim of the one finding, with its proof."""
    (finding,) = last(paper).findings
    return finding.claim, proof(paper)
