"""A scenario: everything that one run needs, every value resolved, in base units.

`files.scenario` reads the YAML that a person writes into these dataclasses; the simulator and
the real network both start from them. Shares are in parts per million, spans in whole seconds
of network time, compute in whole petaFLOP. Every class refuses a value that cannot be, with
`ValueError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pausenet.scenario.acts import ActPlan, SpeakerPlan
from pausenet.scenario.changes import ChangePlan, JoinPlan
from pausenet.scenario.cheats import BY_AMOUNT, BY_OTHERS
from pausenet.scenario.cheats import CheatKind as CheatKind  # noqa: PLC0414  # handed on
from pausenet.scenario.costs import NO_COSTS, CostsPlan, check_money
from pausenet.scenario.evasions import ChannelPlan, EvasionPlan
from pausenet.scenario.expect import NOTHING_EXPECTED, Expectation
from pausenet.scenario.intervals import check_ends
from pausenet.scenario.mishaps import FaultPlan, TypoPlan, check
from pausenet.scenario.runs import RunPlan, check_runs
from pausenet.scenario.shares import check_share, share
from pausenet.scenario.world import STEADY_WORLD, WorldPlan
from pausenet.statements.agreement import ActivationKind
from pausenet.statements.clauses import PPM, Accession, Clause
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Fault
from pausenet.statements.rule import Condition
from pausenet.statements.usage import SITES_MAX
from pausenet.statements.voices import may_say
from pausenet.values import FIRST_PERIOD, NetworkTime, ParticipantId, PeriodIndex, Pflop, Role

DAY_S: Final = 86_400
SIMULATED_START: Final = NetworkTime(1_767_225_600)
"""The start of network time in the simulator: the first second of 2026, in UTC."""
PERIODS_MIN: Final = 12
PERIODS_MAX: Final = 400
LABS_MAX: Final = 16
LAB_NAME_MAX: Final = 26
"""A lab's meter is named after it and must still be a participant id."""
REGISTRAR: Final = ParticipantId("registrar")
SAMPLE_QUOTA_DEFAULT: Final = 4
SAMPLE_SITES_PPM_DEFAULT: Final = 50_000
RUN_CAP_DEFAULT: Final = Pflop(10**11)
STRATEGIC_DEFAULT: Final = Pflop(10**9)
"""1e24 FLOP: the limit of the strictest published draft agreement (domain.md 1.6)."""
TWO_THIRDS_PPM: Final = 666_666

