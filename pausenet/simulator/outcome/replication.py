"""One replication: a whole run of the protocol under its own seed, and what it shows of each party.

Every replication is a run that can be made again alone: its seed follows from the first seed and
its number by hashing, and a scenario with that seed is all that it needs. Keys, clocks, network,
fleets, meter noise and calibration errors are all drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pausenet.inference.accounts.quantities import Timeliness
from pausenet.scenario.plan import DAY_S, CheatKind, CheatPlan, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.simulator.outcome.course import chain, lead_months
from pausenet.simulator.outcome.gained import gained_by_period, gained_until
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
class Gain:
    """The compute that an evasion gained by the first finding and by the response, in petaFLOP.

    Without a finding both are what it gained in the whole run, and go on growing. `response_s`
    is the moment of the response, from the first period's start; the run's end without one.
    """

    by_finding: Pflop
    by_response: Pflop
    response_s: int
    lead_months: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySeen:
    """What a run shows of one party: `evades` names its cheats, none for one that keeps the rules.

    `begins_s` is when its evasion begins, or else from when the agreement binds it. `watched_s` is
    how long it is watched from there: an evader to the run's end, when the last cut has been
    taken, others to the end of the last period that is appraised. `found` is the first finding of
    its evasion, or else the first false one, and `proven` the first that is confirmed; `early` is
    a finding against an evader that is not of its evasion, and so a false one. Each is one or
    none. `stands` says whether any finding is left at the end, `gained` is empty where no compute
    is counted.
    """

    party: ParticipantId
    evades: tuple[CheatKind, ...]
    begins_s: int
    watched_s: int
    found: tuple[Detection, ...]
    proven: tuple[Detection, ...]
    early: tuple[Detection, ...]
    stands: bool
    gained: tuple[Gain, ...]

    @property
    def delay_s(self) -> int:
        """From the beginning to the first finding, or without one to the run's end."""
        return self.found[0].moment_s - self.begins_s if self.found else self.watched_s


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
    scenario = result.scenario
    cheats: dict[ParticipantId, list[CheatPlan]] = {}
    for cheat in scenario.cheats:
        if cheat.real:
            cheats.setdefault(cheat.by, []).append(cheat)
    labs = [lab.name for lab in scenario.labs]
    accused = {each.accused for each in watch.found}
    names = dict.fromkeys([*labs, *sorted(cheats), *sorted(accused)])
    return tuple(_seen(result, watch, name, tuple(cheats.get(name, ()))) for name in names)


def _seen(
    result: RunResult, watch: Watch, name: ParticipantId, cheats: tuple[CheatPlan, ...]
) -> PartySeen:
    found = [each for each in watch.found if each.accused == name]
    ours = [each for each in found if not cheats or _of_the_evasion(each, cheats, result.scenario)]
    last_s = scenario_end_s(result.scenario)
    begins_s = (
        min(cheat.start for cheat in cheats) * result.scenario.period_s
        if cheats
        else _bound_s(result, name, last_s)
    )
    seen = PartySeen(
        party=name,
        evades=tuple(cheat.kind for cheat in cheats),
        begins_s=begins_s,
        watched_s=max(0, (watch.end_s if cheats else last_s) - begins_s),
        found=_first(ours),
        proven=_first([each for each in ours if each.grade is Grade.CONFIRMED]),
        early=_first([each for each in found if each not in ours]),
        stands=_stands(result, name, ours),
        gained=(),
    )
    return replace(seen, gained=_gained(result, watch, seen, cheats))


def _stands(result: RunResult, name: ParticipantId, found: list[Found]) -> bool:
    """Whether a finding is left at the end; a proof is never withdrawn."""
    proven = any(each.grade is Grade.CONFIRMED for each in found)
    return proven or any(each.accused == name and counts(each) for each in result.findings)


def _of_the_evasion(found: Found, cheats: tuple[CheatPlan, ...], scenario: Scenario) -> bool:
    """Whether a finding can be of an evasion: not before it, nor of periods before it alone."""
    start = min(cheat.start for cheat in cheats)
    late = found.moment_s >= start * scenario.period_s
    return late and (not found.periods or max(found.periods) >= start)


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


def _gained(
    result: RunResult, watch: Watch, seen: PartySeen, cheats: tuple[CheatPlan, ...]
) -> tuple[Gain, ...]:
    """What all cheats of a party gained; empty where none of them is counted."""
    scenario, true = result.scenario, watch.true.get(seen.party, ())
    counted = [
        (cheat, by_period)
        for cheat in cheats
        if (by_period := gained_by_period(scenario, cheat, true))
    ]
    if not counted:
        return ()
    found_s = seen.found[0].moment_s if seen.found else watch.end_s
    response_s = found_s
    if seen.found:
        after = _chain(scenario, seen.found[0], seen.delay_s)
        response_s = seen.begins_s + round(after.days * DAY_S)
    by_response = sum(_by(scenario, cheat, each, response_s) for cheat, each in counted)
    bound_days = (response_s - _bound_s(result, seen.party, seen.begins_s)) / DAY_S
    return (
        Gain(
            by_finding=Pflop(sum(_by(scenario, cheat, each, found_s) for cheat, each in counted)),
            by_response=Pflop(by_response),
            response_s=response_s,
            lead_months=lead_months(by_response * FLOP_PER_PFLOP, bound_days=bound_days),
        ),
    )


def _chain(scenario: Scenario, found: Detection, delay_s: int) -> Timeliness:
    return chain(agreement_of(scenario), found.fault, detection_days=delay_s / DAY_S)


def _by(scenario: Scenario, cheat: CheatPlan, by_period: tuple[int, ...], moment_s: int) -> int:
    """What a cheat gains by a moment; beyond the run it goes on as in the run's last period."""
    period_s = scenario.period_s
    end_s = len(by_period) * period_s
    gained = gained_until(by_period, moment_s=moment_s, period_s=period_s)
    until_s = moment_s if cheat.until is None else min(moment_s, cheat.until * period_s)
    return gained + by_period[-1] * max(0, until_s - end_s) // period_s
