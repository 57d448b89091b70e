"""A table of claims and what came out: for the terminal, for a page, for a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from pausenet import __version__
from pausenet.statements.canonical import Json
from pausenet.study.claims import Answer, Claim, Verdict

_COLUMNS: Final = (
    *("number", "claim", "unit", "stated", "computed", "verdict", "how", "source", "remark"),
)
_DIFFERENT: Final = (Verdict.DIFFERS, Verdict.NOT_SHOWN)
Row = tuple[Claim, Answer]


def answered(claims: Sequence[Claim]) -> tuple[Row, ...]:
    """Every claim with what its inputs give now."""
    return tuple((claim, claim.answer()) for claim in claims)


def text(rows: Sequence[Row]) -> str:
    """Some lines a claim, and at the end how many agree."""
    lines = []
    for claim, answer in rows:
        lines += [
            f"{claim.number}  {answer.verdict}",
            f"  claim:    {claim.says}",
            f"  stated:   {_stated(claim)}",
            f"  computed: {_computed(claim, answer)}",
            f"  how:      {', '.join(claim.how)}",
            f"  source:   {claim.source}",
            *_remark(claim, answer, "  remark:   "),
        ]
    return "\n".join((*lines, summary(rows), ""))


def page(rows: Sequence[Row], title: str, question: str, repeat: str) -> str:
    """The same as a page in Markdown."""
    lines = [
        *(f"# {title}", "", f"**Question.** {question}", "", f"**Answer.** {summary(rows)}", ""),
        f"Made by `{repeat}` with pausenet {__version__}; nobody writes here by hand.",
        "",
        "| claim | stated | computed | | how | source |",
        "|---|---|---|---|---|---|",
    ]
    for claim, answer in rows:
        said = claim.says + "".join(_remark(claim, answer, ". **Remark:** "))
        cells = (
            f"{claim.number} {said}",
            _stated(claim),
            _computed(claim, answer),
            str(answer.verdict),
            " ".join(f"`{name.removeprefix('pausenet.inference.')}`" for name in claim.how),
            claim.source,
        )
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    closing = (
        "The functions are those of `pausenet.inference`. A claim *agrees* where every number "
        "computed rounds to the numeral that was printed; *shown* is a sentence without a number "
        "that holds for the numbers computed.",
        "",
    )
    return "\n".join((*lines, "", *closing))


def comma_separated(rows: Sequence[Row]) -> str:
    """The same for a spreadsheet, one row a claim."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for claim, answer in rows:
        writer.writerow(
            (
                claim.number,
                claim.says,
                claim.unit,
                " ".join(claim.stated),
                " ".join(claim.spelled(answer.computed)),
                answer.verdict,
                " ".join(claim.how),
                claim.source,
                "".join(_remark(claim, answer, "")),
            )
        )
    return out.getvalue()


def to_json(row: Row) -> dict[str, Json]:
    """One claim for a program; numbers as texts, for the canonical form knows no fractions."""
    claim, answer = row
    inputs: dict[str, Json] = {name: f"{value:.12g}" for name, value in claim.inputs.items()}
    return {
        "number": claim.number,
        "claim": claim.says,
        "inputs": inputs,
        "unit": claim.unit,
        "stated": list(claim.stated),
        "computed": list(claim.spelled(answer.computed)),
        "verdict": str(answer.verdict),
        "how": list(claim.how),
        "source": claim.source,
        "remark": "".join(_remark(claim, answer, "")),
    }


def summary(rows: Sequence[Row]) -> str:
    """How many claims agree, and which do not."""
    different = [claim.number for claim, answer in rows if answer.verdict in _DIFFERENT]
    said = f"{len(rows) - len(different)} of {len(rows)} claims come out as stated"
    return f"{said}; {', '.join(different)} differ." if different else f"{said}."


def _stated(claim: Claim) -> str:
    return f"{', '.join(claim.stated)} {claim.unit}" if claim.stated else "no number"


def _computed(claim: Claim, answer: Answer) -> str:
    return f"{', '.join(claim.spelled(answer.computed))} {claim.unit}"


def _remark(claim: Claim, answer: Answer, before: str) -> tuple[str, ...]:
    return (f"{before}{claim.remark}",) if answer.verdict in _DIFFERENT else ()