TRIGGER_DEFAULT: Final = (
    "All named parties have ratified this agreement and the ratifications stand in one cut."
)
LIFT_DEFAULT: Final = (
    "Two thirds of the parties, or the adjudicator, declare in writing that the grounds for the "
    "pause have ended; it then ends at the first period that begins 30 days later."
)
ADJUDICATOR_DEFAULT: Final = (
    "A panel of three, one named by the parties, one by the verifiers, one by the first two."
)
LEGAL_DEFAULT: Final = "An exercise among invented parties; it binds nobody."


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierPlan:
    """One verifier and the bloc it belongs to."""

    name: ParticipantId
    bloc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabPlan:
    """One lab's fleet: H100-equivalents, spread evenly over its sites.

    `utilisation_ppm` is the share of time occupied; `training_ppm` the share of the occupied
    time that goes into pre-training. Each of `affiliates` runs one of the sites, the last of them,
    in this order. `meter_group` is the independence group of who controls its power meter, by
    default one of its own; `runs` are training runs that the scenario writes by hand. The lab
    ratifies in period `ratifies_from`; None: never. One that is no party accedes so. `budget_milli`
    is the most that it spends on evasion, in thousandths of the unit of account; None: no limit.
    """

    name: ParticipantId
    accelerators: int
    sites: int
    utilisation_ppm: int
    training_ppm: int
    ratifies_from: PeriodIndex | None = FIRST_PERIOD
    is_party: bool = True
    affiliates: tuple[ParticipantId, ...] = ()
    meter_group: str = ""
    runs: tuple[RunPlan, ...] = ()
    budget_milli: int | None = None

    def __post_init__(self) -> None:
        check_ends(self)
        check(len(self.name) <= LAB_NAME_MAX, f"lab name longer than {LAB_NAME_MAX}", self.name)
        check(1 <= self.sites <= SITES_MAX, f"sites: expected 1..{SITES_MAX}", self.sites)
        fits = len(self.affiliates) <= self.sites
        check(fits, "affiliates: more than sites", len(self.affiliates))
        check(
            self.sites <= self.accelerators <= 10_000_000,
            "accelerators: expected one a site at least and 10 million at most",
            self.accelerators,
        )
        share(self.utilisation_ppm, "utilisation")
        share(self.training_ppm, "training")
        check_runs(self.name, self.runs)
        check_money("budget", self.budget_milli or 0)
        early = not self.is_party and self.ratifies_from == FIRST_PERIOD
        check(not early, "ratifies: who is no party accedes from period 1 on, or never", self.name)

    @property
    def meter(self) -> ParticipantId:
        """The id of this lab's power meter."""
        return ParticipantId(f"{self.name}-meter")

    @property
    def controls_meter(self) -> str:
        """The independence group of who controls this lab's power meter."""
        return self.meter_group or self.meter


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterErrors:
    """A power meter's relative standard deviations: of one reading, and of its calibration."""

    random_ppm: int = 10_000
    systematic_ppm: int = 3_000
    calibration_periods: int = 0

    def __post_init__(self) -> None:
        check_ends(self)
        share(self.random_ppm, "random")
        share(self.systematic_ppm, "systematic")
        found = 0 <= self.calibration_periods <= PERIODS_MAX
        check(found, "meters: calibration", self.calibration_periods)
        check(self.random_ppm + self.systematic_ppm > 0, "meters: no error stated", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPlan:
    """The terms that a scenario chooses. A cap that is `None` has no clause.

    `sample_quota` leaves of each ledger are drawn in a period over all verifiers, and each site
    with the chance `sample_sites_ppm`.
    Without conditions the trigger is the ratification, and the lift two thirds of the parties or
    the panel. `panel_quorum` 0 is a majority of the scenario's adjudicators.
    """

    activation: ActivationKind = ActivationKind.ALL_NAMED
    run_cap: Pflop | None = RUN_CAP_DEFAULT
    total_cap: Pflop | None = RUN_CAP_DEFAULT
    strategic: Pflop = STRATEGIC_DEFAULT
    sample_quota: int = SAMPLE_QUOTA_DEFAULT
    sample_sites_ppm: int = SAMPLE_SITES_PPM_DEFAULT
    trigger: str = TRIGGER_DEFAULT
    lift: str = LIFT_DEFAULT
    adjudicator: str = ADJUDICATOR_DEFAULT
    legal_basis: str = LEGAL_DEFAULT
    activation_need: int = 0
    trigger_when: tuple[Condition, ...] = ()
    trigger_need: int = 1
    lift_when: tuple[Condition, ...] = ()
    lift_need: int = 1
    clauses: tuple[Clause, ...] = ()
    panel_quorum: int = 0
    self_executing: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        check(0 <= self.sample_quota <= 10_000_000, "quota: 0..10000000", self.sample_quota)
        share(self.sample_sites_ppm, "sample_sites")
        for name in ("trigger", "lift", "adjudicator"):
            check(getattr(self, name) != "", f"{name}: mandatory, and empty", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheatPlan:
    """One cheat: who, how, from which period until (not including) which; `None` = to the end.

    `amount_ppm` is the share hidden, or the excess over the cap; 0 is no cheat at all for the
    kinds that have an amount.
    """

    by: ParticipantId
    kind: CheatKind
    start: PeriodIndex
    until: PeriodIndex | None = None
    amount_ppm: int = 200_000

    def __post_init__(self) -> None:
        check_ends(self)
        amount = self.amount_ppm
        check_share(0 <= amount <= 10 * PPM, "amount: expected 0..1000 %", amount)
        check_share(
            self.kind is CheatKind.OVER_CAP or amount <= PPM,
            "amount: hides more than all",
            amount,
        )
        check(self.until is None or self.start < self.until, "until: not after from", self.until)

    @property
    def real(self) -> bool:
        """Whether its participant cheats: not by an amount of 0, nor by what others do to it."""
        if self.kind in BY_OTHERS:
            return False
        return self.amount_ppm > 0 or self.kind not in BY_AMOUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story: who takes part, under which agreement, who cheats, what breaks.

    With `follow_up` leads that point to a place make another party ask for an inspection.
    """

    question: str
    name: str
    seed: int
    periods: int
    speed: int
    period_s: int
    deadline_s: int
    grace_s: int
    notice_periods: int
    verifiers: tuple[VerifierPlan, ...]
    labs: tuple[LabPlan, ...]
    agreement: AgreementPlan = AgreementPlan()
    meters: MeterErrors = MeterErrors()
    speakers: tuple[SpeakerPlan, ...] = ()
    acts: tuple[ActPlan, ...] = ()
    cheats: tuple[CheatPlan, ...] = ()
    faults: tuple[FaultPlan, ...] = ()
    changes: tuple[ChangePlan, ...] = ()
    evasions: tuple[EvasionPlan, ...] = ()
    channels: tuple[ChannelPlan, ...] = ()
    follow_up: bool = False
    world: WorldPlan = STEADY_WORLD
    costs: CostsPlan = NO_COSTS
    expect: Expectation = NOTHING_EXPECTED

    def __post_init__(self) -> None:
        check(self.question != "", "question: mandatory, and empty", "")
        check(0 <= self.seed < 2**63, "seed: expected 0..2^63-1", self.seed)
        check(PERIODS_MIN <= self.periods <= PERIODS_MAX, "periods: 12..400", self.periods)
        check(1 <= self.speed <= 10_000_000, "speed: expected 1..10000000", self.speed)
        check(2 <= self.notice_periods < self.periods, "notice: 2..periods", self.notice_periods)
        check(60 <= self.period_s <= 10**9, "period: expected 60 s..10^9 s", self.period_s)
        check(0 <= self.deadline_s <= 10**9, "deadline: expected 0..10^9 s", self.deadline_s)
        least = max(4 * self.speed + 1, 2 * self.epsilon_s + 2 * self.delta_s + self.heartbeat_s)
        check(self.grace_s >= least, f"grace: expected {least} s at least", self.grace_s)
        check(2 <= len(self.labs) <= LABS_MAX, "labs: expected 2..16", len(self.labs))
        count = len(self.verifiers)
        check(count == 1 or 4 <= count <= 64, "verifiers: expected 1 or 4..64", count)
        names = [REGISTRAR, *(lab.name for lab in self.labs), *(lab.meter for lab in self.labs)]
        names += [verifier.name for verifier in self.verifiers]
        names += [plan.verifier for plan in self.changes if isinstance(plan, JoinPlan)]
        names += [speaker.name for speaker in self.speakers]
        doubled = sorted({name for name in names if names.count(name) > 1})
        check(not doubled, "two participants of one name", doubled)
        parties = [lab for lab in self.labs if lab.is_party]
        accession = any(isinstance(each, Accession) for each in self.agreement.clauses)
        check(len(parties) > 0, "labs: expected a party at least", len(parties))
        check(
            accession or parties == [*self.labs], "labs: nobody accedes without C25", len(parties)
        )
        self._check_plans()

    def _check_plans(self) -> None:
        labs = {lab.name for lab in self.labs}
        late = [run.run for lab in self.labs for run in lab.runs if run.start >= self.periods]
        check(not late, "labs: a run begins after the last period", late)
        rich = [lab.name for lab in self.labs if lab.budget_milli is not None]
        check(not rich or bool(self.costs.unit), "budget: needs costs with a unit of account", rich)
        verifiers = {verifier.name for verifier in self.verifiers}
        speakers = {plan.name for plan in self.speakers}
        everybody = labs | verifiers | {lab.meter for lab in self.labs} | speakers
        self._check_changes(everybody)
        for act in self.acts:
            check(act.by in everybody, "acts: nobody of this name", act.by)
            check(act.at < self.periods, "acts: after the last period", act.at)
            role = self.role_of(act.by)
            check(
                may_say(role, act.kind),
                f"acts: {role.with_article} may not say this",
                str(act.kind),
            )
        for cheat in self.cheats:
            meters = {lab.meter for lab in self.labs}
            may = {Role.LAB: labs, Role.METER: meters}.get(cheat.kind.role, verifiers)
            check(cheat.by in may, f"cheats: {cheat.kind} is for a {cheat.kind.role}", cheat.by)
        for evasion in self.evasions:
            check(evasion.by in labs, "evasions: no lab of this name", evasion.by)
            check(evasion.start < self.periods, "evasions: after the last period", evasion.start)
        hosts = {plan.name for plan in self.speakers if plan.role is Role.HOST}
        vendor = self.world.fleets.vendor
        check(not vendor or vendor in hosts, "world.fleets.vendor: no host of this name", vendor)
        for path in self.world.indicators:
            check(path.about in labs, "world.indicators: no lab of this name", path.about)
            for name in path.by:
                outside = name in speakers and may_say(self.role_of(name), Kind.INDICATOR)
                fits = name == path.about or outside
                check(fits, "world.indicators: neither an evaluator nor the lab itself", name)
        kinds = [channel.kind for channel in self.channels]
        check(len({*kinds}) == len(kinds), "channels: one stated twice", sorted(kinds))
        for fault in self.faults:
            known = labs if isinstance(fault, TypoPlan) else everybody
            check(fault.of in known, "faults: nobody of this name", fault.of)
        for lab, _ in (*self.expect.labs, *self.expect.stages):
            check(lab in labs, "expect.labs: no lab of this name", lab)
        for finding in self.expect.findings or ():
            check(
                finding.accused in everybody | {REGISTRAR},
                "expect.findings: nobody of this name",
                finding.accused,
            )
            check(len(finding.faults) > 0, "expect.findings: no fault named", finding.accused)
        for lead in self.expect.leads or ():
            check(lead.about in labs, "expect.leads: no lab of this name", lead.about)

    def _check_changes(self, everybody: set[ParticipantId]) -> None:
        counting = {verifier.name for verifier in self.verifiers}
        last = PeriodIndex(0)
        for plan in self.changes:
            check(last < plan.first < self.periods, "changes: in order, one a period", plan.first)
            if isinstance(plan, JoinPlan):
                check(last <= plan.admitted, "changes: admitted before the last change", plan.first)
                everybody.add(plan.verifier)
                counting.add(plan.verifier)
            else:
                check(plan.verifier in counting, "changes: no verifier of this name", plan.verifier)
                counting.discard(plan.verifier)
            check(4 <= len(counting) <= 64, "changes: expected 4..64 verifiers", len(counting))
            last = plan.first

    @property
    def epsilon_s(self) -> int:
        """The bound on the difference of honest clocks: a tenth of a real second."""
        return max(1, self.speed // 10)

    @property
    def delta_s(self) -> int:
        """The bound on a message's delay: a quarter of a real second."""
        return max(1, self.speed // 4)

    @property
    def heartbeat_s(self) -> int:
        """The gossip interval: a quarter of a real second."""
        return max(1, self.speed // 4)

    def role_of(self, name: ParticipantId) -> Role:
        """What the participant of this name is; raises `KeyError` for nobody."""
        roles = {plan.name: Role.VERIFIER for plan in self.verifiers}
        roles |= {plan.name: plan.role for plan in self.speakers}
        for lab in self.labs:
            roles |= {lab.name: Role.LAB, lab.meter: Role.METER}
        return roles[name]

    def lab(self, name: ParticipantId) -> LabPlan:
        """The lab of this name; raises `KeyError`."""
        for lab in self.labs:
            if lab.name == name:
                return lab
        raise KeyError(name)
