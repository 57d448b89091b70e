"""What an appraisal says of a lab, in short."""

from __future__ import annotations

from pausenet.protocol.appraisal import Appraised
from pausenet.statements.finding import Fault, Grade, Status
from tests.protocol.builders import of_lab


def told(found: tuple[Appraised, ...], lab: str) -> tuple[Status, list[tuple[Fault, Grade]]]:
    appraisal = of_lab(found, lab).appraisal
    return appraisal.status, [(each.fault, each.grade) for each in appraisal.findings]
