"""The agreement that a scenario's network registers."""

from __future__ import annotations

from typing import Final

from pausenet.scenario.anatomy import RUN_CAP, TOTAL_CAP
from pausenet.scenario.physics import energy_wh_of
from pausenet.scenario.plan import SIMULATED_START, TWO_THIRDS_PPM, Scenario
from pausenet.statements.agreement import Activation, Agreement, Schedule
from pausenet.statements.annex import Annex, Channel, PowerChannel
from pausenet.statements.clauses import Clause, Dispute, RunCap, TotalCap
from pausenet.statements.clauses.limits import Lineage
from pausenet.statements.rule import AdjudicatorDetermines, OnRatification, PartiesAssent, Rule
from pausenet.statements.settlement import Adjudicator, LegalBasis
from pausenet.statements.tiers import Tiers
from pausenet.statements.usage import WorkloadClass
from pausenet.values import NetworkTime, Role

_USUAL_LIFT: Final = (PartiesAssent(need_ppm=TWO_THIRDS_PPM), AdjudicatorDetermines())


def agreement_of(scenario: Scenario, *, start: NetworkTime = SIMULATED_START) -> Agreement:
    """The agreement that a scenario's network registers, its first period beginning at `start`."""
    plan, clauses = scenario.agreement, list[Clause]()
    if plan.run_cap is not None:
        clauses.append(RunCap(limit_pflop=plan.run_cap, lineage=Lineage.ANCESTORS, anatomy=RUN_CAP))
    if plan.total_cap is not None:
        clauses.append(
            TotalCap(
                limit_pflop=plan.total_cap,
                classes=(
                    WorkloadClass.POST_TRAINING,
                    WorkloadClass.PRE_TRAINING,
                    WorkloadClass.RESEARCH,
                ),
                anatomy=TOTAL_CAP,
            )
        )
    return Agreement(
        title=f"Exercise agreement on a verifiable pause: {scenario.name}",
        activation=Activation(kind=plan.activation, need=plan.activation_need),
        parties=tuple(sorted(lab.name for lab in scenario.labs if lab.is_party)),
        trigger=Rule(
            words=plan.trigger,
            conditions=plan.trigger_when or (OnRatification(),),
            need=plan.trigger_need,
        ),
        lift=Rule(
            words=plan.lift,
            conditions=plan.lift_when or _USUAL_LIFT,
            need=plan.lift_need,
        ),
        adjudicator=_adjudicator(scenario),
        legal_basis=LegalBasis(words=plan.legal_basis),
        schedule=Schedule(
            start=start,
            period_s=scenario.period_s,
            deadline_s=scenario.deadline_s,
            grace_s=scenario.grace_s,
            notice_periods=scenario.notice_periods,
        ),
        annex=_annex(scenario),
        tiers=Tiers(),
        clauses=(*clauses, *plan.clauses),
    )


def _adjudicator(scenario: Scenario) -> Adjudicator:
    """The panel of the scenario's adjudicators, or words alone; its times are those of C28."""
    plan = scenario.agreement
    dispute = next((each for each in plan.clauses if isinstance(each, Dispute)), None)
    times = {"clarification_s": dispute.clarification_s} if dispute else {}
    panel = sorted(each.name for each in scenario.speakers if each.role is Role.ADJUDICATOR)
    return Adjudicator(
        words=plan.adjudicator,
        panel=tuple(panel),
        quorum=(plan.panel_quorum or len(panel) // 2 + 1) if panel else 0,
        self_executing=plan.self_executing,
        appeal_periods=dispute.appeal_periods if dispute else 0,
        **times,
    )


def _annex(scenario: Scenario) -> Annex:
    """One power meter reads each lab; nothing is drawn for inspection."""
    channels = (Channel(meter=lab.meter, party=lab.name) for lab in scenario.labs)
    return Annex(
        channels=tuple(sorted(channels, key=lambda channel: channel.meter)),
        power=PowerChannel(
            random_ppm=scenario.meters.random_ppm,
            systematic_ppm=scenario.meters.systematic_ppm,
            strategic_wh=energy_wh_of(scenario.agreement.strategic),
            calibration_periods=scenario.meters.calibration_periods,
        ),
        sample_quota=scenario.agreement.sample_quota,
        sample_ppm=scenario.agreement.sample_sites_ppm,
    )
