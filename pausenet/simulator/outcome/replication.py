"""One replication: a whole run of the protocol under its own seed, and what it shows of each party.

Every replication is a run that can be made again alone: its seed follows from the first seed and
its number by hashing, and a scenario with that seed is all that it needs. Keys, clocks, network,
fleets, meter noise and calibration errors are all drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pausenet.inference.accounts.quantities import Timeliness
from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import DAY_S, CheatKind, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.simulator.outcome.course import chain, lead_months
from pausenet.simulator.outcome.evading import KEEPS_THE_RULES, Evading, courses_of, gains_of
from pausenet.simulator.outcome.watching import Found, Watch, counts
from pausenet.simulator.randomness import seed_bytes
from pausenet.simulator.run import RunResult, simulate
from pausenet.statements.finding import Fault, Grade
from pausenet.values import ParticipantId, Pflop

SEED_BYTES: Final = 6
"""48 bits: every spreadsheet keeps the whole seed, and among 10,000 two are alike in 10^-7."""
FLOP_PER_PFLOP: Final = 1e15
_BROKEN_KEPT: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The first finding of its sort against a party; `moment_s` from the first period's start."""

    fault: Fault
    grade: Grade
    moment_s: int
    cut: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The first lead about a party: from which channel, and when; `moment_s` as in `Detection`."""

    channel: ChannelKind
    moment_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """The compute that an evasion gained by its detection and by the response, in petaFLOP.

    It is detected by the first finding or lead, whichever is earlier. Without either both are what
    it gained in the whole run, and go on growing. `response_s` is the moment of the response, from
    the first period's start; the run's end without one. What the compute is worth in months of
    lead is said at both moments.
    """

    by_finding: Pflop
    by_response: Pflop
    response_s: int
    lead_by_finding: float
    lead_months: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySeen:
    """What a run shows of one party: `evades` names its cheats, none for one that keeps the rules.

    `begins_s` is when its evasion begins, or else from when the agreement binds it. `watched_s` is
    how long it is watched from there: an evader to the run's end, when the last cut has been
    taken, others to the end of the last period that is appraised. `found` is the first finding of
    its evasion, or else the first false one, and `proven` the first that is confirmed; `early` is
    a finding against an evader that is not of its evasion, and so a false one. Each is one or
    none, and so is `leads`, the first lead about it, which is never of a time before its evasion.
    `stands` says whether any finding is left at the end, `gained` is empty where no compute is
    counted.
    """

    party: ParticipantId
    evades: tuple[CheatKind | EvasionKind, ...]
    begins_s: int
    watched_s: int
    found: tuple[Detection, ...]
    proven: tuple[Detection, ...]
    early: tuple[Detection, ...]
    leads: tuple[Notice, ...]
    stands: bool
    gained: tuple[Gain, ...]

    @property
    def delay_s(self) -> int:
        """From the beginning to the first finding, or without one to the run's end."""
        return self.found[0].moment_s - self.begins_s if self.found else self.watched_s

    @property
    def noticed(self) -> bool:
        """Whether there is a finding, or a lead that came while it was watched."""
        return bool(self.found or self.leads)

    @property
    def noticed_s(self) -> int:
        """From the beginning to the first finding or lead, or without either to the run's end."""
        moments = [each.moment_s for each in self.found]
        moments += [each.moment_s for each in self.leads]
        return min(moments) - self.begins_s if moments else self.watched_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """One run: its number and seed, what identifies it, and what it shows of each party.

    `network` and `trace` are digests in hex: a run made again must show the same ones. `broken`
    are promises of the protocol that did not hold; there must be none.
    """

    number: int
    seed: int
    network: str
    trace: str
    broken: tuple[str, ...]
    parties: tuple[PartySeen, ...]


def replication_seed(first: int, number: int) -> int:
    """The seed of the replication of this number, from 0.

    >>> replication_seed(7, 0) == replication_seed(7, 1)
    False
    """
    return int.from_bytes(seed_bytes(first, "replication", str(number))[:SEED_BYTES], "big")


def replicate(scenario: Scenario, number: int) -> Replication:
    """Make the run of this number, through the real protocol with real signatures."""
    seed = replication_seed(scenario.seed, number)
    watch = Watch()
    result = simulate(replace(scenario, seed=seed), observers=(watch,))
    return Replication(
        number=number,
        seed=seed,
        network=result.network_id.hex(),
        trace=result.trace.hex(),
        broken=tuple(str(each) for each in result.violations[:_BROKEN_KEPT]),
        parties=parties_seen(result, watch),
    )


