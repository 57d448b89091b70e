"""The seeds of the swarm: each names a scenario, faults and perhaps an attack, and nothing else.

The scenarios are short, and gossip in them is rare, so that a thousand of them fit into minutes:
it is the number of different disasters that finds mistakes, not the length of each.
"""

from dataclasses import dataclass, replace

from pausenet.errors import EndlessRun
from pausenet.scenario.anatomy import RUN_CAP
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.simulator.run import RunResult, simulate
from pausenet.simulator.signatures import Signatures
from pausenet.simulator.swarm import ATTACKS, SwarmOptions, draw
from pausenet.statements.clauses import ApproveBand
from pausenet.values import ParticipantId, PeriodIndex, Pflop, Role
from tests.simulator.small import AURORA, DAY, SMALL

KINDS = ATTACKS
"""What a swarm draws from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief(Scenario):
    """A scenario of fewer periods than a person may write, and of fewer heartbeats."""

    def __post_init__(self) -> None:
        """Keep no least number of periods."""

    @property
    def heartbeat_s(self) -> int:
        """The gossip interval."""
        return DAY


def brief(**changes) -> Brief:
    fields = {name: getattr(SMALL, name) for name in SMALL.__dataclass_fields__}
    fields |= {"periods": 7, "notice_periods": 2, "grace_s": DAY * 7 // 4}
    return Brief(**(fields | changes))


def restored(of: ParticipantId) -> RestorePlan:
    back = PeriodIndex(3)
    return RestorePlan(of=of, to=PeriodIndex(1), at=back, recover=back)


def cut_off(of: str, start: int, until: int) -> PartitionPlan:
    return PartitionPlan(of=ParticipantId(of), start=PeriodIndex(start), until=PeriodIndex(until))


SCENARIOS = {
    "brief": brief(),
    "lab restored": brief(faults=(restored(AURORA),)),
    "cut off": brief(faults=(cut_off("aurora", 1, 3), cut_off("birch-meter", 2, 3))),
    "verifier restored": brief(faults=(restored(ParticipantId("verifier-2")),)),
    "two late": brief(faults=(cut_off("verifier-3", 2, 3), cut_off("verifier-4", 2, 3))),
    "small": SMALL,
}
FAULTS = (
    "network.lost",
    "network.straggled",
    "network.doubled",
    "network.overtook",
    "network.partition",
    "network.cut",
    "node.crash",
    "node.crash-before-fsync",
    "disk.lost",
    "disk.torn",
    "disk.restored",
    "disk.full",
    "disk.fsync-error",
    "disk.rot-seen",
    "disk.rot-unseen",
    "disk.rot-refused",
    "clock.step",
    "clock.wrong",
    "keys.recovered",
    "node.second-start",
    "network.misdirected",
    "network.stale",
)
"""What happens to networks and nodes, as runs count it."""
NEWCOMERS = (
    CheatKind.FORK_TO_FRESH,
    CheatKind.VERDICTS_TO_FRESH,
    CheatKind.FORGED_PROOF,
    CheatKind.SWAPPED_PROOF,
)
"""They cheat whoever comes late, so that somebody has to."""
BAND = ApproveBand(
    report_from_pflop=Pflop(300_000_000),
    approve_from_pflop=Pflop(1_000_000_000),
    notice_s=DAY,
    silence_s=DAY,
    anatomy=RUN_CAP,
)
"""What a run can be grown in without a report."""
ORDER = ("brief", "lab restored", "brief", "cut off", "two late", "verifier restored")
LONG_EVERY = 1_000
"""Every so many seeds one of full length."""
WHOLE_EVERY = 20
"""Every so many seeds one of the brief length whole: two labs, draws, real signatures."""
DRAWS = (CheatKind.FALSE_LEDGER, CheatKind.UNDECLARED_HALL)
"""They are about what is drawn."""
SHORT = 5
QUIET = 2
PAIR_EVERY = 5
"""Every so many seeds one with two labs; in the others there is one lab and its meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a seed stands for."""

    seed: int
    scenario: Scenario
    options: SwarmOptions

    @property
    def signatures(self) -> Signatures:
        """One seed in twenty signs with Ed25519 itself."""
        return Signatures.KEYED_HASH if self.seed % WHOLE_EVERY else Signatures.ED25519

    def run(self) -> RunResult:
        try:
            return simulate(
                self.scenario, seed=self.seed, swarm=self.options, signatures=self.signatures
            )
        except EndlessRun as error:
            error.add_note(
                f"repeat it: python -m tests.simulator.repeat --shrink --seed {self.seed}"
            )
            raise


def case(seed: int) -> Case:
    """Two seeds of three have an attack: each kind in its turn. Most are as short as can be."""
    whole = _case(seed)
    kinds = {attack.kind for attack in draw(whole.options, whole.scenario, seed).attacks}
    if seed % WHOLE_EVERY == 0 or whole.scenario == SMALL or not kinds.isdisjoint(NEWCOMERS):
        return whole
    scenario = replace(whole.scenario, periods=SHORT)
    if kinds.isdisjoint(DRAWS):
        plain = replace(scenario.agreement, sample_quota=0, sample_sites_ppm=0)
        scenario = replace(scenario, agreement=plain)
    if seed % PAIR_EVERY:
        of = {AURORA, scenario.labs[0].meter, *(each.name for each in scenario.verifiers)}
        faults = tuple(each for each in scenario.faults if each.of in of)
        scenario = replace(scenario, labs=scenario.labs[:1], faults=faults)
    return replace(whole, scenario=scenario, options=replace(whole.options, quiet_periods=QUIET))


def _case(seed: int) -> Case:
    """A seed with both labs, and of the brief length."""
    name = "small" if seed % LONG_EVERY == LONG_EVERY - 1 else ORDER[seed // 3 % len(ORDER)]
    kind = KINDS[(seed - seed // 3) % len(KINDS)]
    options = SwarmOptions(
        crash_ppm_max=4_000,
        torn_ppm_min=700_000,
        torn_ppm_max=1_000_000,
        misdirect_ppm_max=50_000,
        stale_ppm_max=500_000,
        breakdowns_max=3,
        attack_ppm=1_000_000 if seed % 3 else 0,
        attacks=(kind,),
    )
    scenario = SCENARIOS[name]
    if seed % 3 and kind in NEWCOMERS:
        (attack,) = draw(options, brief(periods=9), seed).attacks
        scenario = with_newcomer(attack)
    if seed % 3 and kind is CheatKind.HEEDLESS_RUN:
        scenario = replace(scenario, agreement=replace(scenario.agreement, clauses=(BAND,)))
    return Case(seed=seed, scenario=scenario, options=options)


def with_newcomer(attack: CheatPlan) -> Scenario:
    """Somebody comes late: joins, or where all verifiers are honest has an old disk."""
    late = next(each.name for each in SMALL.verifiers if each.name != attack.by)
    if attack.kind.role is Role.VERIFIER:
        return brief(periods=9, faults=(cut_off(late, 0, 5),))
    return brief(faults=(RestorePlan(of=late, to=PeriodIndex(1), at=PeriodIndex(4)),))
