"""The shape of a scenario file: its keys, their types and their defaults.

Every scalar arrives as the text that stands in the file and is read by one of our own parsers
(`files.amounts`). The JSON Schema that ships beside this module is generated from it.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from pausenet.files import amounts
from pausenet.files.costs_model import CostsModel, Money
from pausenet.files.free import FreeMapping
from pausenet.files.parts import (
    Flop,
    Name,
    Setting,
    Share,
    SomeShare,
    SomeWhole,
    Span,
    Strict,
    Switch,
    Text,
    Whole,
)
from pausenet.files.scalars import Scalar, Word, one_or_several
from pausenet.files.world_model import WorldModel
from pausenet.scenario.evasions import FALSE_ALARMS_PPM_DEFAULT, ChannelKind, EvasionKind
from pausenet.scenario.plan import (
    ADJUDICATOR_DEFAULT,
    LEGAL_DEFAULT,
    LIFT_DEFAULT,
    RUN_CAP_DEFAULT,
    STRATEGIC_DEFAULT,
    TRIGGER_DEFAULT,
    CheatKind,
)
from pausenet.statements.agreement import ActivationKind
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.statements.stage import PartyStage
from pausenet.values import FIRST_PERIOD, PeriodIndex, Pflop

LIST_MAX: Final = 64


def _need(value: str) -> int:
    return amounts.share_ppm(value) if "%" in value else amounts.integer(value)


def _ratifies(value: str) -> PeriodIndex | None:
    return None if value == "never" else PeriodIndex(amounts.integer(value))


def _cap(value: str) -> Pflop | None:
    return None if value == "none" else amounts.pflop(value)


def _at_once() -> PeriodIndex:
    return FIRST_PERIOD


def _usual_cap() -> Pflop:
    return RUN_CAP_DEFAULT


def _usual_quantity() -> Pflop:
    return STRATEGIC_DEFAULT


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _verifiers_form(value: object) -> str:
    return "names" if isinstance(value, list) else "count"


def _verifier_form(value: object) -> str:
    return "mapping" if isinstance(value, dict) else "name"


def _fault_form(value: object) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else "partition"
    return None if kind is None else str(kind)


Need: TypeAlias = Annotated[int, Scalar(_need, 3, "integer", "string")]
Ratifies: TypeAlias = Annotated[PeriodIndex | None, Scalar(_ratifies, "never", "string", "integer")]
Cap: TypeAlias = Annotated[Pflop | None, Scalar(_cap, "1e26", "string", "number")]


class ClockModel(Strict):
    """How fast network time runs."""

    speed: Whole = Field(default=86_400, description="network seconds per real second")


class VerifierModel(Strict):
    """A verifier that is given a name or a bloc of its own."""

    name: Name
    bloc: Text | None = None


class RunModel(Strict):
    """A training run that the scenario writes by hand."""

    run: Name
    start: Whole = Field(alias="from", description="first period")
    until: Whole | None = Field(default=None, description="first period in which it is over")
    share: Share = Field(default=1_000_000, description="of the lab's pre-training")
    parents: list[Name] = Field(
        default=[], max_length=64, description="runs written before it whose weights it continues"
    )


class LabModel(Strict):
    """A lab and its fleet, spread evenly over its sites."""

    name: Name
    accelerators: SomeWhole = Field(description="in H100-equivalents")
    sites: Whole = 1
    affiliates: list[Name] = Field(
        default=[], max_length=64, description="each runs one site; the last sites are theirs"
    )
    utilisation: SomeShare = Field(default=600_000, description="share of time occupied")
    training: SomeShare = Field(default=500_000, description="share of that time in pre-training")
    ratifies: Ratifies = Field(default_factory=_at_once, description="the period, or never")
    meter_group: Name | None = Field(
        default=None, description="who controls its power meter; default: nobody else"
    )
    runs: list[RunModel] = Field(
        default=[], max_length=LIST_MAX, description="training runs written by hand"
    )
    party: Switch = Field(
        default=True, description="whether the agreement names it; else it accedes"
    )
    budget: Money | None = Field(
        default=None, description="the most it spends on evasion, in the unit of account of costs"
    )


class AgreementModel(Strict):
    """The terms of the agreement. A cap of `none` leaves its clause out."""

    activation: Annotated[ActivationKind, Word(ActivationKind)] = ActivationKind.ALL_NAMED
    run_cap: Cap = Field(default_factory=_usual_cap, description="one training run; 1e26")
    total_cap: Cap = Field(default_factory=_usual_cap, description="lab and period; 1e26")
    strategic: Flop = Field(
        default_factory=_usual_quantity, description="one strategic quantity; 1e24"
    )
    sample_quota: Whole = Field(default=4, description="leaves drawn of a ledger in a period")
    sample_sites_ppm: Share = Field(
        default=50_000, alias="sample_sites", description="a site's chance of a visit in a period"
    )
    trigger: Text = TRIGGER_DEFAULT
    lift: Text = LIFT_DEFAULT
    adjudicator: Text = ADJUDICATOR_DEFAULT
    legal_basis: Text = LEGAL_DEFAULT
    activation_need: Need = Field(default=0, description="parties of k-of-n; share of coverage")
    trigger_when: list[FreeMapping] = Field(default=[], max_length=16)
    trigger_need: Whole = Field(default=1, description="how many of the conditions")
    lift_when: list[FreeMapping] = Field(default=[], max_length=16)
    lift_need: Whole = Field(default=1, description="how many of the conditions")
    clauses: list[FreeMapping] = Field(default=[], max_length=LIST_MAX)
    panel_quorum: Whole = Field(default=0, description="0: a majority of the adjudicators")
    self_executing: list[Annotated[Fault, Word(Fault)]] = Field(default=[], max_length=4)


class MetersModel(Strict):
    """Relative standard deviations of the power meters."""

    random: SomeShare = Field(default=10_000, description="of one reading")
    systematic: SomeShare = Field(default=3_000, description="of the calibration")
    calibration: Whole = Field(
        default=0, description="how many periods a calibration lasts; 0: for ever"
    )


class ActModel(Strict):
    """What a participant's people decide to say at the start of a period."""

    by: Name
    at: Whole = Field(description="the period in which it is said")
    say: Annotated[Kind, Word(Kind)] = Field(description="the kind of statement")
    terms: FreeMapping = Field(
        default={}, description="the statement's body, but for the agreement's digest"
    )


