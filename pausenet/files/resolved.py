"""A scenario written back with every default filled in: what a run's directory keeps."""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML

from pausenet.files.amounts import write_micro, write_pflop, write_share, write_span
from pausenet.files.costs import resolved_budget, resolved_costs
from pausenet.files.scenario import SPEAKERS
from pausenet.files.spreads import write_one_or_interval
from pausenet.files.world import resolved_world
from pausenet.scenario.changes import ChangePlan, JoinPlan
from pausenet.scenario.evasions import EvasionPlan, Setting
from pausenet.scenario.expect import ExpectedFinding
from pausenet.scenario.intervals import Spread
from pausenet.scenario.mishaps import FaultPlan, PartitionPlan, RotationPlan, TypoPlan
from pausenet.scenario.plan import CheatPlan, Scenario
from pausenet.scenario.runs import RunPlan
from pausenet.scenario.wording import plain_clause
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.rule import CONDITION
from pausenet.values import INTEGER_MAX, Digest, Pflop

_share = write_one_or_interval(write_share)
_micro = write_one_or_interval(write_micro)


def write_scenario(scenario: Scenario) -> str:
    """The scenario as YAML that `read_scenario` reads back to an equal one."""
    yaml: Any = YAML(typ="safe", pure=True)  # its attributes are typed as None
    out = io.StringIO()
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 96
    yaml.dump(resolved(scenario), out)
    return out.getvalue()


def scenario_digest(scenario: Scenario) -> Digest:
    """SHA-256 of the resolved scenario's canonical JSON: what a run cites."""
    return Digest.of(canonical.encode(resolved(scenario)))


def resolved(scenario: Scenario) -> dict[str, Json]:
    """The scenario as plain values, no key left out but those that have no value."""
    terms = scenario.agreement
    found: dict[str, Json] = {
        "question": scenario.question,
        "name": scenario.name,
        # A seed may be larger than canonical JSON carries as a number.
        "seed": scenario.seed if scenario.seed <= INTEGER_MAX else str(scenario.seed),
        "periods": scenario.periods,
        "clock": {"speed": scenario.speed},
        "period": write_span(scenario.period_s),
        "deadline": write_span(scenario.deadline_s),
        "grace": write_span(scenario.grace_s),
        "notice": scenario.notice_periods,
        "verifiers": [{"name": plan.name, "bloc": plan.bloc} for plan in scenario.verifiers],
        "labs": [
            {
                "name": lab.name,
                "accelerators": _number(lab.accelerators),
                "sites": lab.sites,
                **({"affiliates": [*lab.affiliates]} if lab.affiliates else {}),
                **({"meter_group": lab.meter_group} if lab.meter_group else {}),
                **({"runs": [_run(plan) for plan in lab.runs]} if lab.runs else {}),
                "utilisation": _share(lab.utilisation_ppm),
                "training": _share(lab.training_ppm),
                "ratifies": "never" if lab.ratifies_from is None else lab.ratifies_from,
                "party": lab.is_party,
                **resolved_budget(lab.budget_milli),
            }
            for lab in scenario.labs
        ],
        "agreement": {
            "activation": str(terms.activation),
            "run_cap": _cap(terms.run_cap),
            "total_cap": _cap(terms.total_cap),
            "strategic": write_pflop(terms.strategic),
            "sample_quota": terms.sample_quota,
            "sample_sites": write_share(terms.sample_sites_ppm),
            "trigger": terms.trigger,
            "lift": terms.lift,
            "adjudicator": terms.adjudicator,
            "legal_basis": terms.legal_basis,
            "activation_need": terms.activation_need,
            "trigger_when": [CONDITION.write(each) for each in terms.trigger_when],
            "trigger_need": terms.trigger_need,
            "lift_when": [CONDITION.write(each) for each in terms.lift_when],
            "lift_need": terms.lift_need,
            "clauses": [plain_clause(each) for each in terms.clauses],
            "panel_quorum": terms.panel_quorum,
            "self_executing": [str(fault) for fault in terms.self_executing],
        },
        "meters": {
            "random": _share(scenario.meters.random_ppm),
            "systematic": _share(scenario.meters.systematic_ppm),
            "calibration": scenario.meters.calibration_periods,
        },
        **{
            key: [plan.name for plan in scenario.speakers if plan.role is role]
            for key, role in SPEAKERS.items()
        },
        "acts": [
            {"by": act.by, "at": act.at, "say": str(act.kind), "terms": act.plain()}
            for act in scenario.acts
        ],
        "cheats": [_cheat(cheat) for cheat in scenario.cheats],
        "faults": [_fault(fault) for fault in scenario.faults],
        "changes": [_change(plan) for plan in scenario.changes],
        **_outside(scenario),
        **resolved_world(scenario.world),
        **resolved_costs(scenario.costs),
        "expect": _expect(scenario),
    }
    return plain(found)


