"""The seeds of the swarm: each names a scenario, faults and perhaps an attack, and nothing else.

The scenarios are short, and gossip in them is rare, so that thousands of them fit into minutes:
it is the number of different disasters that finds mistakes, not the length of each. The first
seeds, in which planted mistakes are sought, are the fullest; most of the others are of a lone
verifier, whose network costs a tenth, and some of a quorum for as long as an attack takes.
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

FULL = 200
"""The first so many seeds are full: each is of the brief length at least, or of five periods."""
CYCLE = 25
"""Of so many seeds after them the first is full, and the next `QUORUMS` have a quorum."""
QUORUMS = 3
FACES = (
    CheatKind.TWO_FACES,
    CheatKind.OVERLAPPING_FACES,
    CheatKind.WITHHELD_FACES,
    CheatKind.FACE_AFTER_RECEIPT,
    CheatKind.CHECKPOINT_FORK,
)
"""They need two verifiers, to show them different logs."""
FULL_ALONE = (*NEWCOMERS, CheatKind.SWAPPED_PAYLOADS)
"""They need who comes late, or a second lab: no other seeds have them."""
OF_A_QUORUM = (
    *FACES,
    CheatKind.FACE_AFTER_RECEIPT,
    *(kind for kind in KINDS if kind.role is Role.VERIFIER and kind not in NEWCOMERS),
)
"""The rarest twice, that it happens often enough."""
OF_A_LONE = tuple(
    kind for kind in KINDS if kind.role is not Role.VERIFIER and kind not in (*FACES, *FULL_ALONE)
)
LATER = (*KINDS, *FULL_ALONE * 2, *(CheatKind.FORK_TO_FRESH,) * 2)
"""What full seeds after the first ones draw from."""
LONE_FAULTS = ((), (restored(AURORA),), (), (cut_off("aurora", 1, 3),), (), ())


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
    """What a seed stands for; of those after the first `FULL` one in 25 is full as well."""
    turn = seed % CYCLE
    if seed < FULL or turn == 0 or seed % LONG_EVERY == LONG_EVERY - 1:
        return full(seed)
    return quorum(seed) if turn <= QUORUMS else lone(seed)


def full(seed: int) -> Case:
    """Two seeds of three have an attack: each kind in its turn. Most are as short as can be."""
    whole = _case(seed)
    kinds = {attack.kind for attack in draw(whole.options, whole.scenario, seed).attacks}
    if seed % WHOLE_EVERY == 0 or whole.scenario == SMALL or not kinds.isdisjoint(NEWCOMERS):
        return whole
    scenario = replace(whole.scenario, periods=SHORT)
    if kinds.isdisjoint(DRAWS):
        scenario = without_draws(scenario)
    if seed % PAIR_EVERY:
        of = {AURORA, scenario.labs[0].meter, *(each.name for each in scenario.verifiers)}
        faults = tuple(each for each in scenario.faults if each.of in of)
        scenario = replace(scenario, labs=scenario.labs[:1], faults=faults)
    return replace(whole, scenario=scenario, options=replace(whole.options, quiet_periods=QUIET))


def quorum(seed: int) -> Case:
    """Four verifiers, one lab, three periods, and always an attack of those that need a quorum."""
    kind = OF_A_QUORUM[(seed // CYCLE * QUORUMS + seed % CYCLE) % len(OF_A_QUORUM)]
    scenario = without_draws(brief(periods=3, labs=SMALL.labs[:1]))
    options = replace(options_of(seed, kind), attack_ppm=1_000_000, quiet_periods=1)
    return Case(seed=seed, scenario=scenario, options=options)


def lone(seed: int) -> Case:
    """One verifier, one lab; two seeds of three have an attack of those that a lone one sees."""
    kind = OF_A_LONE[(seed - seed // 3) % len(OF_A_LONE)]
    faults = LONE_FAULTS[seed // 3 % len(LONE_FAULTS)]
    periods, quiet = (SHORT, QUIET) if faults else (4 if seed % 3 else 3, 1)
    scenario = brief(
        periods=periods, labs=SMALL.labs[:1], verifiers=SMALL.verifiers[:1], faults=faults
    )
    if seed % 3 == 0 or kind not in DRAWS:
        scenario = without_draws(scenario)
    options = replace(options_of(seed, kind), quiet_periods=quiet)
    return Case(seed=seed, scenario=with_clauses(scenario, seed, kind), options=options)


def without_draws(scenario: Scenario) -> Scenario:
    plain = replace(scenario.agreement, sample_quota=0, sample_sites_ppm=0)
    return replace(scenario, agreement=plain)


def with_clauses(scenario: Scenario, seed: int, kind: CheatKind) -> Scenario:
    """What an attack breaks must be agreed."""
    if not seed % 3 or kind is not CheatKind.HEEDLESS_RUN:
        return scenario
    return replace(scenario, agreement=replace(scenario.agreement, clauses=(BAND,)))


def options_of(seed: int, kind: CheatKind) -> SwarmOptions:
    return SwarmOptions(
        crash_ppm_max=4_000,
        torn_ppm_min=700_000,
        torn_ppm_max=1_000_000,
        misdirect_ppm_max=50_000,
        stale_ppm_max=500_000,
        breakdowns_max=3,
        attack_ppm=1_000_000 if seed % 3 else 0,
        attacks=(kind,),
    )


def _case(seed: int) -> Case:
    """A seed with both labs, and of the brief length."""
    name = "small" if seed % LONG_EVERY == LONG_EVERY - 1 else ORDER[seed // 3 % len(ORDER)]
    kinds, turn = (KINDS, seed) if seed < FULL else (LATER, seed // CYCLE)
    kind = kinds[(turn - turn // 3) % len(kinds)]
    options = options_of(seed, kind)
    scenario = SCENARIOS[name]
    if seed % 3 and kind in NEWCOMERS:
        (attack,) = draw(options, brief(periods=9), seed).attacks
        scenario = with_newcomer(attack)
    return Case(seed=seed, scenario=with_clauses(scenario, seed, kind), options=options)


def with_newcomer(attack: CheatPlan) -> Scenario:
    """Somebody comes late: joins, or where all verifiers are honest has an old disk."""
    late = next(each.name for each in SMALL.verifiers if each.name != attack.by)
    if attack.kind.role is Role.VERIFIER:
        return brief(periods=9, faults=(cut_off(late, 0, 5),))
    return brief(faults=(RestorePlan(of=late, to=PeriodIndex(1), at=PeriodIndex(4)),))
