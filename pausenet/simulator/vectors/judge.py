"""What pausenet says of a case: a decoder or judge of the core for each kind, and its facts.

Everything here asks the same functions that nodes and `pausenet verify` ask.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, cast

from pausenet.crypto import envelope
from pausenet.errors import MalformedInput, Misuse, PausenetError
from pausenet.log.checkpoint import Note
from pausenet.log.merkle import Tree, leaf_hash, verify_consistency, verify_inclusion
from pausenet.log.opened import open_note
from pausenet.log.vkey import VerifierKey
from pausenet.protocol.appraisal import RULES_DIGEST, appraise
from pausenet.protocol.bundle import JUDGES, Outcome, verify_bundle
from pausenet.protocol.evidence import KeyChange, material_from_json
from pausenet.protocol.mirror import Seen, check_entry
from pausenet.protocol.register import Register
from pausenet.protocol.sealing import changes_for, with_changes
from pausenet.simulator.vectors.case import REFUSED, CaseKind, Facts, Verdict
from pausenet.statements import canonical, codec
from pausenet.statements.canonical import Json
from pausenet.statements.cut import Cut
from pausenet.statements.fields import Fields
from pausenet.statements.finding import Fault
from pausenet.statements.register import Purpose
from pausenet.values import Digest, NetworkId, Origin, ParticipantId, PublicKey

Shared = Mapping[str, Facts]


def answer(kind: CaseKind, inputs: Facts, shared: Shared) -> Facts:
    """The verdict on a case's inputs, with its facts; raise `Misuse` for inputs that are none."""
    try:
        return _ANSWERS[kind](_Inputs(inputs, shared))
    except KeyError as error:
        lacks = f"case: its inputs need {error.args[0]!r:.80}, which is not there"
        raise Misuse(lacks) from error
    except (TypeError, ValueError) as error:
        raise Misuse(f"case: its inputs are not as its kind has them: {error!r}") from error


class _Inputs:
    """The inputs of a case, read as their kinds have them."""

    def __init__(self, values: Facts, shared: Shared) -> None:
        self._values, self._shared = values, shared

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        """A text."""
        found = self._values[name]
        if not isinstance(found, str):
            raise TypeError(f"{name}: expected text")
        return found

    def data(self, name: str) -> bytes:
        """Bytes."""
        return base64.b64decode(self.text(name), validate=True)

    def number(self, name: str) -> int:
        """An integer."""
        found = self._values[name]
        if not isinstance(found, int):
            raise TypeError(f"{name}: expected an integer")
        return found

    def items(self, name: str) -> list[Json]:
        """A list."""
        found = self._values[name]
        if not isinstance(found, list):
            raise TypeError(f"{name}: expected a list")
        return found

    def hashes(self, name: str) -> list[bytes]:
        """A list of hashes in hex, of any length."""
        return [bytes.fromhex(str(item)) for item in self.items(name)]

    def blobs(self, name: str) -> list[bytes]:
        """A list of bytes."""
        return [base64.b64decode(str(item), validate=True) for item in self.items(name)]

    def register(self) -> Register:
        """The register of the run that the case names."""
        run = _Inputs(self._shared[self.text("run")], {})
        return _register(tuple(map(str, run.items("register"))), run.text("network"))

    def logs(self) -> dict[Origin, list[bytes]]:
        """The run's logs, with those that the case brings itself in their place."""
        found: dict[Origin, list[bytes]] = {}
        own = self.items("logs") if "logs" in self else []
        for item in (*_Inputs(self._shared[self.text("run")], {}).items("logs"), *own):
            log = _Inputs(cast("Facts", item), {})
            found[Origin(log.text("origin"))] = log.blobs("entries")
        return found


@lru_cache(maxsize=8)
def _register(entries: tuple[str, ...], network: str) -> Register:
    raw = tuple(base64.b64decode(entry) for entry in entries)
    return Register.load(raw, None, NetworkId.from_hex(network))


def _envelope(inputs: _Inputs) -> Facts:
    keys = [PublicKey(key) for key in inputs.hashes("keys")]
    try:
        sealed = envelope.decode(inputs.data("data"), signatures_max=len(keys))
        known = {key.key_id: key for key in keys}
        if {each.key_id for each in sealed.signatures} != set(known):
            return REFUSED
        sealed.verify(known)
    except PausenetError:
        return REFUSED
    return _accepted(statement_id=sealed.statement_id.hex())


def _statement(inputs: _Inputs) -> Facts:
    payload = inputs.data("payload")
    try:
        statement = codec.decode(payload)
    except MalformedInput:
        return REFUSED
    return _accepted(
        kind=str(statement.kind),
        author=statement.author,
        seq=int(statement.seq),
        statement_id=envelope.statement_id(payload).hex(),
    )


def _chain(inputs: _Inputs) -> Facts:
    register = inputs.register()
    member = register.by_origin[Origin(inputs.text("origin"))]
    keys, succession = member.keys, member.succession
    prev = codec.genesis_prev(
        register.network_id, member.origin, keys[Purpose.STATEMENT], keys[Purpose.LOG]
    )
    seen: Seen = {}
    tree = Tree()
    try:
        for seq, entry in enumerate(inputs.blobs("entries")):
            statement, identity, succession = check_entry(
                register, succession, seq, entry, prev=prev, seen=seen
            )
            prev = Digest(identity)
            seen = {head.origin: head.size for head in statement.seen}
            tree.append(leaf_hash(entry))
    except PausenetError:
        return REFUSED
    return _accepted(size=int(tree.size), root=tree.root(tree.size).hex(), last=prev.hex())


