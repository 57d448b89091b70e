"""When a trigger or a lift rule is met: each condition against what the cuts have shown.

Indicators are levels: what the sources last said counts, in so many cuts one after the other.
Assents, incidents and determinations are events: those since the agreement's last turn count.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from pausenet.statements.clauses import PPM
from pausenet.statements.indicator import Incident, Indicator, IndicatorKind
from pausenet.statements.rule import (
    AdjudicatorDetermines,
    AfterPeriods,
    Condition,
    FromPeriod,
    IncidentReported,
    IndicatorBound,
    OnRatification,
    PartiesAssent,
    Rule,
    Side,
)
from pausenet.values import ParticipantId, PeriodIndex


class Gauge:
    """What has been said since the last turn that conditions ask for."""

    def __init__(self) -> None:
        self._values: dict[tuple[ParticipantId, IndicatorKind], dict[ParticipantId, int]] = {}
        self._incidents: dict[ParticipantId, set[ParticipantId]] = {}
        self._assents: dict[ParticipantId, bool] = {}
        self._runs: dict[IndicatorBound, int] = {}
        self._counted = -1

    def turn(self) -> None:
        """The agreement's trigger or lift has been met: events before count no longer."""
        self._incidents, self._assents, self._runs = {}, {}, {}

    def hear(self, by: ParticipantId, body: Indicator | Incident) -> None:
        """A source measures or reports something."""
        match body:
            case Indicator():
                self.measured(by, body)
            case Incident():
                self.reported(by, body)

    def measured(self, by: ParticipantId, body: Indicator) -> None:
        """A source states an indicator of a lab."""
        self._values.setdefault((body.about, body.indicator), {})[by] = body.value

    def reported(self, by: ParticipantId, body: Incident) -> None:
        """A source reports an incident at a lab."""
        self._incidents.setdefault(body.about, set()).add(by)

    def assented(self, by: ParticipantId, lift: bool) -> None:
        """A party agrees, or agrees no longer, to the lift."""
        self._assents[by] = lift

    def assenting(self, parties: Collection[ParticipantId]) -> frozenset[ParticipantId]:
        """Those of these parties whose last word since the last turn is an assent to the lift."""
        return frozenset(party for party in parties if self._assents.get(party, False))

    def count(self, rules: tuple[Rule, ...], period: PeriodIndex) -> None:
        """Count, once a period, in how many cuts running each indicator is past its bound."""
        if period <= self._counted:
            return
        self._counted = int(period)
        for rule in rules:
            for each in rule.conditions:
                if isinstance(each, IndicatorBound):
                    self._runs[each] = self._runs.get(each, 0) + 1 if self._past(each) else 0

    def _past(self, bound: IndicatorBound) -> bool:
        for (_, kind), values in self._values.items():
            if kind is not bound.indicator:
                continue
            past = sum(
                value >= bound.bound if bound.side is Side.AT_LEAST else value <= bound.bound
                for source, value in values.items()
                if source in bound.sources
            )
            if past >= bound.quorum:
                return True
        return False

    def met(
        self,
        rule: Rule,
        *,
        period: PeriodIndex,
        ratified: bool,
        triggered: PeriodIndex | None,
        anew: bool,
        parties: Collection[ParticipantId],
        decided: bool,
    ) -> bool:
        """Whether enough of a rule's conditions are met by the cut of this period.

        `ratified`: the activation is met and nothing has been triggered yet. `triggered`: the
        period whose cut met the trigger last. `anew`: whether time alone is not enough, since it
        would undo every lift at once. `parties`: those that the agreement holds. `decided`:
        whether the panel has determined so since the last turn.
        """

        def holds(condition: Condition) -> bool:
            match condition:
                case OnRatification():
                    return ratified
                case FromPeriod(period=first):
                    return period >= first
                case AfterPeriods(periods=count):
                    return triggered is not None and period >= triggered + count
                case IndicatorBound(debounce_periods=count):
                    return self._runs.get(condition, 0) >= count
                case IncidentReported(sources=sources, quorum=quorum):
                    return any(len(by & set(sources)) >= quorum for by in self._incidents.values())
                case PartiesAssent(need_ppm=need):
                    count = sum(self._assents.get(party, False) for party in parties)
                    return count > 0 and count * PPM >= need * len(parties)
                case AdjudicatorDetermines():
                    return decided
                case _:
                    assert_never(condition)

        met = [condition for condition in rule.conditions if holds(condition)]
        of_time = all(isinstance(condition, FromPeriod | AfterPeriods) for condition in met)
        return len(met) >= rule.need and not (anew and of_time)
