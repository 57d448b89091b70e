"""What the people of a scenario decide to say, and when.

An act of a scenario is the body of a statement but for the agreement's digest, which stands only
once the network is made. Any kind that an act may have (`statements.voices`) can be written so.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from pausenet.errors import MalformedStatement
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.codec import BODIES, Kind, decode_body
from pausenet.values import Digest, ParticipantId, PeriodIndex, Role

_MAY_BE_LEFT_OUT: Final[dict[Kind, dict[str, Json]]] = {
    Kind.DETERMINATION: {"party": "", "about": ""},
    Kind.APPEAL: {"about": ""},
}
_ANY: Final = Digest.of(b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerPlan:
    """An adjudicator, evaluator, host or authority: it has a log, and says what it decides."""

    name: ParticipantId
    role: Role

    def __post_init__(self) -> None:
        if not self.role.speaks_only:
            raise ValueError(f"role: expected one that only speaks, found {self.role}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPlan:
    """Somebody says something at the start of period `at`; `terms` is canonical JSON.

    Raises `ValueError` where the terms are not those of the kind.
    """

    by: ParticipantId
    at: PeriodIndex
    kind: Kind
    terms: bytes

    def __post_init__(self) -> None:
        try:
            decode_body(self.kind, self.body(_ANY))
        except MalformedStatement as error:
            raise ValueError(f"terms: {error}") from error

    @classmethod
    def of(cls, by: ParticipantId, at: PeriodIndex, kind: Kind, terms: dict[str, Json]) -> ActPlan:
        """The plan with its terms as plain values."""
        return cls(by=by, at=at, kind=kind, terms=canonical.encode(terms))

    def plain(self) -> dict[str, Json]:
        """The terms as plain values."""
        value = canonical.decode(self.terms, maximum_bytes=len(self.terms))
        assert isinstance(value, dict), "terms are an object"
        return value

    def body(self, agreement: Digest) -> bytes:
        """The body under the agreement of this digest, in canonical JSON."""
        found = {**_MAY_BE_LEFT_OUT.get(self.kind, {}), **self.plain()}
        if any(field.name == "agreement" for field in fields(BODIES[self.kind])):
            found["agreement"] = agreement.hex()
        return canonical.encode(found)
