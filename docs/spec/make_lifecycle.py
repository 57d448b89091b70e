"""Draw the stages of an agreement's life, and of a case, from the tables that the code walks.

    python docs/spec/make_lifecycle.py [--check]

writes docs/images/lifecycle.svg, docs/images/cases.svg and the tables in docs/spec/lifecycle.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from pausenet.protocol.cases import CASE_TRANSITIONS, CaseSign, CaseStage
from pausenet.protocol.stages import TRANSITIONS, Sign
from pausenet.statements.stage import PartyStage

ROOT = Path(__file__).resolve().parents[1]
PICTURE, PAGE = ROOT / "images/lifecycle.svg", ROOT / "spec/lifecycle.md"
CASES = ROOT / "images/cases.svg"
PLACES = {
    PartyStage.DRAFTED: (0, 1),
    PartyStage.OPEN: (1, 1),
    PartyStage.VOID: (1, 3),
    PartyStage.CONDITIONAL: (2, 1),
    PartyStage.IN_FORCE: (3, 1),
    PartyStage.DEROGATED: (3, 0),
    PartyStage.SUSPECTED: (4, 0),
    PartyStage.FOUND: (5, 1),
    PartyStage.SUSPENDED: (3, 2),
    PartyStage.SNAPPED_BACK: (4, 2),
    PartyStage.IN_NOTICE: (3, 3),
    PartyStage.ENDED: (5, 3),
}
DRAWN_FROM = {
    Sign.WITHDRAWN: (PartyStage.IN_FORCE, PartyStage.SUSPENDED),
    Sign.BREACHED: (PartyStage.SUSPECTED, PartyStage.IN_FORCE),
    Sign.RELEASED: (PartyStage.IN_FORCE, PartyStage.SNAPPED_BACK),
    Sign.DEROGATES: (PartyStage.IN_FORCE,),
}
"""Of these signs, which occur in many stages, the picture shows some moves; the table has all."""
LEGEND = (
    "Not drawn: notice, a breach, a derogation and the end of binding also lead there from the "
    "other stages in which a party is held."
)
CASE_PLACES = {
    CaseStage.NONE: (0, 1),
    CaseStage.QUERIED: (1, 0),
    CaseStage.ANSWERED: (2, 0),
    CaseStage.RIPE: (2, 1),
    CaseStage.DETERMINED: (3, 0),
    CaseStage.APPEALED: (4, 0),
    CaseStage.FINAL: (4, 2),
    CaseStage.CLOSED: (2, 2),
}
CASE_DRAWN_FROM = {
    CaseSign.CLEARED: (CaseStage.QUERIED, CaseStage.APPEALED),
    CaseSign.EXECUTED: (CaseStage.NONE,),
    CaseSign.REFUSED: (),
}
CASE_LEGEND = (
    "Not drawn: the panel closes a case from every stage; a proof that speaks for itself is final "
    "from every stage but closed; a refused derogation is determined at once."
)
WIDE, HIGH, BOX_W, BOX_H = 190, 120, 140, 40


Point = tuple[int, int]


def _centre(place: Point) -> tuple[float, float]:
    column, row = place
    return 90 + column * WIDE, 60 + row * HIGH


def _edge(start: Point, end: Point) -> str:
    """A bent line from box to box, so that there and back do not lie on each other."""
    (x1, y1), (x2, y2) = _centre(start), _centre(end)
    length = max(1.0, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5)
    across = ((y1 - y2) / length * 14, (x2 - x1) / length * 14)
    middle = ((x1 + x2) / 2 + 2 * across[0], (y1 + y2) / 2 + 2 * across[1])

    def border(x: float, y: float) -> tuple[float, float]:
        dx, dy = middle[0] - x, middle[1] - y
        share = min(
            BOX_W / 2 / abs(dx) if dx else 9.0,
            BOX_H / 2 / abs(dy) if dy else 9.0,
        )
        return x + dx * share, y + dy * share

    (a, b), (c, d) = border(x1, y1), border(x2, y2)
    return (
        f'<path d="M{a:.0f},{b:.0f} Q{middle[0]:.0f},{middle[1]:.0f} {c:.0f},{d:.0f}" '
        'fill="none" stroke="#555" stroke-width="1.2" marker-end="url(#tip)"/>'
    )


def picture(
    title: str,
    places: Mapping[StrEnum, Point],
    moves: Collection[tuple[StrEnum, StrEnum]],
    legend: str,
) -> str:
    """The stages as boxes, the moves as arrows."""
    boxes = []
    for stage, place in places.items():
        x, y = _centre(place)
        boxes.append(
            f'<rect x="{x - BOX_W / 2:.0f}" y="{y - BOX_H / 2:.0f}" width="{BOX_W}" '
            f'height="{BOX_H}" rx="6" fill="#fff" stroke="#0072B2"/>'
            f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{stage}</text>'
        )
    high = 120 + HIGH * max(row for _, row in places.values())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1130 {high}" role="img" '
        'font-family="sans-serif" font-size="13">\n'
        f"<title>{title}</title>\n"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#555"/></marker></defs>\n'
        + "\n".join([*(_edge(places[a], places[b]) for a, b in sorted(moves)), *boxes])
        + f'\n<text x="20" y="{high - 8}" font-size="12" fill="#555">{legend}</text>'
        + "\n</svg>\n"
    )


def life_picture() -> str:
    """The stages of an agreement for one party."""
    stages = PartyStage
    return picture(
        "The stages of an agreement for one party, and the moves between them",
        {stage: PLACES[stage] for stage in stages},
        {(a, b) for (a, sign), b in TRANSITIONS.items() if a in DRAWN_FROM.get(sign, stages)},
        LEGEND,
    )


def case_picture() -> str:
    """The stages of a case."""
    drawn, stages = CASE_DRAWN_FROM, CaseStage
    return picture(
        "The stages of a case against a party, and the moves between them",
        {stage: CASE_PLACES[stage] for stage in stages},
        {(a, b) for (a, sign), b in CASE_TRANSITIONS.items() if a in drawn.get(sign, stages)},
        CASE_LEGEND,
    )


def table(moves: Iterable[tuple[tuple[StrEnum, StrEnum], StrEnum]]) -> str:
    """Every move, one a row."""
    rows = [f"| {start} | {sign} | {end} |" for (start, sign), end in moves]
    return "\n".join(["| from | when the cut shows | to |", "|---|---|---|", *rows]) + "\n"


def page() -> str:
    """The page with its tables replaced."""
    text = PAGE.read_text()
    for mark, made in (
        ("table", table(TRANSITIONS.items())),
        ("cases", table(CASE_TRANSITIONS.items())),
    ):
        marks = rf"(<!-- {mark} -->\n).*?(<!-- end -->)"
        text = re.sub(marks, rf"\g<1>{made}\g<2>", text, flags=re.S)
    return text


def main() -> int:
    """Write all, or compare them with what stands there."""
    made = {PICTURE: life_picture(), CASES: case_picture(), PAGE: page()}
    if "--check" not in sys.argv[1:]:
        for path, text in made.items():
            path.write_text(text)
        return 0
    stale = [path.name for path, text in made.items() if path.read_text() != text]
    if stale:
        print(f"stale: {', '.join(stale)}: run python docs/spec/make_lifecycle.py", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
