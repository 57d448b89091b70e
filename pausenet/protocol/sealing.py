"""Evidence bundles are sealed here: the register and the changes of keys that materials need.

A bundle carries no more of the register than it takes to judge it, so that whoever has seen
later changes of membership makes the same bytes. Before the other materials stand the changes
of keys that show whose key signed them (protocol.md 5.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.errors import InvalidEvidence, InvalidKey, MalformedInput
from pausenet.log.checkpoint import Note
from pausenet.log.spelling import base64_text
from pausenet.protocol.evidence import (
    BUNDLE_BYTES_MAX,
    MATERIALS_MAX,
    REVOCABLE,
    EndorsedCut,
    Judgement,
    KeyChange,
    Leaf,
    Material,
    Noted,
    Opened,
    Signed,
    WholeLog,
    material_to_json,
)
from pausenet.protocol.register import Register
from pausenet.protocol.succession import open_envelope
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.challenge import InspectionReport
from pausenet.statements.cut import Cut, Silence
from pausenet.statements.finding import Fault
from pausenet.statements.inspection import InspectionRequest
from pausenet.values import REGISTER_ORIGIN, Digest, ParticipantId

_RESTING_ON_AGREEMENT: Final = (Fault.F5, Fault.F6, Fault.F7, Fault.F10, Fault.F10R)

_OF_PERIODS: Final = (Fault.F5, Fault.F10, Fault.F10R)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedBundle:
    """A bundle's bytes with its id."""

    id: Digest
    data: bytes
    materials: int

    @property
    def is_too_large(self) -> bool:
        """Whether it is past what a reader of bundles takes."""
        return len(self.data) > BUNDLE_BYTES_MAX or self.materials > MATERIALS_MAX


def seal(register: Register, judgement: Judgement) -> SealedBundle:
    """Write the bundle of a judgement; the same judgement gives the same bytes everywhere."""
    changes = changes_for(register, judgement.accusation.fault, judgement.materials)
    entries = entries_for(register, judgement.accusation.fault, judgement.materials)
    rests = judgement.accusation.fault in _RESTING_ON_AGREEMENT
    body: dict[str, Json] = {
        "bundle": "v1",
        "network": register.network_id.hex(),
        "register": [base64_text(entry) for entry in entries],
        "agreement": register.agreement_digest.hex() if rests else "",
        "materials": [material_to_json(material) for material in (*changes, *judgement.materials)],
        "claim": judgement.accusation.to_json(),
    }
    digest = Digest.of(canonical.encode(body))
    return SealedBundle(
        id=digest,
        data=canonical.encode({**body, "digest": digest.hex()}),
        materials=len(changes) + len(judgement.materials),
    )


def changes_for(
    register: Register, fault: Fault, materials: Sequence[Material]
) -> tuple[KeyChange, ...]:
    """The changes of keys that show whose keys signed these materials, by participant and place.

    Those are all of each author's, log's and cosigner's up to the place that is signed; for a
    revocable fault up to the recovery that revoked the accused's key, where one has. A whole log
    needs none: its root alone judges it.
    """
    if all(len(member.succession.eras) == 1 for member in register.members.values()):
        return ()
    places: dict[ParticipantId, int] = {}
    for material, name, place in _signed(register, materials):
        end = place
        accused = fault in REVOCABLE and not isinstance(material, EndorsedCut)
        if accused and name in register.members:
            revoked = register.members[name].succession.revoked_by(place)
            end = place if revoked is None else revoked.start
        places[name] = max(end, places.get(name, 0))
    return tuple(
        KeyChange(entry=entry)
        for name, member in register.members.items()
        for entry in member.succession.changes(places.get(name, 0))
    )


