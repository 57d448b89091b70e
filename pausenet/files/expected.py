"""The section `expect` of a scenario file: what a run must find."""

from __future__ import annotations

from pausenet.files.model import ExpectModel
from pausenet.scenario.expect import Expectation, ExpectedFinding, ExpectedLead


def expectation_of(shape: ExpectModel) -> Expectation:
    """What the run must find, as plans have it."""
    findings = None
    if shape.findings is not None:
        findings = tuple(
            ExpectedFinding(
                accused=item.accused,
                faults=tuple(item.fault),
                grade=item.grade,
                withdrawn=item.withdrawn,
            )
            for item in shape.findings
        )
    return Expectation(
        labs=tuple(sorted(shape.labs.items())),
        stages=tuple(sorted(shape.stages.items())),
        findings=findings,
        leads=None
        if shape.leads is None
        else tuple(
            ExpectedLead(about=item.about, channels=tuple(item.channel)) for item in shape.leads
        ),
    )
