"""Evidence bundles as bytes: materials, the claim drawn from them, and the seal over both.

Before the other materials stand the changes of keys that show whose key signed them (5.4).
A bundle is one canonical JSON file (protocol.md 2.12):

    {"agreement": "", "bundle": "v1", "claim": {...}, "digest": "...", "materials": [...],
     "network": "...", "register": ["..."]}

It carries neither time nor reporter, so that all verifiers make the same bytes. `digest`, the
bundle's id, is the SHA-256 of the canonical form of the rest. Here is only its shape: what the
materials prove is judged in `faults`, `overcap` and `warrants`, `sealing` writes the bytes, and
`bundle.verify_bundle` puts it all together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from pausenet.errors import (
    InvalidEvidence,
    InvalidProof,
    InvalidSignature,
    MalformedBundle,
    MalformedInput,
)
from pausenet.log.spelling import base64_bytes, base64_text
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.statements.finding import CLAIM_MAX, Fault, Finding, Grade
from pausenet.values import Digest, KeyId, NetworkId, Origin, ParticipantId, PeriodIndex, Role, Seq

BUNDLE_BYTES_MAX: Final = 3 * 1024 * 1024
MATERIALS_MAX: Final = 2_048
ENTRIES_MAX: Final = 4_096
"""The most entries of one log that stands in a bundle whole."""
_REGISTER_MAX: Final = 512
_DATA_CHARACTERS_MAX: Final = 90_000
UNPROVEN: Final = (MalformedInput, InvalidSignature, InvalidProof, InvalidEvidence)
"""What a judge raises for materials that do not show its fault."""
REVOCABLE: Final = (Fault.F1, Fault.F2, Fault.F3, Fault.F4, Fault.F9, Fault.F10, Fault.F11)
"""The proofs that a revoked key no longer makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One envelope."""

    entry: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One checkpoint note, stripped to the lines that the evidence needs."""

    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsedCut:
    """A network cut: its statement's envelope, and k endorsements' in register order."""

    cut: bytes
    endorsements: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One entry with its inclusion proof under the note or cut before it in the materials."""

    index: Seq
    entry: bytes
    proof: tuple[Digest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One opened leaf of a usage ledger: a job's record, by its bytes."""

    record: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeLog:
    """All entries of one log, from the first on, as far as the cut before it holds them."""

    origin: Origin
    entries: tuple[bytes, ...]


Material: TypeAlias = Signed | Noted | EndorsedCut | Leaf | Opened | WholeLog


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """A change of keys, without which a signature among the materials would be nobody's."""

    entry: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Accusation:
    """What the materials say of whom; the bundle's `claim`."""

    fault: Fault
    grade: Grade
    accused: ParticipantId
    role: Role
    key: KeyId
    periods: tuple[PeriodIndex, ...]
    text: str

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "fault": str(self.fault),
            "class": str(self.fault.fault_class),
            "grade": str(self.grade),
            "accused": self.accused,
            "role": str(self.role),
            "key": self.key,
            "periods": list(self.periods),
            "text": self.text,
        }

    def finding(self, bundle: Digest) -> Finding:
        """The finding that an appraisal lists, resting on the bundle of this id."""
        return Finding(
            fault=self.fault,
            grade=self.grade,
            claim=self.text,
            accused=self.accused,
            periods=self.periods,
            bundle=bundle,
        )

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            fault=fields.word("fault", Fault),
            grade=fields.word("grade", Grade),
            accused=fields.word("accused", ParticipantId),
            role=fields.word("role", Role),
            key=fields.word("key", KeyId),
            periods=fields.items("periods", _period),
            text=fields.text("text", CLAIM_MAX),
        )
        require(fields.text("class", 16) == found.fault.fault_class, "class: not the fault's")
        strictly_sorted(tuple(int(index) for index in found.periods), "periods")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a judge made of materials: the accusation, the materials in their one spelling.

    `facts` says what was checked on the way, for people.
    """

    accusation: Accusation
    materials: tuple[Material, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle whose shape, spelling and digest are right, and whose claim is unjudged."""

    network: NetworkId
    register: tuple[bytes, ...]
    agreement: Digest | None
    changes: tuple[KeyChange, ...]
    materials: tuple[Material, ...]
    accusation: Accusation
    digest: Digest