def entries_for(
    register: Register, fault: Fault, materials: Sequence[Material]
) -> tuple[bytes, ...]:
    """As much of the register as these materials need.

    That is what makes it whole; everything that a network cut among them names; the entry of
    everybody who signed an envelope or a note; what silences, requests and who did not answer
    one name; and the epochs that what verifiers say is judged under: of the periods for which
    something was due or asked, and of f+1 who report alike.
    """
    size = int(register.size_at_first)
    if size == register.size:
        return register.entries
    for _, name, _ in _signed(register, materials):
        if name in register.members:
            size = max(size, register.members[name].bound)
    for material in materials:
        match material:
            case EndorsedCut(cut=entry):
                body = open_envelope(entry)[1].body
                size = max(size, body.register_size if isinstance(body, Cut) else 0)
            case Signed(entry=entry) | Leaf(entry=entry) if fault in _OF_PERIODS:
                match open_envelope(entry)[1].body:
                    case (
                        Silence(due=period, register_size=named)
                        | InspectionRequest(period=period, register_size=named)
                    ):
                        size = max(size, named, register.under(period).epoch.size)
    if fault is Fault.F10:
        size = max(size, _seen_of_register(materials))
    epoch = register.epoch_of(_reporters(materials)) if fault is Fault.F7 else None
    return register.entries[: size if epoch is None else max(size, epoch.size)]


def _seen_of_register(materials: Sequence[Material]) -> int:
    """How much of the register who left a request unanswered says that it had seen."""
    match materials:
        case [Leaf(), *_, Signed(entry=entry)]:
            seen = open_envelope(entry)[1].seen
            return max(
                (int(head.size) for head in seen if head.origin == REGISTER_ORIGIN), default=0
            )
        case _:
            return 0


def _reporters(materials: Sequence[Material]) -> tuple[ParticipantId, ...]:
    """Who reports of an inspection among materials."""
    said = [open_envelope(each.entry)[1] for each in materials if isinstance(each, Signed)]
    return tuple(each.author for each in said if isinstance(each.body, InspectionReport))


def _signed(
    register: Register, materials: Sequence[Material]
) -> Iterator[tuple[Material, ParticipantId, int]]:
    """Who signed what among materials, and at which place of its log, or on which size of it."""
    under_note = False
    for material in materials:
        match material:
            case Noted(note=note):
                under_note = True
                found = _places_of_note(register, note)
            case Signed(entry=entry):
                found = _places_of_entries((entry,))
            case EndorsedCut(cut=cut, endorsements=endorsements):
                under_note = False
                found = _places_of_entries((cut, *endorsements))
            case Leaf(entry=entry):
                found = () if under_note else _places_of_entries((entry,))
            case Opened() | WholeLog():
                found = ()
        yield from ((material, name, place) for name, place in found)


def with_changes(register: Register, changes: Sequence[KeyChange]) -> Register:
    """The register with these changes of keys; raise one of `UNPROVEN` for one that is none."""
    for change in changes:
        _, statement = open_envelope(change.entry)
        member = register.members.get(statement.author)
        if member is None or statement.network != register.network_id:
            raise InvalidEvidence("a change of keys of nobody in this network")
        try:
            after = member.succession.after(change.entry)
        except InvalidKey as error:
            raise InvalidEvidence(str(error)) from error
        if after is member.succession:
            raise InvalidEvidence("expected a change of keys")
        register = register.succeeded(after)
    return register


def _places_of_entries(entries: Sequence[bytes]) -> tuple[tuple[ParticipantId, int], ...]:
    found = []
    for entry in entries:
        try:
            _, statement = open_envelope(entry)
        except MalformedInput:
            continue  # it needs nobody's key
        found.append((statement.author, int(statement.seq)))
    return tuple(found)


def _places_of_note(register: Register, data: bytes) -> tuple[tuple[ParticipantId, int], ...]:
    try:
        note = Note.decode(data)
    except MalformedInput:
        return ()  # it is by nobody
    found = []
    for line in note.signatures:
        for member in register.members.values():
            if line.name == member.origin:
                found.append((member.id, int(note.body.size)))
            for era in member.succession.eras:
                if era.storing is not None and line.is_by(era.storing):
                    found.append((member.id, era.start))
    return tuple(found)
