"""Draw the stages of an agreement's life from the table that the code walks.

    python docs/spec/make_lifecycle.py [--check]

writes docs/images/lifecycle.svg and the table in docs/spec/lifecycle.md.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pausenet.protocol.stages import TRANSITIONS, Sign
from pausenet.statements.stage import PartyStage

ROOT = Path(__file__).resolve().parents[1]
PICTURE, PAGE = ROOT / "images/lifecycle.svg", ROOT / "spec/lifecycle.md"
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
WIDE, HIGH, BOX_W, BOX_H = 190, 120, 140, 40


def _centre(stage: PartyStage) -> tuple[float, float]:
    column, row = PLACES[stage]
    return 90 + column * WIDE, 60 + row * HIGH


def _edge(start: PartyStage, end: PartyStage) -> str:
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


def picture() -> str:
    """The stages as boxes, the moves as arrows."""
    arrows = sorted(
        {
            (start, end)
            for (start, sign), end in TRANSITIONS.items()
            if start in DRAWN_FROM.get(sign, PartyStage)
        }
    )
    boxes = []
    for stage in PartyStage:
        x, y = _centre(stage)
        boxes.append(
            f'<rect x="{x - BOX_W / 2:.0f}" y="{y - BOX_H / 2:.0f}" width="{BOX_W}" '
            f'height="{BOX_H}" rx="6" fill="#fff" stroke="#0072B2"/>'
            f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{stage}</text>'
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1130 480" role="img" '
        'font-family="sans-serif" font-size="13">\n'
        "<title>The stages of an agreement for one party, and the moves between them</title>\n"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#555"/></marker></defs>\n'
        + "\n".join([*(_edge(start, end) for start, end in arrows), *boxes])
        + f'\n<text x="20" y="472" font-size="12" fill="#555">{LEGEND}</text>'
        + "\n</svg>\n"
    )


def table() -> str:
    """Every move, one a row."""
    rows = [f"| {start} | {sign} | {end} |" for (start, sign), end in TRANSITIONS.items()]
    return "\n".join(["| from | when the cut shows | to |", "|---|---|---|", *rows]) + "\n"


def page() -> str:
    """The page with its table replaced."""
    marks = r"(<!-- table -->\n).*?(<!-- end -->)"
    return re.sub(marks, lambda m: m[1] + table() + m[2], PAGE.read_text(), flags=re.S)


def main() -> int:
    """Write both, or compare them with what stands there."""
    made = {PICTURE: picture(), PAGE: page()}
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
