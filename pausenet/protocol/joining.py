"""Accession (C25): how a lab that is not among the parties comes to be one.

A *candidate* is a lab of the register that is no party, where the agreement has clause C25; with a
required power channel, one that exactly one meter of the annex reads. It accedes by a ratification
in its own log, and is let in by the first cut in which that stands, the agreement holds somebody,
and the clause's share of those whom it then holds accept. Until the wait is over nothing binds it,
nothing is due from it, and nothing is found of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from pausenet.protocol.assurance import Signatures
from pausenet.protocol.register import Register
from pausenet.protocol.stages import Sign
from pausenet.statements.accession import Acceptance
from pausenet.statements.agreement import ALL_NAMED, Agreement, Schedule
from pausenet.statements.clauses import PPM, Accession
from pausenet.statements.codec import Statement
from pausenet.statements.declaration import Declaration, Ratification
from pausenet.statements.finding import Appraisal
from pausenet.values import ParticipantId, PeriodIndex, Role

SOON: Final = 2
"""How many periods after the one in which a cut is taken a change takes effect, at the least."""


def clause_of(agreement: Agreement) -> Accession | None:
    """Clause C25 of an agreement, if it has one."""
    return next((each for each in agreement.clauses if isinstance(each, Accession)), None)


def candidates(register: Register) -> tuple[ParticipantId, ...]:
    """The labs that may accede, in register order; nobody without clause C25."""
    agreement = register.agreement
    if clause_of(agreement) is None:
        return ()
    return tuple(
        member.id
        for member in register.with_role(Role.LAB)
        if member.id not in agreement.parties
        if agreement.power_channel is None or len(agreement.meters_of(member.id)) == 1
    )


def signatories(register: Register) -> tuple[ParticipantId, ...]:
    """All who may sign the agreement: its parties in order, then who may accede to it."""
    return (*register.agreement.parties, *candidates(register))


def joined_in(
    register: Register, logs: Mapping[ParticipantId, Sequence[Statement]]
) -> dict[ParticipantId, PeriodIndex]:
    """Who has acceded, as k equal appraisals in these logs say, each with the first such period."""
    outside, found = candidates(register), dict[ParticipantId, PeriodIndex]()
    said: dict[Appraisal, set[ParticipantId]] = {}
    for name, log in logs.items() if outside else ():
        for body in (each.body for each in log):
            if isinstance(body, Appraisal) and body.lab in outside and body.bound:
                said.setdefault(body, set()).add(name)
    for body, names in said.items():
        court = register.under(body.period)
        if len(names.intersection(court.verifiers)) >= court.quorum.k:
            first = body.bound[0].start
            found[body.lab] = min(first, found.get(body.lab, first))
    return found


def signed_with(register: Register, party: ParticipantId) -> tuple[ParticipantId, ...]:
    """Whose ratifications show that the agreement came to hold a party: all of them, or its own."""
    agreement = register.agreement
    is_one_of_all = agreement.activation == ALL_NAMED and party in agreement.parties
    return agreement.parties if is_one_of_all else (party,)


def lag_of(schedule: Schedule) -> int:
    """How many whole periods after a period's end its cut is taken, at the least."""
    return (schedule.deadline_s + schedule.grace_s) // schedule.period_s


def least_notice(register: Register, party: ParticipantId) -> int:
    """How many periods after the cut by which the agreement holds a party it binds, at the least.

    Who accedes also waits as clause C25 says, from the end of that cut's lag on.
    """
    schedule, clause = register.agreement.schedule, clause_of(register.agreement)
    if clause is None or party in register.agreement.parties:
        return schedule.notice_periods
    return max(schedule.notice_periods, lag_of(schedule) + max(SOON, clause.wait_periods))


class Joining:
    """Who has signed, who of them is let in, and who accepts whom, as cuts show it."""

    def __init__(self, register: Register) -> None:
        self._signatures = Signatures(register.agreement)
        self._clause = clause_of(register.agreement)
        self._candidates = candidates(register)
        self._until: dict[ParticipantId, PeriodIndex] = {}
        self._accepts: dict[ParticipantId, dict[ParticipantId, bool]] = {}
        self._fresh: set[ParticipantId] = set()
        self._revoked: set[ParticipantId] = set()
        self._lapsed: set[ParticipantId] = set()
        self._joined: set[ParticipantId] = set()

    def begin(self) -> None:
        """A new cut is taken."""
        self._signatures.begin()
        self._fresh, self._revoked, self._lapsed = set(), set(), set()

    def hear(self, by: ParticipantId, body: Ratification | Declaration | Acceptance) -> None:
        """A signatory ratifies, declares what it has, or speaks of a candidate."""
        match body:
            case Ratification() | Declaration() if by not in self._candidates:
                self._signatures.hear(by, body)
            case Ratification(until=until) if by in self._candidates and by not in self._until:
                self._until[by] = until
                self._fresh.add(by)
            case Acceptance(lab=lab, accepts=accepts) if lab in self._candidates:
                self._accepts.setdefault(lab, {})[by] = accepts
            case _:
                pass

    def count(
        self,
        period: PeriodIndex,
        leaving: set[ParticipantId],
        held: frozenset[ParticipantId],
    ) -> list[ParticipantId]:
        """Those whom the agreement holds from this cut on, beside those whom it holds already.

        Who accedes by this cut accepts nobody in it, so that no order among those who come
        together matters.
        """
        signed = self._signatures.count(period, leaving)
        members = held.union(signed)
        # Ratified and withdrawn in one cut is withdrawn, as of a party (protocol.md 6.3).
        for lab in self._fresh.intersection(leaving):
            del self._until[lab]
            self._revoked.add(lab)
        new = [
            lab
            for lab in self._candidates
            if lab not in self._joined and self._stands(lab, period) and self._let_in(lab, members)
        ]
        self._joined.update(new)
        waiting = {lab for lab in self._candidates if lab not in self._joined}
        ended = {lab for lab in waiting if lab in self._until and self._until[lab] <= period}
        self._lapsed = waiting if self._signatures.void else ended
        return [*signed, *new]

    def is_outside(self, lab: ParticipantId | None) -> bool:
        """Whether this lab may accede, and no cut counted so far has let it in."""
        return lab in self._candidates and lab not in self._joined

    def signs(self, lab: ParticipantId) -> set[Sign]:
        """What the cut shows of one lab's signature."""
        found = self._signatures.signs(lab)
        if lab in self._fresh:
            found.add(Sign.RATIFIED)
        if lab in self._revoked:
            found.add(Sign.REVOKED)
        if lab in self._lapsed:
            found.add(Sign.LAPSED)
        return found

    def _stands(self, lab: ParticipantId, period: PeriodIndex) -> bool:
        return lab in self._until and self._until[lab] >= period

    def _let_in(self, lab: ParticipantId, members: Collection[ParticipantId]) -> bool:
        """Whether enough of those whom the agreement holds accept; with a need of 0, any do."""
        if self._clause is None or not members:
            return False
        said = self._accepts.get(lab, {})
        count = sum(said.get(member, False) for member in members)
        return count * PPM >= self._clause.need_ppm * len(members)
