"""Single clauses that bind later than the agreement, or less, by rules of their own (C17, C18).

Cut by cut: from which period on a clause binds, and by how much its limits are raised. C17 starts
clauses once its rule is met; C18 lifts them once its own is, at once or in stages. Both for good:
what has been started stays so, and so does what has been lifted.

For a proof it is the lab that says what is eased, in its usage: one that names nothing holds
itself to the whole clause (decision 0019). It names the laxest that k equal appraisals ever told
it, so that whatever verifiers say later, it is not in the wrong for what it did before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from pausenet.protocol.conditions import Gauge
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import LiftCondition, Triggered
from pausenet.statements.clauses.limits import ApproveBand, RunCap, TotalCap
from pausenet.statements.codec import Statement
from pausenet.statements.indicator import Incident, Indicator
from pausenet.statements.rule import Rule
from pausenet.statements.stage import FREE, Change, Easable, Eased, Easing
from pausenet.statements.usage import ComputeUsage
from pausenet.values import INTEGER_MAX, ParticipantId, PeriodIndex

Ease: TypeAlias = Mapping[Easable, int]
"""By how much the limits of clauses are raised in a period, in ppm; `FREE`: they do not bind."""

_KINDS = {Easable.TOTAL_CAP: TotalCap, Easable.RUN_CAP: RunCap, Easable.BAND: ApproveBand}


def easable(agreement: Agreement) -> tuple[frozenset[Easable], frozenset[Easable]]:
    """The clauses that the agreement has and that C17 starts, and those that C18 lifts."""
    has = {kind for kind, clause in _KINDS.items() for c in agreement.clauses if type(c) is clause}
    started, lifted = set[Easable](), set[Easable]()
    for clause in agreement.clauses:
        match clause:
            case Triggered(starts=kinds):
                started |= {each for each in has if str(each) in set(map(str, kinds))}
            case LiftCondition(lifts=kinds):
                lifted |= {each for each in has if str(each) in set(map(str, kinds))}
            case _:
                pass
    return frozenset(started), frozenset(lifted)


def claimed(agreement: Agreement, usage: ComputeUsage) -> Ease:
    """What a lab's usage says is eased, of what the agreement allows to be."""
    started, lifted = easable(agreement)
    said = {each.clause: each.raised_ppm for each in usage.eased if each.clause in started | lifted}
    return {clause: raised for clause, raised in said.items() if raised != 0}


def eased_in(easings: tuple[Easing, ...], period: int) -> Ease:
    """What is eased in a period."""
    found = {each.clause: _at(each.changes, period) for each in easings}
    return {clause: raised for clause, raised in found.items() if raised != 0}


def _at(changes: tuple[Change, ...], period: int) -> int:
    """By how much a clause is raised in a period."""
    reached = [each.raised_ppm for each in changes if each.start <= period]
    return reached[-1] if reached else 0


class Easings:
    """When single clauses begin to bind and are lifted, as far as the cuts taken can say."""

    def __init__(self, agreement: Agreement) -> None:
        self._started, self._lifted = easable(agreement)
        self._trigger = next((c for c in agreement.clauses if isinstance(c, Triggered)), None)
        self._lift = next((c for c in agreement.clauses if isinstance(c, LiftCondition)), None)
        self._gauge = Gauge()
        self._starts: int | None = None
        self._ends: int | None = None

    def hear(self, by: ParticipantId, body: Indicator | Incident) -> None:
        """A source measures or reports something."""
        self._gauge.hear(by, body)

    def count(
        self, period: PeriodIndex, notice: int, *, held: bool, triggered: PeriodIndex | None
    ) -> None:
        """A cut has been heard whole: a rule that it meets takes effect `notice` periods later.

        No rule is met before the agreement holds anybody; assents and determinations are about
        the agreement as a whole, and meet none of these.
        """
        rules = [clause.rule for clause in (self._trigger, self._lift) if clause is not None]
        self._gauge.count(tuple(rules), period)
        at = int(period) + notice
        if self._trigger is not None and self._starts is None:
            self._starts = at if self._met(self._trigger.rule, period, held, triggered) else None
        if self._lift is not None and self._ends is None:
            self._ends = at if self._met(self._lift.rule, period, held, triggered) else None

    def _met(
        self, rule: Rule, period: PeriodIndex, held: bool, triggered: PeriodIndex | None
    ) -> bool:
        return held and self._gauge.met(
            rule,
            period=period,
            ratified=True,
            triggered=triggered,
            anew=False,
            parties=(),
            decided=False,
        )

    def easings(self) -> tuple[Easing, ...]:
        """Every clause that is or was eased, by name, with its changes."""
        found = []
        for clause in sorted(self._started | self._lifted):
            changes = self._changes(clause)
            if changes:
                found.append(Easing(clause=clause, changes=changes))
        return tuple(found)

    def _changes(self, clause: Easable) -> tuple[Change, ...]:
        steps = self._steps() if clause in self._lifted else []
        begins = (self._starts if clause in self._started else 0, *(at for at, _ in steps))
        times = sorted({0, *(at for at in begins if at is not None and at <= INTEGER_MAX)})
        changes = list[Change]()
        for at in times:
            waits = clause in self._started and (self._starts is None or at < self._starts)
            reached = [raised for start, raised in steps if start <= at]
            raised = FREE if waits else (reached[-1] if reached else 0)
            if raised != (changes[-1].raised_ppm if changes else 0):
                changes.append(Change(start=PeriodIndex(at), raised_ppm=raised))
        return tuple(changes)

    def _steps(self) -> list[tuple[int, int]]:
        """From when on the lift raises limits by how much in all; without stages it frees."""
        if self._lift is None or self._ends is None:
            return []
        if not self._lift.stages:
            return [(self._ends, FREE)]
        steps, raised = [], 0
        for stage in self._lift.stages:
            raised += stage.raise_ppm
            steps.append((self._ends + stage.after_periods, raised))
        return steps


class Told:
    """What k equal appraisals have told a lab of its clauses, and what it may say is eased."""

    def __init__(self, agreement: Agreement) -> None:
        self._started, self._lifted = easable(agreement)
        self._told: dict[Easable, set[tuple[Change, ...]]] = {
            each: set() for each in self._started | self._lifted
        }

    def learn(self, easings: tuple[Easing, ...]) -> None:
        """K equal appraisals state this; a clause that they do not name binds from the first."""
        named = {each.clause: each.changes for each in easings}
        for clause, told in self._told.items():
            changes = named.get(clause, ())
            if clause not in self._started or any(each.raised_ppm != FREE for each in changes):
                told.add(changes)

    def eased(self, period: int, own: Iterable[Statement] = ()) -> tuple[Eased, ...]:
        """The laxest that was ever told of a period, by clause.

        A lift is for good: what the lab's `own` usage of a period says of one, it was told, also
        where it has been started anew since and has not heard it again.
        """
        if not self._told:
            return ()
        before = [
            each
            for said in own
            if isinstance(said.body, ComputeUsage)
            if said.period is not None and said.period.index <= period
            for each in said.body.eased
            if each.clause in self._lifted - self._started
        ]
        found = []
        for clause in sorted(self._told):
            unknown = FREE if clause in self._started else 0
            said = [_at(changes, period) for changes in self._told[clause]] or [unknown]
            said += [each.raised_ppm for each in before if each.clause is clause]
            raised = FREE if FREE in said else max(said)
            if raised != 0:
                found.append(Eased(clause=clause, raised_ppm=raised))
        return tuple(found)