def decode_bundle(data: bytes) -> Bundle:
    """Read a bundle's bytes, its digest included; raise `MalformedBundle` for any others."""
    try:
        value = canonical.decode(data, maximum_bytes=BUNDLE_BYTES_MAX)
        fields = Fields(value, "bundle")
        bundle = _read(fields)
        fields.done()
    except MalformedInput as error:
        raise MalformedBundle(str(error)) from error
    assert isinstance(value, dict), "Fields takes nothing else"
    del value["digest"]
    found = Digest.of(canonical.encode(value))
    if found != bundle.digest:
        raise MalformedBundle(f"digest: expected {found}, found {bundle.digest}")
    return bundle


def _read(fields: Fields) -> Bundle:
    require(fields.text("bundle", 8) == "v1", "bundle: expected v1")
    claim = fields.inner("claim")
    materials = fields.items("materials", material_from_json, low=1, high=MATERIALS_MAX)
    changes = tuple(each for each in materials if isinstance(each, KeyChange))
    rest = tuple(each for each in materials if not isinstance(each, KeyChange))
    require(materials == (*changes, *rest), "materials: expected changes of keys first")
    bundle = Bundle(
        network=fields.word("network", NetworkId.from_hex),
        register=fields.items("register", _blob, low=1, high=_REGISTER_MAX),
        agreement=fields.optional_digest("agreement"),
        changes=changes,
        materials=rest,
        accusation=Accusation.read(claim),
        digest=fields.digest("digest"),
    )
    claim.done()
    return bundle


def material_to_json(material: Material | KeyChange) -> Json:
    """The canonical form of a material."""
    match material:
        case KeyChange(entry=entry):
            return {"kind": "key-change", "data": base64_text(entry)}
        case Signed(entry=entry):
            return {"kind": "envelope", "data": base64_text(entry)}
        case Noted(note=note):
            return {"kind": "note", "data": base64_text(note)}
        case Opened(record=record):
            return {"kind": "record", "data": base64_text(record)}
        case EndorsedCut(cut=cut, endorsements=endorsements):
            return {
                "kind": "cut",
                "data": base64_text(cut),
                "endorsements": [base64_text(entry) for entry in endorsements],
            }
        case Leaf(index=index, entry=entry, proof=proof):
            return {
                "kind": "leaf",
                "index": index,
                "data": base64_text(entry),
                "proof": [node.hex() for node in proof],
            }
        case WholeLog(origin=origin, entries=entries):
            return {
                "kind": "log",
                "origin": origin,
                "entries": [base64_text(entry) for entry in entries],
            }


def material_from_json(value: Json, path: str) -> Material | KeyChange:
    """Read one material; raise `MalformedInput` for any other form."""
    fields = Fields(value, path)
    kind = fields.text("kind", 16)
    found: Material | KeyChange
    data = b"" if kind == "log" else _blob(fields.take("data"), "data")
    if kind == "key-change":
        found = KeyChange(entry=data)
    elif kind == "envelope":
        found = Signed(entry=data)
    elif kind == "note":
        found = Noted(note=data)
    elif kind == "record":
        found = Opened(record=data)
    elif kind == "log":
        entries = fields.items("entries", _blob, low=1, high=ENTRIES_MAX)
        found = WholeLog(origin=fields.word("origin", Origin), entries=entries)
    elif kind == "cut":
        found = EndorsedCut(cut=data, endorsements=fields.items("endorsements", _blob, high=64))
    else:
        require(kind == "leaf", f"{path}.kind: unknown")
        proof = fields.words("proof", Digest.from_hex, high=64)
        found = Leaf(index=fields.value("index", Seq), entry=data, proof=proof)
    fields.done()
    return found


def _blob(value: Json, path: str) -> bytes:
    if not isinstance(value, str) or len(value) > _DATA_CHARACTERS_MAX:
        raise MalformedBundle(f"{path}: expected base64 of at most {_DATA_CHARACTERS_MAX}")
    try:
        return base64_bytes(value)
    except ValueError as error:
        raise MalformedBundle(f"{path}: {error}") from error


def _period(value: Json, path: str) -> PeriodIndex:
    return Fields({"index": value}, path).value("index", PeriodIndex)
