"""A pause agreement is data: parties, clauses, trigger, lift rule, adjudicator (protocol.md 6).

The statement stands in the register's log; the *agreement digest* is the SHA-256 of the
canonical form of its body.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Final

from pausenet.errors import MalformedInput, MalformedStatement
from pausenet.statements import canonical
from pausenet.statements.annex import Annex, Channel, PowerChannel
from pausenet.statements.clauses import (
    CLAUSE,
    Accession,
    Amendment,
    Assurance,
    Clause,
    Coverage,
    LiftCondition,
    RunCap,
    StagedCap,
    TotalCap,
    Triggered,
)
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.clauses.course import Measure
from pausenet.statements.fields import Fields
from pausenet.statements.forms import PPM, SPAN_MAX_S, Many, Part, Record, Text, Whole, Word, holds
from pausenet.statements.rule import Rule
from pausenet.statements.settlement import Adjudicator, LegalBasis
from pausenet.statements.tiers import Tiers
from pausenet.values import Digest, NetworkTime, ParticipantId, Period, PeriodIndex

AGREEMENT_BYTES_MAX: Final = 45_000
PARTIES_MAX: Final = 64


class ActivationKind(StrEnum):
    """What brings an agreement into force."""

    UNCONDITIONAL = "unconditional"
    ALL_NAMED = "all-named"
    K_OF_N = "k-of-n"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation(Record):
    """What brings an agreement into force, and how much of it is needed.

    `need` is a number of parties for `k-of-n`, a share of the declared capacity in parts per
    million for `coverage`, and 0 for the other two.
    """

    kind: Annotated[ActivationKind, Word(ActivationKind)]
    need: Annotated[int, Whole(0, PPM)] = 0

    def hold(self) -> None:
        """A need stands exactly where one is counted."""
        counted = self.kind in (ActivationKind.K_OF_N, ActivationKind.COVERAGE)
        holds(
            (self.need > 0) == counted, "need: counted for k-of-n and coverage, and for these alone"
        )


UNCONDITIONAL: Final = Activation(kind=ActivationKind.UNCONDITIONAL)
ALL_NAMED: Final = Activation(kind=ActivationKind.ALL_NAMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Record):
    """Periods of equal length from `start`, and how long after each period's end what is due.

    A statement of a period is due `deadline_s` after the period's end and on time up to
    `grace_s` later; the period's close is the end of that grace (protocol.md 7.1).
    """

    start: Annotated[NetworkTime, Whole(of=NetworkTime)]
    period_s: Annotated[int, Whole(1, SPAN_MAX_S)]
    deadline_s: Annotated[int, Whole(0, SPAN_MAX_S)]
    grace_s: Annotated[int, Whole(1, SPAN_MAX_S)]
    notice_periods: Annotated[int, Whole(2, 10_000)]

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

    def next_close(self, now: NetworkTime) -> int:
        """When the first period closes that has not closed yet."""
        last = self.last_closed(now)
        return self.start + (last + 2) * self.period_s + self.deadline_s + self.grace_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Record):
    """What binds labs. Trigger, lift rule and adjudicator are mandatory."""

    title: Annotated[str, Text(200)]
    activation: Annotated[Activation, Part(Activation)]
    parties: Annotated[tuple[ParticipantId, ...], Many(Word(ParticipantId), 1, PARTIES_MAX)]
    trigger: Annotated[Rule, Part(Rule)]
    lift: Annotated[Rule, Part(Rule)]
    adjudicator: Annotated[Adjudicator, Part(Adjudicator)]
    legal_basis: Annotated[LegalBasis, Part(LegalBasis)]
    schedule: Annotated[Schedule, Part(Schedule)]
    annex: Annotated[Annex, Part(Annex)]
    tiers: Annotated[Tiers, Part(Tiers)]
    clauses: Annotated[tuple[Clause, ...], Many(CLAUSE, 0, 32, None)]

    @property
    def digest(self) -> Digest:
        """SHA-256 of the canonical form."""
        return Digest.of(canonical.encode(self.to_json()))

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Which meter reads which party."""
        return self.annex.channels

    @property
    def power_channel(self) -> PowerChannel | None:
        """The required power channel, if there is one."""
        return self.annex.power

    @property
    def run_cap(self) -> RunCap | None:
        """The cap on a training run, if there is one."""
        return next((c for c in self.clauses if isinstance(c, RunCap)), None)

    @property
    def total_cap(self) -> TotalCap | None:
        """The cap on a lab's period, if there is one."""
        return next((c for c in self.clauses if isinstance(c, TotalCap)), None)

    @property
    def staged_cap(self) -> StagedCap | None:
        """The cap that falls in stages, if there is one."""
        return next((c for c in self.clauses if isinstance(c, StagedCap)), None)

    @property
    def amendment(self) -> Amendment | None:
        """How limits change, by time and by assent, if they do."""
        return next((c for c in self.clauses if isinstance(c, Amendment)), None)

    def meters_of(self, party: ParticipantId) -> tuple[ParticipantId, ...]:
        """The meters that read a party."""
        return tuple(c.meter for c in self.channels if c.party == party)

    def hold(self) -> None:
        """What the parts owe each other; the numbers are those of docs/spec/statements.md 6."""
        kinds = [clause.KIND for clause in self.clauses]
        holds(len(set(kinds)) == len(kinds), "clauses: one kind twice")
        self._hold_activation()
        self._hold_watch()
        self._hold_stages()
        for rule in (self.trigger, self.lift, *self._inner_rules()):
            rule.check_sources(self.parties)
        apart = {*self.parties, *(channel.meter for channel in self.channels)}
        for member in self.adjudicator.panel:
            holds(member not in apart, f"adjudicator: {member} is a party or a meter")

    def _inner_rules(self) -> tuple[Rule, ...]:
        found = [c.rule for c in self.clauses if isinstance(c, Triggered | LiftCondition)]
        staged = self.staged_cap
        return (*found, *(each.rule for each in (staged.milestones if staged else ())))

    def _hold_stages(self) -> None:
        for clause in self.clauses:
            named = (
                clause.starts
                if isinstance(clause, Triggered)
                else clause.lifts
                if isinstance(clause, LiftCondition)
                else ()
            )
            holds(
                ClauseKind.STAGED_CAP not in named,
                f"{clause.ID}: names C10, whose stages have their own beginnings and no end",
            )

    def _hold_activation(self) -> None:
        activation = self.activation
        if activation.kind is ActivationKind.K_OF_N:
            holds(activation.need <= len(self.parties), "activation: more than all the parties")
        for clause in self.clauses:
            if isinstance(clause, Assurance):
                holds(activation == ALL_NAMED, "C02: the activation is not all-named")
            if isinstance(clause, Coverage):
                holds(
                    activation == Activation(kind=_ACTIVATES[clause.measure], need=clause.need),
                    "C03: the activation says something else",
                )

    def _hold_watch(self) -> None:
        accedes = any(isinstance(clause, Accession) for clause in self.clauses)
        holds(
            accedes or all(channel.party in self.parties for channel in self.channels),
            "channels: a meter reads somebody who is no party, and nobody accedes",
        )
        if self.power_channel is not None:
            holds(
                all(len(self.meters_of(party)) == 1 for party in self.parties),
                "channels: the required power channel needs exactly one meter a party",
            )


_ACTIVATES: Final = {
    Measure.PARTIES: ActivationKind.K_OF_N,
    Measure.CAPACITY: ActivationKind.COVERAGE,
}


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


@lru_cache(maxsize=8)
def periods_through(last: int) -> tuple[PeriodIndex, ...]:
    """The indices 0..last; empty when last is negative."""
    return tuple(PeriodIndex(index) for index in range(last + 1))