def parties_seen(result: RunResult, watch: Watch) -> tuple[PartySeen, ...]:
    """What a run shows of each lab, of each verifier that cheats, and of whoever was accused."""
    courses = courses_of(result.scenario)
    labs = [lab.name for lab in result.scenario.labs]
    accused = {each.accused for each in watch.found}
    names = dict.fromkeys([*labs, *sorted(courses), *sorted(accused)])
    return tuple(_seen(result, watch, name, courses.get(name, KEEPS_THE_RULES)) for name in names)


def _seen(result: RunResult, watch: Watch, name: ParticipantId, evades: Evading) -> PartySeen:
    scenario = result.scenario
    found = [each for each in watch.found if each.accused == name]
    ours = [each for each in found if not evades.kinds or _of_the_evasion(each, evades, scenario)]
    last_s = scenario_end_s(scenario)
    begins_s = evades.start * scenario.period_s if evades.kinds else _bound_s(result, name, last_s)
    leads = [
        Notice(channel=each.channel, moment_s=each.moment_s)
        for each in result.leads
        if each.about == name and each.moment_s <= watch.end_s and each.period >= evades.start
    ]
    seen = PartySeen(
        party=name,
        evades=evades.kinds,
        begins_s=begins_s,
        watched_s=max(0, (watch.end_s if evades.kinds else last_s) - begins_s),
        found=_first(ours),
        proven=_first([each for each in ours if each.grade is Grade.CONFIRMED]),
        early=_first([each for each in found if each not in ours]),
        leads=tuple(leads[:1]),
        stands=_stands(result, name, ours),
        gained=(),
    )
    return replace(seen, gained=_gained(result, watch, seen, evades))


def _stands(result: RunResult, name: ParticipantId, found: list[Found]) -> bool:
    """Whether a finding is left at the end; a proof is never withdrawn."""
    proven = any(each.grade is Grade.CONFIRMED for each in found)
    return proven or any(each.accused == name and counts(each) for each in result.findings)


def _of_the_evasion(found: Found, evades: Evading, scenario: Scenario) -> bool:
    """Whether a finding can be of an evasion: not before it, nor of periods before it alone."""
    late = found.moment_s >= evades.start * scenario.period_s
    return late and (not found.periods or max(found.periods) >= evades.start)


def scenario_end_s(scenario: Scenario) -> int:
    """The end of the last period, from the first period's start."""
    return scenario.periods * scenario.period_s


def _bound_s(result: RunResult, name: ParticipantId, end_s: int) -> int:
    """From when the agreement binds a party; the run's end for one that it never binds."""
    appraisal = result.appraisals.get(name)
    if appraisal is None:  # no lab
        return 0 if name not in {lab.name for lab in result.scenario.labs} else end_s
    first = appraisal.in_force_from
    return end_s if first < 0 else first * result.scenario.period_s


def _first(found: list[Found]) -> tuple[Detection, ...]:
    return tuple(
        Detection(fault=each.fault, grade=each.grade, moment_s=each.moment_s, cut=int(each.cut))
        for each in found[:1]
    )


def _gained(result: RunResult, watch: Watch, seen: PartySeen, evades: Evading) -> tuple[Gain, ...]:
    """What all evasions of a party gained; empty where none of them is counted."""
    gains = gains_of(result.scenario, evades, watch.true.get(seen.party, ()))
    if not gains:
        return ()
    detected_s = response_s = seen.begins_s + seen.noticed_s
    if seen.noticed:
        after = _chain(result.scenario, seen)
        response_s = seen.begins_s + round(after.days * DAY_S)
    by_finding = sum(each.until(detected_s) for each in gains)
    by_response = sum(each.until(response_s) for each in gains)

    def worth(pflop: int, moment_s: int) -> float:
        return lead_months(
            pflop * FLOP_PER_PFLOP,
            world=result.scenario.world,
            bound_s=_bound_s(result, seen.party, seen.begins_s),
            response_s=moment_s,
        )

    return (
        Gain(
            by_finding=Pflop(by_finding),
            by_response=Pflop(by_response),
            response_s=response_s,
            lead_by_finding=worth(by_finding, detected_s),
            lead_months=worth(by_response, response_s),
        ),
    )


def _chain(scenario: Scenario, seen: PartySeen) -> Timeliness:
    """The delays after what came first: a lead asks, as a warrant of a discrepancy does."""
    by_lead = not seen.found or seen.noticed_s < seen.delay_s
    fault = Fault.F7 if by_lead else seen.found[0].fault
    return chain(agreement_of(scenario), fault, detection_days=seen.noticed_s / DAY_S)
