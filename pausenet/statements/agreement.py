"""A pause agreement is data: parties, clauses, trigger, lift rule, adjudicator (protocol.md 6).

The statement stands in the register's log; the *agreement digest* is the SHA-256 of the
canonical form of its body.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pausenet.errors import MalformedInput, MalformedStatement
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.clauses import (
    Clause,
    PowerChannel,
    RunCap,
    TotalCap,
    clause_to_json,
    read_clause,
)
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.values import Digest, NetworkTime, ParticipantId, Period, PeriodIndex

AGREEMENT_BYTES_MAX: Final = 45_000
SPAN_MAX_S: Final = 10**10


class Activation(StrEnum):
    """What brings an agreement into force."""

    UNCONDITIONAL = "unconditional"
    ALL_NAMED = "all-named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A meter that reads one party."""

    meter: ParticipantId
    party: ParticipantId

    def to_json(self) -> Json:
        """The canonical form."""
        return {"meter": self.meter, "party": self.party}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            meter=fields.word("meter", ParticipantId), party=fields.word("party", ParticipantId)
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Periods of equal length from `start`, and how long after each period's end what is due.

    A statement of a period is due `deadline_s` after the period's end and on time up to
    `grace_s` later; the period's close is the end of that grace (protocol.md 7.1).
    """

    start: NetworkTime
    period_s: int
    deadline_s: int
    grace_s: int
    notice_periods: int

    def period(self, index: PeriodIndex) -> Period:
        """The period of this index."""
        start = self.start + index * self.period_s
        return Period(index=index, start=NetworkTime(start), end=NetworkTime(start + self.period_s))

    def close(self, index: PeriodIndex) -> NetworkTime:
        """When the period closes: end + deadline + grace."""
        end = self.start + (index + 1) * self.period_s
        return NetworkTime(end + self.deadline_s + self.grace_s)

    def last_ended(self, now: NetworkTime) -> int:
        """The index of the last period that has ended; -1 when none has."""
        return (now - self.start) // self.period_s - 1

    def last_closed(self, now: NetworkTime) -> int:
        """The index of the last period whose close has passed; -1 when none has."""
        return max(-1, (now - self.deadline_s - self.grace_s - self.start) // self.period_s - 1)

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "start": self.start,
            "period_s": self.period_s,
            "deadline_s": self.deadline_s,
            "grace_s": self.grace_s,
            "notice_periods": self.notice_periods,
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            start=fields.value("start", NetworkTime),
            period_s=fields.integer("period_s", 1, SPAN_MAX_S),
            deadline_s=fields.integer("deadline_s", 0, SPAN_MAX_S),
            grace_s=fields.integer("grace_s", 1, SPAN_MAX_S),
            notice_periods=fields.integer("notice_periods", 2, 10_000),
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What binds labs. Trigger, lift rule and adjudicator are mandatory."""

    title: str
    activation: Activation
    parties: tuple[ParticipantId, ...]
    trigger: str
    lift: str
    adjudicator: str
    legal_basis: str
    schedule: Schedule
    channels: tuple[Channel, ...]
    clauses: tuple[Clause, ...]

    @property
    def digest(self) -> Digest:
        """SHA-256 of the canonical form."""
        return Digest.of(canonical.encode(self.to_json()))

    @property
    def run_cap(self) -> RunCap | None:
        """The cap on a training run, if there is one."""
        return next((c for c in self.clauses if isinstance(c, RunCap)), None)

    @property
    def total_cap(self) -> TotalCap | None:
        """The cap on a lab's period, if there is one."""
        return next((c for c in self.clauses if isinstance(c, TotalCap)), None)

    @property
    def power_channel(self) -> PowerChannel | None:
        """The required power channel, if there is one."""
        return next((c for c in self.clauses if isinstance(c, PowerChannel)), None)

    def meters_of(self, party: ParticipantId) -> tuple[ParticipantId, ...]:
        """The meters that read a party."""
        return tuple(c.meter for c in self.channels if c.party == party)

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "title": self.title,
            "activation": str(self.activation),
            "parties": list(self.parties),
            "trigger": self.trigger,
            "lift": self.lift,
            "adjudicator": self.adjudicator,
            "legal_basis": self.legal_basis,
            "schedule": self.schedule.to_json(),
            "channels": [channel.to_json() for channel in self.channels],
            "clauses": [clause_to_json(clause) for clause in self.clauses],
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            title=fields.text("title", 200),
            activation=fields.word("activation", Activation),
            parties=fields.words("parties", ParticipantId, low=1, high=64),
            trigger=fields.text("trigger"),
            lift=fields.text("lift"),
            adjudicator=fields.text("adjudicator", 200),
            legal_basis=fields.text("legal_basis"),
            schedule=Schedule.read(fields.inner("schedule")),
            channels=fields.items("channels", Channel.read, high=256),
            clauses=fields.items("clauses", read_clause, low=1, high=32),
        )
        for name in ("title", "trigger", "lift", "adjudicator"):
            require(getattr(found, name) != "", f"{name}: mandatory, and empty")
        strictly_sorted(tuple(str(party) for party in found.parties), "parties")
        strictly_sorted(tuple(str(channel.meter) for channel in found.channels), "channels")
        require(
            all(channel.party in found.parties for channel in found.channels),
            "channels: a meter reads somebody who is no party",
        )
        kinds = [clause.KIND for clause in found.clauses]
        require(len(set(kinds)) == len(kinds), "clauses: one kind twice")
        if found.power_channel is not None:
            require(
                all(len(found.meters_of(party)) == 1 for party in found.parties),
                "channels: the required power channel needs exactly one meter a party",
            )
        return found


def decode_agreement(data: bytes) -> Agreement:
    """Read a whole agreement from canonical JSON; raise `MalformedStatement`."""
    try:
        value = canonical.decode(data, maximum_bytes=AGREEMENT_BYTES_MAX)
    except MalformedInput as error:
        raise MalformedStatement(f"agreement: {error}") from error
    fields = Fields(value, "agreement")
    found = Agreement.read(fields)
    fields.done()
    return found


def periods_through(last: int) -> tuple[PeriodIndex, ...]:
    """The indices 0..last; empty when last is negative."""
    return tuple(PeriodIndex(index) for index in range(last + 1))