class CheatModel(Strict):
    """One cheat; an amount of 0 is no cheat at all."""

    by: Name
    kind: Annotated[CheatKind, Word(CheatKind)]
    start: Whole = Field(alias="from", description="first period")
    until: Whole | None = Field(default=None, description="first period no longer affected")
    amount: SomeShare = Field(default=200_000, description="share hidden, or excess over the cap")


class EvasionModel(Strict):
    """One evasion of the book, with its settings; what is left out has the book's value."""

    by: Name
    kind: Annotated[EvasionKind, Word(EvasionKind)] = Field(description="E01 to E23")
    start: Whole = Field(alias="from", description="first period")
    until: Whole | None = Field(default=None, description="first period no longer affected")
    settings: dict[str, Setting] = Field(
        default={}, alias="with", description="`pausenet evasions show KIND` lists them"
    )


class ChannelModel(Strict):
    """A channel outside the protocol that watches every lab."""

    kind: Annotated[ChannelKind, Word(ChannelKind)]
    false_alarms: Share = Field(
        default=FALSE_ALARMS_PPM_DEFAULT,
        description="chance of a false alarm at least about a lab in a year",
    )
    settings: dict[str, Setting] = Field(
        default={}, alias="with", description="`pausenet channels show KIND` lists them"
    )


class PartitionModel(Strict):
    """A participant cut off from everybody for some periods."""

    kind: Literal["partition"]
    of: Name
    start: Whole = Field(alias="from", description="first period cut off")
    until: Whole = Field(description="first period no longer cut off")


class RestoreModel(Strict):
    """A participant's whole disk put back, at period `at`, to what it was at period `to`."""

    kind: Literal["restore"]
    of: Name
    to: Whole
    at: Whole
    recover: Whole | None = Field(default=None, description="when its operator gives it new keys")


class RotationModel(Strict):
    """A participant's keys replaced by new ones at period `at`."""

    kind: Literal["rotation"]
    of: Name
    at: Whole
    revokes: Switch = Field(default=False, description="whether the old keys are stolen")


class TypoModel(Strict):
    """A lab types a factor too much, and corrects it after a later period's sample, or never."""

    kind: Literal["typo"]
    of: Name
    at: Whole
    factor: Whole = 10
    corrected: Whole | None = None


