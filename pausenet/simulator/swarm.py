"""What breaks in one run: each seed draws its own faults and rates, zero included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pausenet.scenario.changes import JoinPlan
from pausenet.scenario.mishaps import PartitionPlan
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.simulator.network import NetworkFaults
from pausenet.simulator.randomness import happens, stream
from pausenet.values import ParticipantId, PeriodIndex, Role

QUIET_PERIODS: Final = 4
"""How many periods at the end of a swarm run are free of faults: its liveness phase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwarmOptions:
    """The most that a seed may draw of each fault; `attack_ppm` is the chance of an attack.

    `torn_ppm_min` is the least chance of a torn record at each crash. The last `quiet_periods`
    are the liveness phase.
    """

    loss_ppm_max: int = 200_000
    duplicate_ppm_max: int = 200_000
    straggle_ppm_max: int = 200_000
    partitions_max: int = 3
    crash_ppm_max: int = 1_000
    torn_ppm_min: int = 0
    torn_ppm_max: int = 500_000
    attack_ppm: int = 0
    attacks: tuple[CheatKind, ...] = tuple(CheatKind)
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
    quiet_from: PeriodIndex | None = None

    def describe(self) -> str:
        """The drawn faults in one line, for failures and transcripts."""
        cuts = ", ".join(f"{p.of} {p.start}-{p.until}" for p in self.partitions) or "none"
        attacks = ", ".join(f"{a.by} {a.kind} from {a.start}" for a in self.attacks) or "none"
        return (
            f"loss {self.network.loss_ppm} ppm, doubled {self.network.duplicate_ppm} ppm, "
            f"straggling {self.network.straggle_ppm} ppm, crashes {self.crash_ppm} ppm an effect, "
            f"torn {self.torn_ppm} ppm, partitions {cuts}, attacks {attacks}"
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
    network = NetworkFaults(
        loss_ppm=some(options.loss_ppm_max),
        duplicate_ppm=some(options.duplicate_ppm_max),
        straggle_ppm=some(options.straggle_ppm_max),
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
        cheat, drawn = chance.choice(options.attacks), chance.randrange(2**32)
        attacks = (_attack(scenario, cheat, drawn, last),)
    return Faults(
        network=network,
        crash_ppm=some(options.crash_ppm_max),
        torn_ppm=max(options.torn_ppm_min, some(options.torn_ppm_max)),
        partitions=tuple(partitions),
        attacks=attacks,
        quiet_from=PeriodIndex(last),
    )


def _attack(scenario: Scenario, kind: CheatKind, seed: int, quiet_from: int) -> CheatPlan:
    chance = stream(seed, "attack")
    names: Sequence[ParticipantId] = [lab.name for lab in scenario.labs]
    if kind.role is Role.VERIFIER:
        names = [plan.name for plan in scenario.verifiers]
    elif kind.role is Role.METER:
        names = [lab.meter for lab in scenario.labs]
    by = chance.choice(names)
    first = min(scenario.notice_periods, quiet_from - 1)
    start = PeriodIndex(chance.randint(first, quiet_from - 1))
    return CheatPlan(by=by, kind=kind, start=start, amount_ppm=200_000)
