"""What is said in a dispute: excuse, appeal, recusal, and the adjudicator's determination.

Verifiers find facts. Only a determination makes a party non-compliant, but for the faults that
the agreement lets speak for themselves (protocol.md 7.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require
from pausenet.statements.forms import Hex, Record, Text, Word
from pausenet.values import Digest, ParticipantId, PeriodIndex


class Outcome(StrEnum):
    """What an adjudicator determines."""

    NON_COMPLIANT = "non-compliant"
    NO_BREACH = "no-breach"
    EXCUSE_ACCEPTED = "excuse-accepted"
    DEROGATION_UPHELD = "derogation-upheld"
    DEROGATION_REFUSED = "derogation-refused"
    RESTORED = "restored"
    TRIGGER_MET = "trigger-met"
    LIFT_MET = "lift-met"

    @property
    def is_of_a_party(self) -> bool:
        """Whether it speaks of one party; the others speak of the whole agreement."""
        return self not in (Outcome.TRIGGER_MET, Outcome.LIFT_MET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """One adjudicator's decision; it is the panel's once the quorum says the same.

    `party` is who it is about, empty where it is about the agreement. `about` is the bundle, the
    derogation or the appeal that it decides on, by digest. Members of a panel say equal bodies.
    """

    agreement: Digest
    outcome: Outcome
    party: ParticipantId | None
    about: Digest | None
    reasons: str

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "agreement": self.agreement.hex(),
            "outcome": str(self.outcome),
            "party": self.party or "",
            "about": self.about.hex() if self.about else "",
            "reasons": self.reasons,
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        party = fields.text("party", 32)
        outcome = fields.word("outcome", Outcome)
        require((party != "") == outcome.is_of_a_party, f"party: {outcome} wants it otherwise")
        found = cls(
            agreement=fields.digest("agreement"),
            outcome=outcome,
            party=_participant(party) if party else None,
            about=fields.optional_digest("about"),
            reasons=fields.text("reasons"),
        )
        require(found.reasons != "", "reasons: mandatory, and empty")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Recusal:
    """An adjudicator stands aside from what concerns a party, and says why."""

    agreement: Digest
    party: ParticipantId
    reasons: str

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "agreement": self.agreement.hex(),
            "party": self.party,
            "reasons": self.reasons,
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(
            agreement=fields.digest("agreement"),
            party=fields.word("party", ParticipantId),
            reasons=fields.text("reasons"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection(Record):
    """An adjudicator objects to a run that a party has reported, or may report (C11).

    It counts once the panel's quorum has objected, in time: silence is approval.
    """

    agreement: Annotated[Digest, Hex(Digest)]
    party: Annotated[ParticipantId, Word(ParticipantId)]
    run: Annotated[ParticipantId, Word(ParticipantId)]
    reasons: Annotated[str, Text()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """A party's explanation of what was late, missing or out of balance in one period."""

    agreement: Digest
    due: PeriodIndex
    reason: str

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"agreement": self.agreement.hex(), "due": self.due, "reason": self.reason}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            agreement=fields.digest("agreement"),
            due=fields.value("due", PeriodIndex),
            reason=fields.text("reason"),
        )
        require(found.reason != "", "reason: mandatory, and empty")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """A party asks the panel to decide anew; `about` is what the determination decided on."""

    agreement: Digest
    about: Digest | None
    grounds: str

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "agreement": self.agreement.hex(),
            "about": self.about.hex() if self.about else "",
            "grounds": self.grounds,
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            agreement=fields.digest("agreement"),
            about=fields.optional_digest("about"),
            grounds=fields.text("grounds"),
        )
        require(found.grounds != "", "grounds: mandatory, and empty")
        return found


def _participant(text: str) -> ParticipantId:
    return Fields({"party": text}, "determination").word("party", ParticipantId)
