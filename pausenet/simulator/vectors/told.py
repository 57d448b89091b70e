"""Cases of what an appraisal tells of one party: the right one, and claims of something else."""

from __future__ import annotations

from collections.abc import Iterable

from pausenet.protocol.appraisal import RULES_DIGEST, appraise
from pausenet.simulator.vectors.case import Area, b64
from pausenet.simulator.vectors.ground import logs_json
from pausenet.simulator.vectors.paper import Paper
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.cut import Cut
from pausenet.statements.finding import Appraisal
from pausenet.values import ParticipantId

Claims = Iterable[tuple[str, Appraisal]]
"""Mutations with what they claim."""


def right_of(paper: Paper, cut: Cut, lab: ParticipantId) -> Appraisal:
    """The appraisal of a party that the logs give under a cut."""
    found = appraise(paper.register, cut, paper.logs())
    return next(each.appraisal for each in found if each.appraisal.lab == lab)


def _claimed(paper: Paper, cut: Cut, claim: Appraisal) -> dict[str, Json]:
    return {
        "cut": b64(canonical.encode(cut.to_json())),
        "logs": logs_json({origin: log for origin, log in paper.logs().items() if log}),
        "rules": RULES_DIGEST.hex(),
        "appraisal": b64(canonical.encode(claim.to_json())),
    }


def tell(
    area: Area, name: str, rule: str, paper: Paper, cut: Cut, right: Appraisal, otherwise: Claims
) -> None:
    """A case of the right appraisal, and one of each claim of something else."""
    area.accept(name, rule, **_claimed(paper, cut, right))
    for mutation, claim in otherwise:
        area.refuse(f"{name}-{mutation}", rule, **_claimed(paper, cut, claim))
