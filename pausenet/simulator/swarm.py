"""What breaks in one run: each seed draws its own faults and rates, zero included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pausenet.scenario.changes import JoinPlan
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.simulator.breakdowns import Breakdown, Field, draw_breakdowns
from pausenet.simulator.network import NetworkFaults
from pausenet.simulator.randomness import happens, stream
from pausenet.values import ParticipantId, PeriodIndex, Role

QUIET_PERIODS: Final = 4
"""How many periods at the end of a swarm run are free of faults: its liveness phase."""


ATTACKS: Final = tuple(
    kind for kind in CheatKind if kind not in (CheatKind.STOLEN_KEY, CheatKind.COVERING_APPRAISER)
)
"""What a swarm draws from. A stolen key that nobody revokes is its owner's guilt (T6), and who
covers for others has nothing to do without them: both have scenarios of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwarmOptions:
    """The most that a seed may draw of each fault; `attack_ppm` is the chance of an attack.

    `torn_ppm_min` is the least chance of a torn record at each crash. A seed draws up to
    `breakdowns_max` breakdowns of single nodes; none, unless a caller asks for them. The last
    `quiet_periods` are the liveness phase.
    """

    loss_ppm_max: int = 200_000
    duplicate_ppm_max: int = 200_000
    straggle_ppm_max: int = 200_000
    misdirect_ppm_max: int = 0
    stale_ppm_max: int = 0
    breakdowns_max: int = 0
    partitions_max: int = 3
    crash_ppm_max: int = 1_000
    torn_ppm_min: int = 0
    torn_ppm_max: int = 500_000
    attack_ppm: int = 0
    attacks: tuple[CheatKind, ...] = ATTACKS
    quiet_periods: int = QUIET_PERIODS


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWay:
    """A partition in one direction: `deaf` hears nobody, or else nobody hears `of`."""

    of: ParticipantId
    deaf: bool
    start: PeriodIndex
    until: PeriodIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What one run suffers. `crash_ppm` is the chance of a crash before each single effect."""

    network: NetworkFaults = field(default_factory=NetworkFaults)
    crash_ppm: int = 0
    torn_ppm: int = 0
    partitions: tuple[PartitionPlan | OneWay, ...] = ()
    attacks: tuple[CheatPlan, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    quiet_from: PeriodIndex | None = None

    def describe(self) -> str:
        """The drawn faults in one line, for failures and transcripts."""
        cuts = ", ".join(f"{p.of} {p.start}-{p.until}" for p in self.partitions) or "none"
        attacks = ", ".join(f"{a.by} {a.kind} from {a.start}" for a in self.attacks) or "none"
        broken = ", ".join(str(each) for each in self.breakdowns) or "none"
        return (
            f"loss {self.network.loss_ppm} ppm, doubled {self.network.duplicate_ppm} ppm, "
            f"straggling {self.network.straggle_ppm} ppm, "
            f"misdirected {self.network.misdirect_ppm} ppm, stale {self.network.stale_ppm} ppm, "
            f"crashes {self.crash_ppm} ppm an effect, "
            f"torn {self.torn_ppm} ppm, partitions {cuts}, attacks {attacks}, "
            f"breakdowns {broken}"
        )


def draw(options: SwarmOptions, scenario: Scenario, seed: int) -> Faults:
    """Draw a fault set; each fault is absent in about half of all seeds."""
    chance = stream(seed, "swarm")

    def some(most: int) -> int:
        return chance.randint(0, most) if chance.random() < 0.5 else 0

    last = scenario.periods - options.quiet_periods
    everybody = [plan.name for plan in scenario.verifiers]
    everybody += [name for lab in scenario.labs for name in (lab.name, lab.meter)]
    everybody += [plan.name for plan in scenario.speakers]
    everybody += [plan.verifier for plan in scenario.changes if isinstance(plan, JoinPlan)]
    also = stream(seed, "mislaid drawn")
    network = NetworkFaults(
        loss_ppm=some(options.loss_ppm_max),
        duplicate_ppm=some(options.duplicate_ppm_max),
        straggle_ppm=some(options.straggle_ppm_max),
        misdirect_ppm=also.randint(0, options.misdirect_ppm_max) * also.randrange(2),
        stale_ppm=also.randint(0, options.stale_ppm_max) * also.randrange(2),
    )
    partitions: list[PartitionPlan | OneWay] = []
    for _ in range(some(options.partitions_max)):
        of, start = chance.choice(everybody), PeriodIndex(chance.randrange(last))
        until = PeriodIndex(chance.randint(start + 1, last))
        kind = chance.randrange(3)
        if kind == 0:
            partitions.append(PartitionPlan(of=of, start=start, until=until))
        else:
            partitions.append(OneWay(of=of, deaf=kind == 1, start=start, until=until))
    attacks: tuple[CheatPlan, ...] = ()
    if options.attacks and happens(chance, options.attack_ppm):
        attack, drawn = chance.choice(options.attacks), chance.randrange(2**32)
        attacks = _attack(scenario, attack, drawn, last)
    span_s = last * scenario.period_s
    around = Field(names=tuple(everybody), spared=_spared(scenario, attacks), span_s=span_s)
    return Faults(
        network=network,
        crash_ppm=some(options.crash_ppm_max),
        torn_ppm=max(options.torn_ppm_min, some(options.torn_ppm_max)),
        partitions=tuple(partitions),
        attacks=attacks,
        breakdowns=draw_breakdowns(seed, options.breakdowns_max, around, scenario.epsilon_s),
        quiet_from=PeriodIndex(last),
    )


def _spared(scenario: Scenario, attacks: tuple[CheatPlan, ...]) -> frozenset[ParticipantId]:
    """The verifiers that nothing worse than a crash may befall: all, where one is bad already."""
    verifiers = [plan.name for plan in scenario.verifiers]
    cheats = (*scenario.cheats, *attacks)
    bad = {cheat.by for cheat in cheats} | {
        plan.of for plan in scenario.faults if isinstance(plan, RestorePlan)
    }
    f = (len(verifiers) - 1) // 3
    room = f - len(bad.intersection(verifiers))
    late = (plan.verifier for plan in scenario.changes if isinstance(plan, JoinPlan))
    return frozenset((*verifiers[max(0, room) :], *late))


def _attack(
    scenario: Scenario, kind: CheatKind, seed: int, quiet_from: int
) -> tuple[CheatPlan, ...]:
    chance = stream(seed, "attack")
    lab_names: Sequence[ParticipantId] = [lab.name for lab in scenario.labs]
    verifiers = [plan.name for plan in scenario.verifiers]
    names = {Role.VERIFIER: verifiers, Role.METER: [lab.meter for lab in scenario.labs]}
    by = chance.choice(names.get(kind.role, lab_names))
    first = min(scenario.notice_periods, quiet_from - 1)
    start = PeriodIndex(chance.randint(first, quiet_from - 1))
    if kind is CheatKind.SHORT_CUT:
        by = verifiers[start % len(verifiers)]  # whose turn it is to propose that period's cut
    plan = CheatPlan(by=by, kind=kind, start=start, amount_ppm=200_000)
    if kind is not CheatKind.SWAPPED_PAYLOADS:
        return (plan,)
    others = [name for name in lab_names if name != by]  # in league: who swaps needs another
    return (plan, *(replace(plan, by=other) for other in others[:1]))
