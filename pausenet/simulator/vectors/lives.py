"""Cases of the life of an agreement: where it stands for each party after so many cuts, on paper.

Each story is told once, and claimed truly once; the other claims have one thing otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from pausenet.protocol.appraisal import appraise
from pausenet.simulator.vectors.acceding import accession_stories
from pausenet.simulator.vectors.bound import (
    held_stories,
    indicator_stories,
    lift_stories,
    return_stories,
    veto_stories,
)
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64
from pausenet.simulator.vectors.disputed import appeal_stories, case_stories
from pausenet.simulator.vectors.ground import logs_json
from pausenet.simulator.vectors.life import Story
from pausenet.simulator.vectors.paper import Paper
from pausenet.simulator.vectors.settled import (
    again_stories,
    exit_stories,
    found_stories,
    matter_stories,
    panel_stories,
    peer_stories,
)
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.cut import Cut


def stories() -> Iterator[Story]:
    """Holding, binding, leaving, and what is found."""
    yield from held_stories()
    yield from indicator_stories()
    yield from lift_stories()
    yield from return_stories()
    yield from veto_stories()
    yield from peer_stories()
    yield from exit_stories()
    yield from found_stories()
    yield from panel_stories()
    yield from matter_stories()
    yield from again_stories()
    yield from case_stories()
    yield from appeal_stories()
    yield from accession_stories()


def life_cases() -> list[Case]:
    """Every story with what holds for each party, and claims that differ in one thing."""
    cases: list[Case] = []
    for name, rule, life, period in stories():
        cut = life.cut(period)
        body = b64(canonical.encode(cut.to_json()))
        logs = logs_json({origin: log for origin, log in life.logs().items() if log})
        area = Area("life", CaseKind.STAGES, run=life.run, cut=body, logs=logs)
        true = standing(life, cut)
        area.accept(name, rule, parties=list(true))
        for mutation, claim in _otherwise(true):
            area.refuse(f"{name}-{mutation}", rule, parties=claim)
        cases += area.cases
    return cases


def standing(life: Paper, cut: Cut) -> list[dict[str, Json]]:
    """Each party with its stage and the periods in which it is bound."""
    return [
        {
            "lab": each.appraisal.lab,
            "stage": str(each.appraisal.stage),
            "bound": [span.to_json() for span in each.appraisal.bound],
        }
        for each in appraise(life.register, cut, life.logs())
    ]


def _otherwise(true: list[dict[str, Json]]) -> Iterator[tuple[str, list[dict[str, Json]]]]:
    """The middle one, or who may accede, in another stage, bound otherwise, or left out."""
    at = 1 if len(true) == 3 else 3
    before, two, after = true[:at], true[at], true[at + 1 :]
    other = "suspended" if two["stage"] != "suspended" else "in-force"
    yield "in-another-stage", [*before, {**two, "stage": other}, *after]
    bound: list[Json] = [] if two["bound"] else [{"from": 3, "until": -1}]
    yield "bound-otherwise", [*before, {**two, "bound": bound}, *after]
    yield "one-left-out", [*before, *after]
