"""All cases, made anew: each maker's word is held against what the core says of the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pausenet.errors import Misuse
from pausenet.simulator.vectors.acceding import accession_cases
from pausenet.simulator.vectors.amended import decay_cases, lowered_cases
from pausenet.simulator.vectors.asked import inspection_cases
from pausenet.simulator.vectors.banded import band_cases
from pausenet.simulator.vectors.bundles import bundle_cases
from pausenet.simulator.vectors.case import Case, Facts, Suite
from pausenet.simulator.vectors.chains import chain_cases, checkpoint_cases, tree_cases
from pausenet.simulator.vectors.eased import easing_cases
from pausenet.simulator.vectors.envelopes import envelope_cases
from pausenet.simulator.vectors.epochs import epoch_cases
from pausenet.simulator.vectors.faults import fault_cases
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.judge import answer
from pausenet.simulator.vectors.keychanges import revocation_cases, succession_cases
from pausenet.simulator.vectors.lives import life_cases
from pausenet.simulator.vectors.membership import membership_cases, two_faces_cases
from pausenet.simulator.vectors.networks import ON_PAPER, RUNS
from pausenet.simulator.vectors.payloads import statement_cases
from pausenet.simulator.vectors.registers import register_cases
from pausenet.simulator.vectors.staged import staged_cases
from pausenet.simulator.vectors.standing import standing_cases
from pausenet.simulator.vectors.terms import agreement_cases
from pausenet.simulator.vectors.unanswered import unanswered_cases
from pausenet.simulator.vectors.verdicts import (
    appraisal_cases,
    correction_cases,
    lifecycle_cases,
    notice_cases,
    time_cases,
)

MAKERS: Final[tuple[Callable[[], list[Case]], ...]] = (
    envelope_cases,
    statement_cases,
    agreement_cases,
    chain_cases,
    tree_cases,
    checkpoint_cases,
    lifecycle_cases,
    fault_cases,
    bundle_cases,
    register_cases,
    appraisal_cases,
    time_cases,
    notice_cases,
    correction_cases,
    life_cases,
    succession_cases,
    revocation_cases,
    inspection_cases,
    unanswered_cases,
    staged_cases,
    band_cases,
    easing_cases,
    accession_cases,
    decay_cases,
    lowered_cases,
    membership_cases,
    two_faces_cases,
    epoch_cases,
    standing_cases,
)


def make_suite() -> Suite:
    """Every case with its expectation; the same on every machine.

    Raises `Misuse` where the core accepts what a maker means to be refused, or the reverse, and
    where two cases have one name.
    """
    shared = {name: run_of(name).shared() for name in (*RUNS, *ON_PAPER)}
    made: dict[str, tuple[Case, Facts]] = {}
    wrong: list[str] = []
    for case in (case for maker in MAKERS for case in maker()):
        found = answer(case.kind, dict(case.inputs), shared)
        if found["verdict"] != case.verdict:
            wrong.append(f"{case.path}: expected {case.verdict}, found {found['verdict']}")
        if case.path in made:
            wrong.append(f"{case.path}: made twice")
        made[case.path] = (case, found)
    if wrong:
        raise Misuse("vectors: " + "; ".join(wrong))
    return Suite(cases=tuple(made[path] for path in sorted(made)), shared=shared)
