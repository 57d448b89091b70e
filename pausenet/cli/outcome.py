"""What a run found, in one shape for the real network and the simulation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.cases import name_of
from pausenet.protocol.proceedings import NOTHING
from pausenet.scenario.evasions import ChannelKind
from pausenet.scenario.expect import Expectation, ExpectedFinding
from pausenet.scenario.plan import Scenario
from pausenet.simulator.record import Sighting
from pausenet.statements.canonical import Json
from pausenet.statements.finding import (
    Appraisal,
    Claim,
    Fault,
    FaultClass,
    Finding,
    Grade,
    Status,
    Support,
)
from pausenet.statements.stage import PartyStage
from pausenet.values import Digest, NetworkId, ParticipantId, PeriodIndex, Quorum


@dataclass(frozen=True, slots=True, kw_only=True)
class LabOutcome:
    """What the network found of one lab.

    `period` is that of the cut it rests on, `stage` where the agreement stands for the lab; None
    where no cut says it.
    """

    lab: ParticipantId
    status: Status
    claims: tuple[tuple[Claim, Support], ...]
    findings: tuple[Finding, ...]
    period: PeriodIndex | None
    stage: PartyStage | None = None

    @property
    def standing(self) -> tuple[Finding, ...]:
        """The findings but those whose warrant has been answered: nothing supports them now."""
        return tuple(f for f in self.findings if f.grade is not Grade.UNSUPPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBundle:
    """An evidence bundle in the run's directory."""

    digest: Digest
    path: Path
    fault: Fault
    accused: ParticipantId

    def to_json(self) -> Json:
        """The form of `--format json`."""
        return {
            "path": str(self.path),
            "fault": str(self.fault),
            "class": str(self.fault.fault_class),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A whole run's findings. `sightings` may hold warrants that were withdrawn later.

    `live` says whether processes ran by a clock; a simulation has none. `decided` says what the
    cases have come to, and `open_items` what the chip account leaves open, both in words; `life`
    holds the cases themselves. `leads` are first alarms of channels outside the protocol.
    """

    network: NetworkId
    labs: tuple[LabOutcome, ...]
    bundles: tuple[StoredBundle, ...]
    verifiers: tuple[ParticipantId, ...]
    seed: int
    sightings: tuple[Sighting, ...]
    live: bool = False
    decided: tuple[str, ...] = ()
    life: Lifecycle = NOTHING
    open_items: tuple[str, ...] = ()
    leads: tuple[tuple[ParticipantId, ChannelKind], ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every lab's findings that stand."""
        return tuple(finding for lab in self.labs for finding in lab.standing)

    def withdrawn(self) -> tuple[tuple[ParticipantId, Fault], ...]:
        """What was found at some time and stands no longer: answered, or gone."""
        now = {(finding.accused, finding.fault) for finding in self.findings}
        once = {(seen.accused, seen.fault) for seen in self.sightings}
        once |= {(found.accused, found.fault) for lab in self.labs for found in lab.findings}
        return tuple(sorted(once - now))

    @property
    def answered(self) -> frozenset[Digest]:
        """The bundles of withdrawn warrants: each was found, and nothing supports it now."""
        found = {finding.bundle for lab in self.labs for finding in lab.findings}
        return frozenset(found.difference(finding.bundle for finding in self.findings))

    @property
    def evidence(self) -> tuple[StoredBundle, ...]:
        """The bundles as a reader needs them: proofs, standing warrants, and what is withdrawn."""
        return tuple(
            sorted(
                self.bundles,
                key=lambda each: (
                    each.digest in self.answered,
                    each.fault.fault_class is not FaultClass.PROOF,
                ),
            )
        )

    def to_json(self, run: Path) -> dict[str, Json]:
        """The form of `--format json`."""
        paths = {bundle.digest: str(bundle.path) for bundle in self.bundles}
        return {
            "run": str(run),
            "network_id": self.network.hex(),
            "labs": {
                str(lab.lab): {
                    "status": str(lab.status),
                    "stage": str(lab.stage or ""),
                    "claims": {str(claim): str(support) for claim, support in lab.claims},
                    "findings": [_finding_json(finding, paths) for finding in lab.findings],
                }
                for lab in self.labs
            },
            "bundles": [bundle.to_json() for bundle in self.bundles],
            "verifiers": [str(name) for name in self.verifiers],
            "seed": self.seed,
            "decided": [*self.decided],
            "cases": life_json(self.life),
            "open_items": [*self.open_items],
            "leads": [
                {"about": str(about), "channel": str(channel)} for about, channel in self.leads
            ],
        }


def life_json(life: Lifecycle) -> dict[str, Json]:
    """The cases of an agreement, move by move, and where each party stands by them."""
    return {
        "moves": [
            {
                "period": int(period),
                "party": str(case.party),
                "charge": name_of(case.charge),
                "stage": str(case.stage),
                "grade": str(case.grade),
            }
            for period, case in life.moves
        ],
        "parties": [
            {
                "party": str(party),
                "stage": str(each.stage),
                "rung": str(each.rung),
                "losses": [
                    {
                        "period": int(loss.since),
                        "grade": str(loss.grade),
                        "amount_usd": loss.amount_usd,
                    }
                    for loss in each.losses
                ],
            }
            for party, each in life.parties.items()
        ],
    }


def agreed(
    scenario: Scenario, appraisals: Mapping[ParticipantId, Iterable[Appraisal]]
) -> tuple[LabOutcome, ...]:
    """Each lab's outcome: the latest appraisal that k verifiers hold byte for byte.

    `appraisals` gives, for each verifier, the latest of each lab that it knows. Where no k
    agree the lab is *not demonstrated*: never "no breach found".
    """
    return agreed_among(
        appraisals,
        labs=tuple(lab.name for lab in scenario.labs),
        k=Quorum(n=len(scenario.verifiers)).k,
        last=PeriodIndex(scenario.periods - 1),
    )


def agreed_among(
    appraisals: Mapping[ParticipantId, Iterable[Appraisal]],
    *,
    labs: tuple[ParticipantId, ...],
    k: int,
    last: PeriodIndex,
) -> tuple[LabOutcome, ...]:
    """The same of any network, `last` being the last period there are samples for."""
    counts = Counter(item for held in appraisals.values() for item in set(held))
    found = []
    for lab in labs:
        candidates = [item for item, count in counts.items() if item.lab == lab and count >= k]
        latest = max(candidates, key=lambda item: (item.period, item.view), default=None)
        found.append(lab_outcome(lab, latest, last=last))
    return tuple(found)


def lab_outcome(
    lab: ParticipantId, appraisal: Appraisal | None, *, last: PeriodIndex
) -> LabOutcome:
    """The outcome of a lab by its network appraisal, or without one.

    An appraisal under an earlier cut than that of the `last` period says nothing of what came
    after it. Only what was proven stands.
    """
    if appraisal is not None and appraisal.period < last:
        proven = tuple(f for f in appraisal.findings if f.grade is Grade.CONFIRMED)
        appraisal = replace(appraisal, findings=proven) if proven else None
    if appraisal is None:
        return LabOutcome(
            lab=lab,
            status=Status.NOT_DEMONSTRATED,
            claims=tuple((claim, Support.NO_CONCLUSION) for claim in Claim),
            findings=(),
            period=None,
        )
    return LabOutcome(
        lab=lab,
        status=appraisal.status,
        claims=appraisal.claims,
        findings=appraisal.findings,
        period=appraisal.period,
        stage=appraisal.stage,
    )


def differences(expect: Expectation, outcome: Outcome) -> tuple[str, ...]:
    """How the outcome differs from what a scenario expects; empty when it does not.

    Every finding must be expected and every expected finding found; one expectation may cover
    several findings of one lab. A withdrawn one must have been seen and be gone.
    """
    problems = []
    statuses = {lab.lab: lab.status for lab in outcome.labs}
    for lab, status in expect.labs:
        if statuses[lab] != status:
            problems.append(f"{lab}: expected {status}, found {statuses[lab]}")
    stages = {lab.lab: lab.stage for lab in outcome.labs}
    for lab, stage in expect.stages:
        if stages[lab] != stage:
            problems.append(f"{lab}: expected {stage}, found {stages[lab] or 'no stage'}")
    problems += _lead_problems(expect, outcome)
    if expect.findings is None:
        return tuple(problems)
    standing = [item for item in expect.findings if not item.withdrawn]
    for finding in outcome.findings:
        if not any(_covers(item, finding) for item in standing):
            problems.append(f"{finding.accused}: {finding.fault} {finding.grade} not expected")
    for item in standing:
        if not any(_covers(item, finding) for finding in outcome.findings):
            problems.append(f"{item.accused}: expected {_named(item)}, not found")
    gone = outcome.withdrawn()
    for item in expect.findings:
        if item.withdrawn and not any((item.accused, fault) in gone for fault in item.faults):
            problems.append(f"{item.accused}: expected {_named(item)} and its withdrawal")
    return tuple(problems)


def _lead_problems(expect: Expectation, outcome: Outcome) -> list[str]:
    """Leads that nobody expected, and expected ones that did not come."""
    if expect.leads is None:
        return []
    problems = [
        f"{about}: a lead from {channel} not expected"
        for about, channel in outcome.leads
        if not any(item.about == about and channel in item.channels for item in expect.leads)
    ]
    for item in expect.leads:
        if not any(about == item.about and kind in item.channels for about, kind in outcome.leads):
            words = " or ".join(str(kind) for kind in item.channels)
            problems.append(f"{item.about}: expected a lead from {words}, none came")
    return problems


def proofs(outcome: Outcome) -> tuple[Finding, ...]:
    """The findings that rest on the accused's own signature."""
    return tuple(f for f in outcome.findings if f.grade is Grade.CONFIRMED)


def _covers(item: ExpectedFinding, finding: Finding) -> bool:
    return (
        item.accused == finding.accused
        and finding.fault in item.faults
        and finding.grade is item.grade
    )


def _named(item: ExpectedFinding) -> str:
    return f"{' or '.join(str(fault) for fault in item.faults)} {item.grade}"


def _finding_json(finding: Finding, paths: Mapping[Digest, str]) -> Json:
    return {
        "fault": str(finding.fault),
        "class": str(finding.fault.fault_class),
        "grade": str(finding.grade),
        "claim": finding.claim,
        "accused": str(finding.accused),
        "periods": [int(index) for index in finding.periods],
        "bundle": paths.get(finding.bundle, ""),
    }
