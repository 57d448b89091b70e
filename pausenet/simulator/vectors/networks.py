"""The networks that cases are made of: two that are run, and registers for logs by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from pausenet.scenario.acts import ActPlan, SpeakerPlan
from pausenet.scenario.anatomy import RUN_CAP
from pausenet.scenario.mishaps import RotationPlan, TypoPlan
from pausenet.scenario.plan import (
    AgreementPlan,
    CheatKind,
    CheatPlan,
    LabPlan,
    Scenario,
    VerifierPlan,
)
from pausenet.statements.agreement import ActivationKind
from pausenet.statements.canonical import Json
from pausenet.statements.clauses import Accession
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.clauses.course import (
    Amendment,
    Derogation,
    Dispute,
    LiftCondition,
    PeerConditional,
    ReleaseStage,
    SnapBack,
    Withdrawal,
)
from pausenet.statements.clauses.limits import ApproveBand, CapStage, Metric, StagedCap
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.statements.indicator import IndicatorKind
from pausenet.statements.rule import FromPeriod, IncidentReported, IndicatorBound, Rule, Side
from pausenet.values import FIRST_PERIOD, ParticipantId, PeriodIndex, Pflop, Role

AURORA, BIRCH = ParticipantId("aurora"), ParticipantId("birch")
CEDAR, DUNE = ParticipantId("cedar"), ParticipantId("dune")
TRIBUNAL: Final = ParticipantId("tribunal")
VERIFIERS: Final = tuple(ParticipantId(f"verifier-{number}") for number in range(1, 5))
HARBOUR, OFFICE = ParticipantId("harbour"), ParticipantId("office")
SCALE: Final = ParticipantId("scale")
LANTERN, PLUMBLINE = ParticipantId("lantern"), ParticipantId("plumbline")
THREE: Final = (AURORA, BIRCH, CEDAR)
_DAY: Final = 86_400
_PANEL: Final = tuple(SpeakerPlan(name=each, role=Role.ADJUDICATOR) for each in (SCALE, TRIBUNAL))
_SPEAKERS: Final = (
    SpeakerPlan(name=HARBOUR, role=Role.HOST),
    SpeakerPlan(name=OFFICE, role=Role.AUTHORITY),
    _PANEL[1],
)
_EVALUATORS: Final = tuple(
    SpeakerPlan(name=each, role=Role.EVALUATOR) for each in (LANTERN, PLUMBLINE)
)


def scenario(
    name: str,
    labs: Sequence[ParticipantId] = (AURORA, BIRCH),
    *cheats: CheatPlan,
    agreement: AgreementPlan | None = None,
    speakers: Sequence[SpeakerPlan] = (),
    others: Sequence[ParticipantId] = (),
) -> Scenario:
    """A small network: four verifiers, a meter for each lab, of which `others` are no parties."""
    return Scenario(
        question="What must every verifier say of this?",
        name=name,
        seed=2026,
        periods=12,
        speed=_DAY,
        period_s=2 * _DAY,
        deadline_s=_DAY // 4,
        grace_s=_DAY * 17 // 4,
        notice_periods=2,
        verifiers=tuple(VerifierPlan(name=each, bloc=f"bloc of {each}") for each in VERIFIERS),
        labs=tuple(
            LabPlan(
                name=each,
                accelerators=20_000,
                sites=2,
                utilisation_ppm=600_000,
                training_ppm=500_000,
                is_party=each not in others,
                ratifies_from=None if each in others else FIRST_PERIOD,
            )
            for each in (*labs, *others)
        ),
        agreement=agreement or AgreementPlan(),
        cheats=cheats,
        speakers=(*speakers, *(_SPEAKERS if cheats else ())),
        acts=_ACTS if cheats else (),
    )


def _act(by: ParticipantId, says: Kind, /, **terms: Json) -> ActPlan:
    return ActPlan.of(by, PeriodIndex(8), says, terms)


_OF_A_BUNDLE: Final = "ab" * 32
_ACTS: Final = (
    _act(AURORA, Kind.INDICATOR, about="aurora", indicator="merged-code-share", value=810_000),
    _act(AURORA, Kind.INCIDENT, about="aurora", text="A run went on after it was stopped."),
    _act(AURORA, Kind.WITHDRAWAL, reason="The grounds of the pause have ended."),
    _act(AURORA, Kind.RETRACTION, reason="The grounds of the pause have come back."),
    _act(AURORA, Kind.DEROGATION, start=20, periods=2, grounds="A treatment is being sought."),
    _act(AURORA, Kind.PROPOSAL, clause="lab-total-cap", limit_pflop=10**10, start=20),
    _act(AURORA, Kind.ASSENT, lift=True),
    _act(AURORA, Kind.ACCEPTANCE, lab="dune", accepts=True),
    _act(AURORA, Kind.EXCUSE, due=2, reason="The site had no power."),
    _act(AURORA, Kind.APPEAL, about=_OF_A_BUNDLE, grounds="The meter was recalibrated."),
    _act(
        TRIBUNAL,
        Kind.DETERMINATION,
        outcome="no-breach",
        party="aurora",
        about=_OF_A_BUNDLE,
        reasons="It was explained in time.",
    ),
    _act(TRIBUNAL, Kind.RECUSAL, party="birch", reasons="A member has worked there."),
    _act(TRIBUNAL, Kind.OBJECTION, party="birch", run="birch-r9", reasons="It is too large."),
    _act(AURORA, Kind.NOTIFICATION, what="move", site="aurora-s02", of="h100", amount=64, period=9),
    _act(
        AURORA,
        Kind.TRANSFER,
        counterparty="harbour",
        direction="shipped",
        kind="h100",
        count=512,
        batch=_OF_A_BUNDLE,
        period=8,
    ),
    _act(
        HARBOUR,
        Kind.CAPACITY,
        lab="aurora",
        period=8,
        site="harbour-hall-1",
        accelerators=[{"kind": "a100", "count": 8}, {"kind": "h100", "count": 512}],
    ),
    _act(OFFICE, Kind.AGGREGATE, period=7, labs=4, used_pflop=1_000_000),
)
"""One of each kind that people decide to say; a new kind that may be an act is one line more."""


def _cheat(by: ParticipantId, kind: CheatKind, until: int | None = None) -> CheatPlan:
    end = None if until is None else PeriodIndex(until)
    return CheatPlan(by=by, kind=kind, start=PeriodIndex(3), until=end, amount_ppm=300_000)


_TYPO: Final = TypoPlan(of=BIRCH, at=PeriodIndex(6), factor=10, corrected=PeriodIndex(7))
"""A slip of the hand that is corrected in time: nobody is accused of it."""

_NEW_KEYS: Final = (
    RotationPlan(of=BIRCH, at=PeriodIndex(8)),
    RotationPlan(of=VERIFIERS[3], at=PeriodIndex(8)),
    RotationPlan(of=ParticipantId("aurora-meter"), at=PeriodIndex(9), revokes=True),
)
"""Operators who replace keys, one of them because they might be stolen."""

RUNS: Final = {
    "honest": replace(scenario("honest"), faults=(_TYPO, *_NEW_KEYS)),
    "cheats": scenario(
        "cheats",
        (AURORA, BIRCH, CEDAR, DUNE),
        _cheat(AURORA, CheatKind.UNDER_DECLARATION),
        _cheat(BIRCH, CheatKind.OVER_CAP),
        _cheat(CEDAR, CheatKind.SILENT, 5),
        _cheat(DUNE, CheatKind.OVERLAPPING_FACES),
    ),
}
"""The networks that cases are made of, and run."""

_LEAVING: Final = Withdrawal(anatomy=RUN_CAP, notice_periods=6, cooling_off_periods=2, duties=())
_ASIDE: Final = Derogation(
    anatomy=RUN_CAP,
    scope="Treatments in an outbreak.",
    periods_max=3,
    notice_periods=3,
    review_periods=4,
    reciprocal=False,
)
_RETURN: Final = SnapBack(anatomy=RUN_CAP, faults=(Fault.F2, Fault.F6), after_periods=3, veto=False)
_DISPUTE: Final = Dispute(
    anatomy=RUN_CAP, clarification_s=5 * _DAY, evidence=Grade.PLAUSIBLE, appeal_periods=2
)
_OPEN: Final = Accession(
    anatomy=RUN_CAP,
    need_ppm=600_000,
    wait_periods=3,
    affiliates=False,
    tenants_from_pflop=Pflop(0),
)
_PEERS: Final = PeerConditional(
    anatomy=RUN_CAP, statuses=(Status.NO_BREACH_FOUND, Status.NOT_IN_FORCE), grace_periods=1
)
_CLOSING: Final = IndicatorBound(
    indicator=IndicatorKind.MERGED_CODE,
    side=Side.AT_LEAST,
    bound=800_000,
    sources=(LANTERN, PLUMBLINE),
    quorum=2,
    debounce_periods=2,
    self_reported=False,
)
BAND: Final = ApproveBand(
    anatomy=RUN_CAP,
    report_from_pflop=Pflop(2_000),
    approve_from_pflop=Pflop(5_000),
    notice_s=1,
    silence_s=1,
)
"""Far below the fixed caps; notice and silence are a period each."""
AMENDMENT: Final = Amendment(
    anatomy=RUN_CAP, need_ppm=600_000, halving_periods=4, floor_pflop=Pflop(4 * 10**10)
)
"""Between a half and a quarter of the fixed caps; of three parties two are needed."""
_LIFTED: Final = LiftCondition(
    anatomy=RUN_CAP,
    lifts=(ClauseKind.TOTAL_CAP,),
    rule=Rule(words="The share is seen to have risen.", conditions=(_CLOSING,), need=1),
    stages=(
        ReleaseStage(after_periods=0, raise_ppm=500_000),
        ReleaseStage(after_periods=2, raise_ppm=250_000),
    ),
)
_INCIDENT: Final = IncidentReported(sources=(LANTERN, PLUMBLINE), quorum=2)


def _written(name: str, plan: AgreementPlan) -> Scenario:
    """Three labs with a panel of two and two evaluators, under this agreement."""
    return scenario(name, THREE, agreement=plan, speakers=(*_PANEL, *_EVALUATORS))


ON_PAPER: Final[Mapping[str, Scenario]] = {
    "unconditional": scenario(
        "unconditional", agreement=AgreementPlan(activation=ActivationKind.UNCONDITIONAL)
    ),
    "all-named": _written(
        "all-named",
        AgreementPlan(
            clauses=(_ASIDE, _RETURN, _LEAVING), panel_quorum=2, self_executing=(Fault.F6,)
        ),
    ),
    "disputed": _written(
        "disputed",
        AgreementPlan(clauses=(_DISPUTE, _RETURN), panel_quorum=2, self_executing=(Fault.F6,)),
    ),
    "vetoed": _written(
        "vetoed", AgreementPlan(clauses=(replace(_RETURN, veto=True),), panel_quorum=2)
    ),
    "k-of-n": _written(
        "k-of-n",
        AgreementPlan(activation=ActivationKind.K_OF_N, activation_need=2, clauses=(_PEERS,)),
    ),
    "coverage": _written(
        "coverage", AgreementPlan(activation=ActivationKind.COVERAGE, activation_need=600_000)
    ),
    "triggered": _written(
        "triggered", AgreementPlan(trigger_when=(_CLOSING, _INCIDENT), trigger_need=1)
    ),
    "staged": _written(
        "staged",
        AgreementPlan(
            clauses=(
                StagedCap(
                    anatomy=RUN_CAP,
                    metric=Metric.TOTAL,
                    stages=(CapStage(after_periods=3, limit_pflop=Pflop(4_999)),),
                ),
            )
        ),
    ),
    "open": scenario(
        "open",
        THREE,
        agreement=AgreementPlan(clauses=(_OPEN, _LEAVING), panel_quorum=2),
        speakers=(*_PANEL, *_EVALUATORS),
        others=(DUNE,),
    ),
    "banded": _written("banded", AgreementPlan(clauses=(BAND,), panel_quorum=2)),
    "amended": _written("amended", AgreementPlan(clauses=(AMENDMENT,))),
    "eased": _written("eased", AgreementPlan(clauses=(_LIFTED,))),
    "timed": _written("timed", AgreementPlan(trigger_when=(FromPeriod(period=PeriodIndex(2)),))),
}
"""Registers whose logs are written by hand."""
