"""Makes bundles of the proofs F1 to F4, F8, F9 and F11 (protocol.md 8).

Each function takes what somebody holds, asks the judge of its fault, and seals what the judge
lets stand; None where the fault is not shown. Materials are put in one order, so that all
verifiers make the same bytes of the same pair.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pausenet.protocol import openings, proofs, verdicts
from pausenet.protocol.evidence import (
    BUNDLE_BYTES_MAX,
    UNPROVEN,
    EndorsedCut,
    Judgement,
    Leaf,
    Material,
    Noted,
    Opened,
    Signed,
    WholeLog,
)
from pausenet.protocol.register import Register
from pausenet.protocol.sealing import SealedBundle, seal
from pausenet.values import Digest, ParticipantId, Role, Seq

Judge: TypeAlias = Callable[[Register, tuple[Material, ...]], Judgement]


def equivocation(register: Register, first: bytes, second: bytes) -> bytes | None:
    """F1: one author signed two different statements for one place. None when not shown."""
    return _bundle(register, proofs.judge_equivocation, Signed(entry=first), Signed(entry=second))


def split_checkpoint(register: Register, note_a: bytes, note_b: bytes) -> bytes | None:
    """F2: one log signed two roots for one size. None when not shown."""
    return _bundle(register, proofs.judge_split, Noted(note=note_a), Noted(note=note_b))


def fork(
    register: Register,
    note_a: bytes,
    note_b: bytes,
    index: Seq,
    leaf_a: bytes,
    proof_a: tuple[Digest, ...],
    leaf_b: bytes,
    proof_b: tuple[Digest, ...],
) -> bytes | None:
    """F3: one log signed checkpoints that hold different statements at one index.

    None when not shown, also when both leaves say the same under different signatures (F2m).
    """
    materials = (
        Noted(note=note_a),
        Leaf(index=index, entry=leaf_a, proof=proof_a),
        Noted(note=note_b),
        Leaf(index=index, entry=leaf_b, proof=proof_b),
    )
    return _bundle(register, proofs.judge_fork, *materials)


def bad_entry(
    register: Register,
    note: bytes,
    index: Seq,
    entry: bytes,
    proof: tuple[Digest, ...],
    previous: tuple[bytes, tuple[Digest, ...]] | None = None,
) -> bytes | None:
    """F4: a log signed a checkpoint over an entry that cannot stand where it stands.

    `previous` is the entry before with its proof, needed only to show a wrong `prev` or a
    decreasing `seen`; it is left out of the bundle where the entry is bad by itself.
    """
    materials: tuple[Material, ...] = (
        Noted(note=note),
        Leaf(index=index, entry=entry, proof=proof),
    )
    alone = _bundle(register, proofs.judge_bad_entry, *materials)
    if alone is not None or previous is None or index == 0:
        return alone
    before = Leaf(index=Seq(index - 1), entry=previous[0], proof=previous[1])
    return _bundle(register, proofs.judge_bad_entry, *materials, before)


def double_cosigner(
    register: Register, cosigner: ParticipantId, evidence: tuple[Material, ...]
) -> bytes | None:
    """F8a: a storing cosigner stands on both sides of a fork.

    `evidence` is the materials of F2 or F3 (`split_materials`, `fork_materials`), their notes
    with this cosigner's lines still on them. None when not shown.
    """
    try:
        return seal(register, proofs.double(register, cosigner, evidence)).data
    except UNPROVEN:
        return None


def shrinking_cosigner(
    register: Register, note_old: bytes, note_new: bytes
) -> tuple[SealedBundle, ...]:
    """F8b: storing cosigners that signed a size, and at a later time a smaller one.

    One bundle for each verifier against whom the two notes show it.
    """
    found = []
    for member in register.with_role(Role.VERIFIER):
        try:
            judgement = proofs.shrinking(register, member.id, (note_old, note_new))
        except UNPROVEN:
            continue
        found.append(seal(register, judgement))
    return tuple(found)


def false_opening(
    register: Register, usage: bytes, opening: bytes, records: tuple[bytes, ...]
) -> bytes | None:
    """F10: a lab's opening contradicts the ledger of its usage statement. None when not shown."""
    shown = tuple(Opened(record=record) for record in records)
    said = (Signed(entry=usage), Signed(entry=opening))
    return _bundle(register, openings.judge_opening, *said, *shown)


def double_voice(register: Register, first: bytes, second: bytes) -> bytes | None:
    """F11: one verifier said two things where it may say one. None when not shown."""
    return _bundle(register, verdicts.judge_double_voice, Signed(entry=first), Signed(entry=second))


def false_appraisal(
    register: Register, appraisal: bytes, cut: EndorsedCut, logs: tuple[WholeLog, ...]
) -> bytes | None:
    """F9: a verifier's appraisal is not what the rules make of the cut it names.

    `logs` are the logs that the cut lists, in its order, as far as it holds them. None when not
    shown, and when the logs have outgrown what a bundle may hold (decision 0015).
    """
    if not fits(logs):
        return None  # to appraise anew would be work for nothing
    materials: tuple[Material, ...] = (Signed(entry=appraisal), cut, *logs)
    data = _bundle(register, verdicts.judge_false_appraisal, *materials)
    return data if data is not None and len(data) <= BUNDLE_BYTES_MAX else None


def fits(logs: tuple[WholeLog, ...]) -> bool:
    """Whether a bundle could hold these logs, in base64; if not, nothing of them can be shown."""
    return sum(len(entry) for log in logs for entry in log.entries) * 4 <= BUNDLE_BYTES_MAX * 3


def split_materials(note_a: bytes, note_b: bytes) -> tuple[Material, ...]:
    """Two notes as the materials of F2."""
    return (Noted(note=note_a), Noted(note=note_b))


def fork_materials(
    note_a: bytes, leaf_a: Leaf, note_b: bytes, leaf_b: Leaf
) -> tuple[Material, ...]:
    """Two notes, each with its leaf, as the materials of F3."""
    return (Noted(note=note_a), leaf_a, Noted(note=note_b), leaf_b)


def _bundle(register: Register, judge: Judge, *materials: Material) -> bytes | None:
    try:
        return seal(register, judge(register, materials)).data
    except UNPROVEN:
        return None
