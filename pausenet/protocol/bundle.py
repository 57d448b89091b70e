"""Checking an evidence bundle offline, with nothing at hand but its bytes and a network id.

The claim is not read but drawn again from the materials, and the whole bundle is then written
anew and compared: a byte that no check touches would show there. Trust begins with the network
id that the caller brings (protocol.md 5.1); a bundle of another network, or without one to
compare with, is at best consistent with itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from pausenet.errors import InvalidRegister, MalformedBundle, MalformedInput, UnknownRules
from pausenet.protocol import openings, overcap, proofs, refusals, verdicts, warrants
from pausenet.protocol.evidence import (
    REVOCABLE,
    UNPROVEN,
    Accusation,
    Bundle,
    Judgement,
    decode_bundle,
)
from pausenet.protocol.faults import Judge
from pausenet.protocol.register import Register
from pausenet.protocol.sealing import changes_for, entries_for, seal, with_changes
from pausenet.statements.finding import Fault, FaultClass, Finding, Grade
from pausenet.values import Digest, NetworkId

JUDGES: Final[Mapping[Fault, Judge]] = {
    Fault.F1: proofs.judge_equivocation,
    Fault.F2: proofs.judge_split,
    Fault.F3: proofs.judge_fork,
    Fault.F4: proofs.judge_bad_entry,
    Fault.F5: warrants.judge_silence,
    Fault.F6: overcap.judge_over_cap,
    Fault.F7: warrants.judge_discrepancy,
    Fault.F8A: proofs.judge_double,
    Fault.F8B: proofs.judge_shrinking,
    Fault.F10: openings.judge_opening,
    Fault.F10R: refusals.judge_refusal,
    Fault.F9: verdicts.judge_false_appraisal,
    Fault.F11: verdicts.judge_double_voice,
}


class Outcome(StrEnum):
    """What came of checking a bundle."""

    PROVEN = "proven"
    REPRODUCED = "reproduced"
    UNKNOWN_PARTIES = "unknown-parties"
    NOT_SUPPORTED = "not-supported"
    NOT_RUN = "not-run"
    MALFORMED = "malformed"

    @property
    def exit_code(self) -> int:
        """1 for a proof against known parties, 2 for malformed bytes, 3 for everything else."""
        return {Outcome.PROVEN: 1, Outcome.MALFORMED: 2}.get(self, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One numbered check and how it came out."""

    number: int
    text: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The checks made, in order, the outcome, and one sentence for people.

    `claim` is the finding as drawn from the materials, with the bundle's id; None where they
    support none.
    """

    checks: tuple[Check, ...]
    outcome: Outcome
    sentence: str
    claim: Finding | None

    @property
    def exit_code(self) -> int:
        """The exit code of `pausenet verify`; never 0."""
        return self.outcome.exit_code


def verify_bundle(
    data: bytes, network_id: NetworkId | None, known: Register | None = None
) -> Verification:
    """Check a bundle's bytes; a pinned network id makes the parties known. Never raises.

    `known` is the register with the changes of keys and of membership that the asker has seen: a
    bundle that leaves one of them out, where it matters, is not supported. Without it a bundle is
    judged by the changes that it brings.
    """
    checks = _Checks()
    try:
        bundle = decode_bundle(data)
    except MalformedBundle as error:
        checks.failed(f"the bundle is one canonical JSON file with its own digest: {error}")
        return checks.end(Outcome.MALFORMED, "malformed: this is not an evidence bundle", None)
    checks.passed("the bundle is one canonical JSON file with its own digest")
    try:
        register = _loaded(bundle.register, bundle.network)
    except InvalidRegister as error:
        checks.failed(f"the register's entries chain to the bundle's network id: {error}")
        return checks.end(Outcome.NOT_SUPPORTED, "not supported: the register does not hold", None)
    checks.passed("the register's entries chain to the bundle's network id")
    try:
        register = with_changes(register, bundle.changes)
    except UNPROVEN as error:
        checks.failed(f"each change of keys is its owner's: {error}")
        return checks.end(Outcome.NOT_SUPPORTED, "not supported: a change of keys is none", None)
    if bundle.changes:
        checks.passed("each change of keys is its owner's")
    if known is not None and not _known_register(known, bundle):
        checks.failed("the register is the one known here, as far as it matters")
        sentence = "not supported: the register is another one, or leaves out a change"
        return checks.end(Outcome.NOT_SUPPORTED, sentence, None)
    if known is not None and not _whole(known, bundle):
        checks.failed("no change of keys is left out that is known here")
        sentence = "not supported: the materials leave out a change of keys"
        return checks.end(Outcome.NOT_SUPPORTED, sentence, None)
    try:
        judgement = _judge(register, bundle, checks)
    except UnknownRules as error:
        checks.failed(f"the appraisal's rules are known: {error}")
        return checks.end(Outcome.NOT_RUN, f"not run: {error}", None)
    if judgement is None or not _same(register, bundle, data, judgement, checks):
        sentence = "not supported: the materials do not show what the bundle claims"
        return checks.end(Outcome.NOT_SUPPORTED, sentence, None)
    return _conclude(register, judgement.accusation, bundle.digest, network_id, checks)


@lru_cache(maxsize=4)
def _loaded(entries: tuple[bytes, ...], network: NetworkId) -> Register:
    """The register of a bundle; bundles of one network all carry the same."""
    return Register.load(entries, None, network)


def forget() -> None:
    """Forget which registers have been loaded; it changes no answer, and frees the memory."""
    _loaded.cache_clear()


class _Checks:
    """Collects numbered checks."""

    def __init__(self) -> None:
        self._made: list[Check] = []

    def passed(self, text: str) -> None:
        self._made.append(Check(number=len(self._made) + 1, text=text, passed=True))

    def failed(self, text: str) -> None:
        self._made.append(Check(number=len(self._made) + 1, text=text, passed=False))

    def end(self, outcome: Outcome, sentence: str, claim: Finding | None) -> Verification:
        return Verification(
            checks=tuple(self._made), outcome=outcome, sentence=sentence, claim=claim
        )


def with_known_changes(data: bytes, known: Register) -> bytes:
    """The same evidence with the changes of keys that it leaves out and that are known here.

    The bytes as they are, where they leave out nothing or show nothing.
    """
    try:
        bundle = decode_bundle(data)
        if known.network_id != bundle.network or _whole(known, bundle):
            return data
        return seal(known, JUDGES[bundle.accusation.fault](known, bundle.materials)).data
    except (MalformedBundle, *UNPROVEN):
        return data


def _known_register(known: Register, bundle: Bundle) -> bool:
    """Whether the bundle brings what it needs of the register, as it is known."""
    if known.network_id != bundle.network:
        return True
    try:
        needed = entries_for(known, bundle.accusation.fault, bundle.materials)
    except MalformedInput:
        return True  # it shows nothing, and is refused for that
    return needed == bundle.register


def _whole(known: Register, bundle: Bundle) -> bool:
    """Whether the bundle brings every change of keys that is known and matters to it."""
    if known.network_id != bundle.network:
        return True
    needed = changes_for(known, bundle.accusation.fault, bundle.materials)
    return set(needed) <= set(bundle.changes)


def _judge(register: Register, bundle: Bundle, checks: _Checks) -> Judgement | None:
    """Draw the claim from the materials, by the fault that the bundle names.

    Raises `UnknownRules` for what this program cannot judge.
    """
    fault = bundle.accusation.fault
    try:
        judgement = JUDGES[fault](register, bundle.materials)
    except UnknownRules:
        raise
    except UNPROVEN as error:
        checks.failed(f"the materials show {fault} ({fault.meaning}): {error}")
        return None
    for fact in judgement.facts:
        checks.passed(fact)
    checks.passed(f"every signature and proof of the materials holds; they show {fault}")
    return judgement


def _same(
    register: Register, bundle: Bundle, data: bytes, judgement: Judgement, checks: _Checks
) -> bool:
    """Whether the bundle, written anew from what was drawn, is this bundle."""
    if judgement.accusation != bundle.accusation:
        checks.failed("the claim is the one that the materials give")
        return False
    checks.passed("the claim is the one that the materials give")
    if seal(register, judgement).data != data:
        checks.failed("the bundle holds exactly what the claim needs, in its one spelling")
        return False
    checks.passed("the bundle holds exactly what the claim needs, in its one spelling")
    return True


def _conclude(
    register: Register,
    accusation: Accusation,
    digest: Digest,
    network_id: NetworkId | None,
    checks: _Checks,
) -> Verification:
    claim = accusation.finding(digest)
    what = f"{accusation.role} {claim.accused}: {claim.fault}, {claim.claim}"
    if network_id is None or network_id != register.network_id:
        known = "no network id was given" if network_id is None else "another network id was given"
        checks.failed(f"the network is the one that was asked for: {known}")
        sentence = f"consistent, of unknown parties: {what}"
        return checks.end(Outcome.UNKNOWN_PARTIES, sentence, claim)
    checks.passed("the network is the one that was asked for")
    if claim.fault in REVOCABLE and claim.grade is not Grade.CONFIRMED:
        sentence = f"revoked since, breach not proven: {what}"
        return checks.end(Outcome.REPRODUCED, sentence, claim)
    if claim.fault.fault_class is FaultClass.PROOF:
        return checks.end(Outcome.PROVEN, f"proof holds: {what}", claim)
    kind = {Fault.F7: "discrepancy", Fault.F10R: "refusal"}.get(claim.fault, "silence")
    since = ", answered since" if claim.grade is Grade.UNSUPPORTED else ""
    sentence = f"{kind} reproduced{since}, breach not proven: {what}"
    return checks.end(Outcome.REPRODUCED, sentence, claim)