def _whole_register(inputs: _Inputs) -> Facts:
    try:
        register = Register.load(tuple(inputs.blobs("entries")), None, None)
    except PausenetError:
        return REFUSED
    return _accepted(
        network=register.network_id.hex(),
        size=int(register.size),
        root=register.root.hex(),
        agreement=register.agreement_digest.hex(),
        verifiers=list(register.verifiers),
    )


def _inclusion(inputs: _Inputs) -> Facts:
    try:
        verify_inclusion(
            leaf_hash(inputs.data("entry")),
            inputs.number("index"),
            inputs.number("size"),
            inputs.hashes("proof"),
            bytes.fromhex(inputs.text("root")),
        )
    except PausenetError:
        return REFUSED
    return _accepted()


def _consistency(inputs: _Inputs) -> Facts:
    try:
        verify_consistency(
            inputs.number("old_size"),
            inputs.number("new_size"),
            inputs.hashes("proof"),
            bytes.fromhex(inputs.text("old_root")),
            bytes.fromhex(inputs.text("new_root")),
        )
    except PausenetError:
        return REFUSED
    return _accepted()


def _note(inputs: _Inputs) -> Facts:
    """A checkpoint under its log's key and any cosigners' keys."""
    try:
        keys = [VerifierKey.decode(str(key)) for key in (inputs.items("cosigners"))]
        log = VerifierKey.decode(inputs.text("log"))
        opened = open_note(Note.decode(inputs.data("note")), log, keys)
    except PausenetError:
        return REFUSED
    head = opened.checkpoint
    if len(opened.cosignatures) < inputs.number("cosigners_min"):
        return REFUSED
    return _accepted(
        origin=head.origin,
        size=int(head.size),
        root=head.root.hex(),
        cosignatures=[
            {"name": each.cosigner, "time": int(each.time)} for each in opened.cosignatures
        ],
    )


def _cut(inputs: _Inputs) -> Cut:
    value = canonical.decode(inputs.data("cut"), maximum_bytes=codec.PAYLOAD_BYTES_MAX)
    return Cut.read(Fields(value, "cut"))


def _lifecycle(inputs: _Inputs) -> Facts:
    """From when the agreement binds each party; refused where it binds nobody."""
    found = [item.appraisal for item in appraise(inputs.register(), _cut(inputs), inputs.logs())]
    facts: list[Json] = [
        {
            "lab": each.lab,
            "stage": str(each.stage),
            "bound": [span.to_json() for span in each.bound],
        }
        for each in found
    ]
    bound = any(each.bound for each in found)
    return {"verdict": str(Verdict.ACCEPT if bound else Verdict.REFUSE), "parties": facts}


def _stages(inputs: _Inputs) -> Facts:
    """Whether parties stand where it is claimed that they stand."""
    parties = _lifecycle(inputs)["parties"]
    stands = parties == inputs.items("parties")
    return {"verdict": str(Verdict.ACCEPT if stands else Verdict.REFUSE), "parties": parties}


def _fault(inputs: _Inputs) -> Facts:
    """The claim that the materials give in exactly the form in which they stand."""
    try:
        read = [material_from_json(item, "materials") for item in inputs.items("materials")]
        changes = tuple(each for each in read if isinstance(each, KeyChange))
        materials = tuple(each for each in read if not isinstance(each, KeyChange))
        fault, register = Fault(inputs.text("fault")), with_changes(inputs.register(), changes)
        judgement = JUDGES[fault](register, materials)
    except PausenetError:
        return REFUSED
    needed = changes_for(register, fault, materials)
    if judgement.materials != materials or (*needed, *materials) != tuple(read):
        return REFUSED
    return _accepted(claim=judgement.accusation.to_json())


def _bundle(inputs: _Inputs) -> Facts:
    pinned = inputs.text("network_id")
    found = verify_bundle(inputs.data("data"), NetworkId.from_hex(pinned) if pinned else None)
    stands = found.outcome in (Outcome.PROVEN, Outcome.REPRODUCED)
    facts: Facts = {
        "verdict": str(Verdict.ACCEPT if stands else Verdict.REFUSE),
        "outcome": str(found.outcome),
        "exit_code": int(found.exit_code),
    }
    if found.claim is not None:
        facts["finding"] = found.claim.to_json()
    return facts


def _appraisal(inputs: _Inputs) -> Facts:
    """Whether an appraisal is the one that the cut and the logs give, byte for byte."""
    said = inputs.data("appraisal")
    if Digest.from_hex(inputs.text("rules")) != RULES_DIGEST:
        return {**REFUSED, "reason": "unknown rules: not run"}
    appraised = appraise(inputs.register(), _cut(inputs), inputs.logs())
    right = {item.appraisal.lab: canonical.encode(item.appraisal.to_json()) for item in appraised}
    lab = ParticipantId(inputs.text("lab"))
    facts: Facts = {"digest": Digest.of(right[lab]).hex()} if lab in right else {}
    stands = lab in right and right[lab] == said
    return {"verdict": str(Verdict.ACCEPT if stands else Verdict.REFUSE), **facts}


def _accepted(**facts: Json) -> Facts:
    return {"verdict": str(Verdict.ACCEPT), **facts}


_ANSWERS: Final[Mapping[CaseKind, Callable[[_Inputs], Facts]]] = {
    CaseKind.ENVELOPE: _envelope,
    CaseKind.STATEMENT: _statement,
    CaseKind.CHAIN: _chain,
    CaseKind.REGISTER: _whole_register,
    CaseKind.INCLUSION: _inclusion,
    CaseKind.CONSISTENCY: _consistency,
    CaseKind.CHECKPOINT: _note,
    CaseKind.COSIGNATURE: _note,
    CaseKind.LIFECYCLE: _lifecycle,
    CaseKind.STAGES: _stages,
    CaseKind.FAULT: _fault,
    CaseKind.BUNDLE: _bundle,
    CaseKind.APPRAISAL: _appraisal,
}
