"""Challenge inspection in words: request, notice, vote, answer, report (protocol.md 7.5).

A challenge is known by its *commitment*: the salted digest that its author logs first. Everything
said about it later names that digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require
from pausenet.statements.finding import Claim
from pausenet.statements.usage import COUNT_MAX
from pausenet.values import Digest, ParticipantId, Salt, WattHours

PLACE_MAX: Final = 200
MANAGED_MAX: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A party has asked for an inspection; of what, it says at the notice."""

    commitment: Digest

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"commitment": self.commitment.hex()}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(commitment=fields.digest("commitment"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeNotice:
    """The challenge opened: whose place, which, on what grounds, and the suspected claim."""

    salt: Salt
    lab: ParticipantId
    place: str
    grounds: str
    claim: Claim

    @property
    def commitment(self) -> Digest:
        """What the challenge must have logged before."""
        return Digest.of(b"pausenet/challenge/v1\n", canonical.encode(self.to_json()))

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "salt": self.salt.hex(),
            "lab": self.lab,
            "place": self.place,
            "grounds": self.grounds,
            "claim": str(self.claim),
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            salt=fields.word("salt", Salt.from_hex),
            lab=fields.word("lab", ParticipantId),
            place=fields.text("place", PLACE_MAX),
            grounds=fields.text("grounds"),
            claim=fields.word("claim", Claim),
        )
        require(found.place != "" and found.grounds != "", "place and grounds: mandatory")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeVote:
    """A member votes against an inspection; there is no vote to start one."""

    challenge: Digest

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"challenge": self.challenge.hex()}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(challenge=fields.digest("challenge"))


class Answer(StrEnum):
    """What the inspected lab says to a notice."""

    ADMIT = "admit"
    BARGAIN = "bargain"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeAnswer:
    """The inspected lab admits, bargains over the perimeter, or refuses.

    `managed` lists what stays covered inside: managed access.
    """

    challenge: Digest
    answer: Answer
    managed: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "challenge": self.challenge.hex(),
            "answer": str(self.answer),
            "managed": list(self.managed),
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(
            challenge=fields.digest("challenge"),
            answer=fields.word("answer", Answer),
            managed=fields.items("managed", _managed, high=MANAGED_MAX),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionReport:
    """What inspectors found at a place: chips by UID, power, network.

    `found` accelerators bear the UIDs whose sorted list has the digest `uids`; `undeclared` of
    them stand in no declaration of the lab.
    """

    inspection: Digest
    lab: ParticipantId
    place: str
    found: int
    undeclared: int
    uids: Digest
    energy_wh: WattHours
    links: int

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "inspection": self.inspection.hex(),
            "lab": self.lab,
            "place": self.place,
            "found": self.found,
            "undeclared": self.undeclared,
            "uids": self.uids.hex(),
            "energy_wh": self.energy_wh,
            "links": self.links,
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            inspection=fields.digest("inspection"),
            lab=fields.word("lab", ParticipantId),
            place=fields.text("place", PLACE_MAX),
            found=fields.integer("found", 0, COUNT_MAX),
            undeclared=fields.integer("undeclared", 0, COUNT_MAX),
            uids=fields.digest("uids"),
            energy_wh=fields.value("energy_wh", WattHours),
            links=fields.integer("links", 0, COUNT_MAX),
        )
        require(found.undeclared <= found.found, "undeclared: more than were found")
        return found


def _managed(value: Json, path: str) -> str:
    return Fields({"item": value}, path).text("item", PLACE_MAX)