class ChangeModel(Strict):
    """A verifier that comes: admitted first, it counts from a later period on; or one that goes."""

    kind: Literal["joins", "leaves"]
    verifier: Name
    first: Whole = Field(description="the first period in which it counts, or counts no more")
    admitted: Whole | None = Field(default=None, description="in which period; who joins only")
    bloc: Text | None = Field(default=None, description="who joins only; default: its name")


class ExpectedFindingModel(Strict):
    """One finding the run must end with."""

    accused: Name
    fault: Annotated[
        list[Annotated[Fault, Word(Fault)]],
        BeforeValidator(_listed),
        Field(min_length=1),
        WithJsonSchema(one_or_several(Fault)),
    ] = Field(description="one fault, or a list of which any will do")
    grade: Annotated[Grade, Word(Grade)]
    withdrawn: Switch = False


class ExpectedLeadModel(Strict):
    """One lead the run must have."""

    about: Name
    channel: Annotated[
        list[Annotated[ChannelKind, Word(ChannelKind)]],
        BeforeValidator(_listed),
        Field(min_length=1),
        WithJsonSchema(one_or_several(ChannelKind)),
    ] = Field(description="one channel, or a list of which any will do")


class ExpectModel(Strict):
    """What the run must find; with no `findings` or `leads` none in particular are expected."""

    labs: dict[Name, Annotated[Status, Word(Status)]] = Field(default={})
    stages: dict[Name, Annotated[PartyStage, Word(PartyStage)]] = Field(default={})
    findings: list[ExpectedFindingModel] | None = Field(default=None, max_length=LIST_MAX)
    leads: list[ExpectedLeadModel] | None = Field(default=None, max_length=LIST_MAX)


ChannelForm: TypeAlias = Annotated[
    Annotated[ChannelKind, Word(ChannelKind), Tag("name")]
    | Annotated[ChannelModel, Tag("mapping")],
    Discriminator(_verifier_form),
]
VerifierForm: TypeAlias = Annotated[
    Annotated[Name, Tag("name")] | Annotated[VerifierModel, Tag("mapping")],
    Discriminator(_verifier_form),
]
VerifiersForm: TypeAlias = Annotated[
    Annotated[Whole, Tag("count")]
    | Annotated[list[VerifierForm], Field(max_length=LIST_MAX), Tag("names")],
    Discriminator(_verifiers_form),
]
FaultForm: TypeAlias = Annotated[
    Annotated[PartitionModel, Tag("partition")]
    | Annotated[RestoreModel, Tag("restore")]
    | Annotated[RotationModel, Tag("rotation")]
    | Annotated[TypoModel, Tag("typo")],
    Discriminator(_fault_form),
]


class ScenarioModel(Strict):
    """One story: who takes part, under which agreement, who cheats, what breaks."""

    question: Text = Field(description="the question this scenario answers, in one sentence")
    name: Name | None = Field(default=None, description="default: the file's name")
    seed: Whole = 1
    periods: Whole = Field(default=14, description="how many periods are run, 12..400")
    clock: ClockModel = ClockModel()
    period: Span = 172_800
    deadline: Span = 21_600
    grace: Span = 367_200
    notice: Whole = Field(default=4, description="periods from activation to the first binding")
    verifiers: VerifiersForm = 4
    labs: list[LabModel] = Field(max_length=LIST_MAX)
    adjudicators: list[Name] = Field(default=[], max_length=LIST_MAX)
    evaluators: list[Name] = Field(default=[], max_length=LIST_MAX)
    hosts: list[Name] = Field(default=[], max_length=LIST_MAX)
    authorities: list[Name] = Field(default=[], max_length=LIST_MAX)
    acts: list[ActModel] = Field(default=[], max_length=4 * LIST_MAX)
    agreement: AgreementModel = AgreementModel()
    meters: MetersModel = MetersModel()
    cheats: list[CheatModel] = Field(default=[], max_length=LIST_MAX)
    faults: list[FaultForm] = Field(default=[], max_length=LIST_MAX)
    changes: list[ChangeModel] = Field(default=[], max_length=LIST_MAX)
    evasions: list[EvasionModel] = Field(default=[], max_length=LIST_MAX)
    channels: list[ChannelForm] = Field(default=[], max_length=LIST_MAX)
    follow_up: Switch = Field(
        default=False, description="whether a lead to a place makes a party ask for an inspection"
    )
    world: WorldModel = Field(
        default=WorldModel(), description="what is assumed of progress and of the loop"
    )
    costs: CostsModel = Field(
        default=CostsModel(), description="what verification and evading cost"
    )
    expect: ExpectModel = ExpectModel()
