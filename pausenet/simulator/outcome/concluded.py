"""What a measurement comes to, for whoever reckons with it: of replications or of kernels alike.

A *detection* here is a finding or a lead, whichever is earlier. Nothing is run to know it: it
follows from the replications, or from the kernels' counts, that a run's directory keeps.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.accounts.quantities import Timeliness
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.simulator.outcome.cost import Cost, bill
from pausenet.simulator.outcome.course import chain
from pausenet.simulator.outcome.intervals import Interval, Rate, Share, rate, share
from pausenet.simulator.outcome.kernel import KernelMeasured, end_s
from pausenet.simulator.outcome.measured import YEAR_DAYS, measure
from pausenet.simulator.outcome.replication import PartySeen, Replication
from pausenet.simulator.outcome.rows import Cell
from pausenet.simulator.outcome.survival import Curve
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId

RESPONSE_COLUMNS: Final[Mapping[str, str]] = {
    "party": "who evades",
    "first": "what detected it first: a finding, or a channel",
    "runs": "in how many runs",
    "clarification_days": "time to clarify, of the agreement; only a warrant and a lead ask",
    "inspection_days": "inspection, with the notice that the agreement names or one assumed",
    "determination_days": "determination, and the agreement's time to appeal",
    "answer_days": "from the determination until what it decided is done",
    "response_days": "all of it: from the detection to the response",
}
"""The columns of `responses.csv`, and what each says."""


class Fidelity(StrEnum):
    """How it was measured: by runs of the real protocol, or by kernels of channels and meters."""

    PROTOCOL = "protocol"
    KERNEL = "kernel"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToResponse:
    """What detected first, a fault or a channel, in how many runs, and the delays after it.

    `after.detection` is 0: the time until the detection itself is the curve's.
    """

    first: str
    runs: int
    after: Timeliness


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaderOutcome:
    """What was measured of one lab that evades.

    `within` counts detections within the goal, `found` findings alone (none by kernels, which know
    no statements). `delay` is Kaplan and Meier's curve of the days from the evasion's beginning to
    the detection.
    """

    party: ParticipantId
    kinds: tuple[str, ...]
    within: Share
    found: tuple[Share, ...]
    delay: Curve
    to_response: tuple[ToResponse, ...]

    @property
    def response_days(self) -> float:
        """The days from a detection to the response, on average; raises Misuse without any."""
        runs = sum(each.runs for each in self.to_response)
        if runs == 0:
            raise Misuse(f"{self.party} was never detected: there is no response")
        return math.fsum(each.after.days * each.runs for each in self.to_response) / runs


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerOutcome:
    """What was measured of one lab that keeps the rules: the runs in which it was suspected.

    `alarmed` counts runs with a finding or a lead about it while it was watched, for `watched_days`
    at most.
    """

    party: ParticipantId
    alarmed: Share
    watched_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredOutcome:
    """A whole measurement; every interval has the level `level`, every share and rate its n.

    `false_alarms` are first findings or leads about labs that keep the rules, in a lab-year;
    `goal_days` is the timeliness goal.
    """

    scenario: Scenario
    fidelity: Fidelity
    runs: int
    goal_days: float
    level: float
    evaders: tuple[EvaderOutcome, ...]
    followers: tuple[FollowerOutcome, ...]
    false_alarms: Rate

    @property
    def costs(self) -> tuple[Cost, ...]:
        """What verification costs, and each evasion those who evade: every line of the bill."""
        return bill(self.scenario)

    def evader(self, party: ParticipantId) -> EvaderOutcome:
        """What was measured of this evader; raises Misuse for one that does not evade here."""
        for each in self.evaders:
            if each.party == party:
                return each
        raise Misuse(f"{party} does not evade in {self.scenario.name}")

    def false_within(self, days: float) -> tuple[float, Interval]:
        """The chance that a lab that keeps the rules is suspected in so many days, with its limits.

        It takes first alarms to come at a constant rate: 1 - exp(-rate x time). Raises Misuse
        where nobody keeps the rules.
        """
        if self.false_alarms.exposure == 0.0:
            raise Misuse("nobody keeps the rules here: there is no rate of false alarms")
        years, limits = days / YEAR_DAYS, self.false_alarms.interval
        value = self.false_alarms.count / self.false_alarms.exposure
        low, middle, high = (
            -math.expm1(-each * years) for each in (limits.low, value, limits.high)
        )
        return middle, Interval(low=low, high=high, level=limits.level)


def of_runs(
    scenario: Scenario, runs: Sequence[Replication], *, goal_days: float, level: float
) -> MeasuredOutcome:
    """What replications come to; raises `Misuse` as `measure` does."""
    measured = measure(scenario, runs, goal_days=goal_days, level=level)
    labs = {lab.name for lab in scenario.labs}
    seen = [each for run in runs for each in run.parties]
    followers = [each for each in seen if not each.evades and each.party in labs]
    return MeasuredOutcome(
        scenario=scenario,
        fidelity=Fidelity.PROTOCOL,
        runs=measured.runs,
        goal_days=goal_days,
        level=level,
        evaders=tuple(
            EvaderOutcome(
                party=each.party,
                kinds=_kinds(seen, each.party),
                within=each.noticed,
                found=(each.within,),
                delay=each.noticed_delay,
                to_response=detected_first(scenario, runs, each.party),
            )
            for each in measured.evasions
        ),
        followers=tuple(
            _follower([each for each in followers if each.party == name], level)
            for name in dict.fromkeys(each.party for each in followers)
        ),
        false_alarms=rate(
            sum(each.noticed for each in followers),
            sum(each.watched_s for each in followers) / DAY_S / YEAR_DAYS,
            level,
        ),
    )


def of_kernels(scenario: Scenario, measured: KernelMeasured) -> MeasuredOutcome:
    """What kernels have measured, in the same form."""
    return MeasuredOutcome(
        scenario=scenario,
        fidelity=Fidelity.KERNEL,
        runs=measured.runs,
        goal_days=measured.goal_days,
        level=measured.level,
        evaders=tuple(
            EvaderOutcome(
                party=each.party,
                kinds=tuple(str(kind) for kind in each.kinds),
                within=each.within,
                found=(),
                delay=each.curve,
                to_response=counted_responses(scenario, each.first),
            )
            for each in measured.evasions
        ),
        followers=tuple(
            FollowerOutcome(
                party=each.party, alarmed=each.noticed, watched_days=end_s(scenario) / DAY_S
            )
            for each in measured.followers
        ),
        false_alarms=measured.false,
    )


def detected_first(
    scenario: Scenario, runs: Iterable[Replication], party: ParticipantId
) -> tuple[ToResponse, ...]:
    """What detected this party first in these runs, most frequent first, and what follows it."""
    first = (_first(each) for run in runs for each in run.parties if each.party == party)
    counts = Counter(name for name in first if name)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return counted_responses(scenario, ordered)


def counted_responses(
    scenario: Scenario, first: Iterable[tuple[str, int]]
) -> tuple[ToResponse, ...]:
    """The same where it is counted already; a lead asks, as a warrant of a discrepancy does."""
    agreement, faults = agreement_of(scenario), {str(fault): fault for fault in Fault}
    return tuple(
        ToResponse(
            first=name,
            runs=runs,
            after=chain(agreement, faults.get(name, Fault.F7), detection_days=0.0),
        )
        for name, runs in first
    )


def response_rows(
    found: Iterable[tuple[ParticipantId, Iterable[ToResponse]]],
) -> list[Mapping[str, Cell]]:
    """One row for each evader and each kind of first detection: the delays that follow it."""
    return [
        {
            "party": party,
            "first": each.first,
            "runs": each.runs,
            "clarification_days": round(each.after.clarification, 6),
            "inspection_days": round(each.after.inspection, 6),
            "determination_days": round(each.after.determination, 6),
            "answer_days": round(each.after.response, 6),
            "response_days": round(each.after.days, 6),
        }
        for party, chains in found
        for each in chains
    ]


def _first(seen: PartySeen) -> str:
    """What detected it first: a finding where it is not later than the first lead."""
    if seen.found and seen.delay_s <= seen.noticed_s:
        return str(seen.found[0].fault)
    return str(seen.leads[0].channel) if seen.leads else ""


def _kinds(seen: Sequence[PartySeen], party: ParticipantId) -> tuple[str, ...]:
    first = next(each for each in seen if each.party == party)
    return tuple(str(kind) for kind in first.evades)


def _follower(seen: Sequence[PartySeen], level: float) -> FollowerOutcome:
    return FollowerOutcome(
        party=seen[0].party,
        alarmed=share(sum(each.noticed for each in seen), len(seen), level),
        watched_days=max(each.watched_s for each in seen) / DAY_S,
    )