def plain(value: dict[str, Json]) -> dict[str, Json]:
    """The same values in Python's own types: serialisers refuse subclasses of int and str."""
    return {name: _plain(member) for name, member in value.items()}


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    if isinstance(value, bool):
        return value
    return int(value) if isinstance(value, int) else str(value)


def _run(plan: RunPlan) -> Json:
    found: dict[str, Json] = {"run": plan.run, "from": plan.start}
    if plan.until is not None:
        found["until"] = plan.until
    return {**found, "share": write_share(plan.share_ppm), "parents": [*plan.parents]}


def _number(value: int) -> Json:
    return str(value) if isinstance(value, Spread) else value


def _cap(value: Pflop | None) -> str:
    return "none" if value is None else write_pflop(value)


def _cheat(cheat: CheatPlan) -> Json:
    found: dict[str, Json] = {"by": cheat.by, "kind": str(cheat.kind), "from": cheat.start}
    if cheat.until is not None:
        found["until"] = cheat.until
    return {**found, "amount": _share(cheat.amount_ppm)}


def _outside(scenario: Scenario) -> dict[str, Json]:
    """Evasions of the book and channels outside the protocol, where there are any."""
    found: dict[str, Json] = {}
    if scenario.evasions:
        found["evasions"] = [_evasion(plan) for plan in scenario.evasions]
    if scenario.channels:
        found["channels"] = [
            {
                "kind": str(plan.kind),
                "false_alarms": write_share(plan.false_alarms_ppm),
                "with": _settings(plan.settings),
            }
            for plan in scenario.channels
        ]
    if scenario.follow_up:
        found["follow_up"] = True
    return found


def _evasion(plan: EvasionPlan) -> Json:
    found: dict[str, Json] = {"by": plan.by, "kind": str(plan.kind), "from": plan.start}
    if plan.until is not None:
        found["until"] = plan.until
    return {**found, "with": _settings(plan.settings)}


def _settings(settings: tuple[Setting, ...]) -> Json:
    return {each.name: _micro(each.micro) for each in settings}


def _change(plan: ChangePlan) -> Json:
    found: dict[str, Json] = {"verifier": plan.verifier, "first": plan.first}
    if isinstance(plan, JoinPlan):
        return {"kind": "joins", **found, "admitted": plan.admitted, "bloc": plan.bloc}
    return {"kind": "leaves", **found}


def _fault(fault: FaultPlan) -> Json:
    if isinstance(fault, PartitionPlan):
        return {"kind": "partition", "of": fault.of, "from": fault.start, "until": fault.until}
    if isinstance(fault, RotationPlan):
        return {"kind": "rotation", "of": fault.of, "at": fault.at, "revokes": fault.revokes}
    found: dict[str, Json]
    if isinstance(fault, TypoPlan):
        found = {"kind": "typo", "of": fault.of, "at": fault.at, "factor": fault.factor}
        return found if fault.corrected is None else {**found, "corrected": fault.corrected}
    found = {"kind": "restore", "of": fault.of, "to": fault.to, "at": fault.at}
    return found if fault.recover is None else {**found, "recover": fault.recover}


def _expect(scenario: Scenario) -> Json:
    found: dict[str, Json] = {"labs": {lab: str(status) for lab, status in scenario.expect.labs}}
    if scenario.expect.stages:
        found["stages"] = {lab: str(stage) for lab, stage in scenario.expect.stages}
    if scenario.expect.findings is not None:
        found["findings"] = [_finding(finding) for finding in scenario.expect.findings]
    if scenario.expect.leads is not None:
        found["leads"] = [
            {"about": lead.about, "channel": [str(each) for each in lead.channels]}
            for lead in scenario.expect.leads
        ]
    return found


def _finding(finding: ExpectedFinding) -> Json:
    return {
        "accused": finding.accused,
        "fault": [str(fault) for fault in finding.faults],
        "grade": str(finding.grade),
        "withdrawn": finding.withdrawn,
    }
