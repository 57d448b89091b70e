"""The life of an agreement: moves that happen only at network cuts (protocol.md 6.3).

Activation says which parties the agreement holds, the trigger when it binds them, the lift rule
when it binds them no longer. Every change of what binds takes effect two periods after the cut
that showed it, or later: a lab knows what binds it before the period begins.

All-named: the condition is met at the first cut that holds a ratification by every party, none
of them ended; then all are held together, never a proper subset. Unconditional: each party's own
ratification is its condition. k-of-n and coverage: the ratified parties are held once there are
enough of them; others that ratify later join. A lab that is no party is held once it is let in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pausenet.protocol.cases import Case
from pausenet.protocol.course import Course
from pausenet.protocol.hearing import Hearing
from pausenet.protocol.joining import signatories
from pausenet.protocol.ladder import Loss, Rung
from pausenet.protocol.reader import LogView
from pausenet.protocol.register import Register
from pausenet.statements.codec import Kind
from pausenet.statements.cut import Cut
from pausenet.statements.declaration import Ratification
from pausenet.statements.stage import Amended, Bar, Ceiling, Easing, PartyStage, Span
from pausenet.values import ParticipantId, PeriodIndex, Seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratified:
    """Where a party's ratification of the register's agreement stands in its log."""

    seq: Seq
    until: PeriodIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLife:
    """How far the agreement has come for one party.

    `activated_by` is the period of the cut that met the activation, None before; `bound` the
    periods in which the party is bound, `caps` the limits of a staged cap and `barred` the runs
    that an objection stops, `eased` what single clauses do not ask, `amended` to what the parties
    have lowered limits, as far as the cuts can say;
    `rung` and `losses` are what breaches have brought it to.
    """

    stage: PartyStage
    activated_by: PeriodIndex | None
    bound: tuple[Span, ...]
    caps: tuple[Ceiling, ...] = ()
    barred: tuple[Bar, ...] = ()
    eased: tuple[Easing, ...] = ()
    amended: tuple[Amended, ...] = ()
    rung: Rung = Rung.NONE
    losses: tuple[Loss, ...] = ()

    @property
    def in_force_from(self) -> PeriodIndex | None:
        """The first period that binds, if any does."""
        return self.bound[0].start if self.bound else None

    def binds(self, period: PeriodIndex) -> bool:
        """Whether the party is bound in this period."""
        return any(period in span for span in self.bound)

    def bound_through(self, last: PeriodIndex) -> Iterator[int]:
        """Every period up to this one in which the party is bound, in order."""
        for span in self.bound:
            end = last + 1 if span.until is None else min(span.until, last + 1)
            yield from range(span.start, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """Every party's life under the agreement, after some cuts.

    `moves` are those of the cases against parties, each with the period of the cut that shows it.
    """

    parties: Mapping[ParticipantId, PartyLife]
    moves: tuple[tuple[PeriodIndex, Case], ...] = ()

    def in_force_from(self, party: ParticipantId) -> PeriodIndex | None:
        """The first period that binds a party, if any is known."""
        return self.parties[party].in_force_from


def ratification_in(register: Register, view: LogView) -> Ratified | None:
    """A party's first ratification of the register's agreement in its log, if there is one."""
    digest = register.agreement_digest
    for seq, statement in view.numbered(Kind.RATIFICATION):
        body = statement.body
        if isinstance(body, Ratification) and body.agreement == digest:
            return Ratified(seq=seq, until=body.until)
    return None


def lifecycle(register: Register, cuts: Sequence[Cut], views: Iterable[LogView]) -> Lifecycle:
    """Walk the table through network cuts, each of which contains those before it.

    `views` are the logs up to the last of the cuts, or further.
    """
    return LifeSoFar(register).after(cuts, tuple(views))


class LifeSoFar:
    """An agreement's life after some cuts, to be taken further by those that follow them."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._hearing, self._course = Hearing(register), Course(register)
        self._taken: tuple[Cut, ...] = ()

    def after(self, cuts: Sequence[Cut], views: Sequence[LogView]) -> Lifecycle:
        """The life after these cuts: only those are taken that follow what was taken before.

        Where the cuts or the logs do not go on from those of before, it is lived anew.
        """
        begun = self._taken and tuple(cuts[: len(self._taken)]) == self._taken
        if not begun or self._hearing.cut_short or not self._hearing.read(views):
            self._hearing, self._course = Hearing(self._register), Course(self._register)
            self._hearing.read(views)
            self._taken = ()
        new, self._taken = cuts[len(self._taken) :], ()
        for cut in new:
            self._course.take(cut.period, self._hearing.new_in(cut))
        self._taken = tuple(cuts)
        return self._life()

    def _life(self) -> Lifecycle:
        register, course = self._register, self._course
        return Lifecycle(
            parties={
                party: PartyLife(
                    stage=course.stages[party],
                    activated_by=course.activated.get(party),
                    bound=course.bound(party),
                    caps=course.caps(party),
                    barred=course.barred(party),
                    eased=course.eased,
                    amended=course.amending.amended(),
                    rung=course.ladder.rung(party),
                    losses=course.ladder.losses(party),
                )
                for party in signatories(register)
            },
            moves=tuple(course.moves),
        )
