"""Who has signed an agreement, and whether enough have: assurance, thresholds, coverage."""

from __future__ import annotations

from typing import assert_never

from pausenet.protocol.stages import Sign
from pausenet.statements.agreement import ActivationKind, Agreement
from pausenet.statements.clauses import PPM, Assurance, Coverage
from pausenet.statements.declaration import Declaration, Ratification
from pausenet.values import ParticipantId, PeriodIndex


class Signatures:
    """Ratifications as cuts show them; a ratification cannot be taken back but in its own cut."""

    def __init__(self, agreement: Agreement) -> None:
        self._agreement = agreement
        self._until: dict[ParticipantId, PeriodIndex] = {}
        self._capacity: dict[ParticipantId, int] = {}
        self._active: set[ParticipantId] = set()
        self._void = False
        self._fresh: set[ParticipantId] = set()
        self._revoked: set[ParticipantId] = set()
        self._lapsed: set[ParticipantId] = set()

    @property
    def void(self) -> bool:
        """Whether the agreement was not met in time, for all and for good."""
        return self._void

    def begin(self) -> None:
        """A new cut is taken."""
        self._fresh, self._revoked, self._lapsed = set(), set(), set()

    def hear(self, party: ParticipantId, body: Ratification | Declaration) -> None:
        """A party ratifies, or declares what it has; the first of each counts."""
        match body:
            case Ratification(until=until) if party not in self._until:
                self._until[party] = until
                self._fresh.add(party)
            case Declaration(sites=sites):
                count = sum(item.count for site in sites for item in site.accelerators)
                self._capacity.setdefault(party, count)

    def count(self, period: PeriodIndex, leaving: set[ParticipantId]) -> list[ParticipantId]:
        """Those whom the agreement holds from this cut on, in the order of the parties."""
        # Ratified and withdrawn in one cut is withdrawn (protocol.md 6.3).
        for party in self._fresh & leaving:
            del self._until[party]
            self._revoked.add(party)
        if self._void:
            return []
        parties = self._agreement.parties
        standing = [p for p in parties if p in self._until and self._until[p] >= period]
        new: list[ParticipantId] = []
        if self._met(standing):
            new = [party for party in standing if party not in self._active]
            self._active.update(new)
        self._lapse(period)
        return new

    def signs(self, party: ParticipantId) -> set[Sign]:
        """What the cut shows of one party's signature."""
        found: set[Sign] = set()
        if party in self._fresh:
            found.add(Sign.RATIFIED)
        if party in self._revoked:
            found.add(Sign.REVOKED)
        if party in self._lapsed:
            found.add(Sign.LAPSED)
        return found

    def _met(self, standing: list[ParticipantId]) -> bool:
        activation = self._agreement.activation
        if self._active:
            return True
        match activation.kind:
            case ActivationKind.UNCONDITIONAL:
                return bool(standing)
            case ActivationKind.ALL_NAMED:
                return len(standing) == len(self._agreement.parties)
            case ActivationKind.K_OF_N:
                return len(standing) >= activation.need
            case ActivationKind.COVERAGE:
                total = sum(self._capacity.values())
                covered = sum(self._capacity.get(party, 0) for party in standing)
                known = len(self._capacity) == len(self._agreement.parties)
                return known and total > 0 and covered * PPM >= activation.need * total
            case _:
                assert_never(activation.kind)

    def _lapse(self, period: PeriodIndex) -> None:
        """What was not met in time is void: for all where all are named, else for the one."""
        ended = {party for party, until in self._until.items() if until <= period} - self._active
        deadline = self._deadline()
        late = deadline is not None and period >= deadline
        all_named = self._agreement.activation.kind is ActivationKind.ALL_NAMED
        if not self._active and (late or (all_named and ended)):
            self._void = True
            self._lapsed = set(self._agreement.parties)
        else:
            self._lapsed = ended

    def _deadline(self) -> PeriodIndex | None:
        for clause in self._agreement.clauses:
            if isinstance(clause, Assurance | Coverage):
                return clause.deadline_period
        return None
