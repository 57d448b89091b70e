"""A table of assertions and what came out: for the terminal, for a page, for a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from pausenet import __version__
from pausenet.statements.canonical import Json
from pausenet.study.assertions import Answer, Assertion, Verdict

_COLUMNS: Final = (
    *("number", "assertion", "unit", "stated", "computed", "verdict", "how", "source", "remark"),
)
_DIFFERENT: Final = (Verdict.DIFFERS, Verdict.NOT_SHOWN)
Row = tuple[Assertion, Answer]


def answered(assertions: Sequence[Assertion]) -> tuple[Row, ...]:
    """Every assertion with what its inputs give now."""
    return tuple((assertion, assertion.answer()) for assertion in assertions)


def text(rows: Sequence[Row]) -> str:
    """Some lines an assertion, and at the end how many agree."""
    lines = []
    for assertion, answer in rows:
        lines += [
            f"{assertion.number}  {answer.verdict}",
            f"  assertion:    {assertion.says}",
            f"  stated:   {_stated(assertion)}",
            f"  computed: {_computed(assertion, answer)}",
            f"  how:      {', '.join(assertion.how)}",
            f"  source:   {assertion.source}",
            *_remark(assertion, answer, "  remark:   "),
        ]
    return "\n".join((*lines, summary(rows), ""))


def page(rows: Sequence[Row], title: str, question: str, repeat: str) -> str:
    """The same as a page in Markdown."""
    lines = [
        *(f"# {title}", "", f"**Question.** {question}", "", f"**Answer.** {summary(rows)}", ""),
        f"Made by `{repeat}` with pausenet {__version__}; nobody writes here by hand.",
        "",
        "| assertion | stated | computed | | how | source |",
        "|---|---|---|---|---|---|",
    ]
    for assertion, answer in rows:
        said = assertion.says + "".join(_remark(assertion, answer, ". **Remark:** "))
        cells = (
            f"{assertion.number} {said}",
            _stated(assertion),
            _computed(assertion, answer),
            str(answer.verdict),
            " ".join(f"`{name.removeprefix('pausenet.inference.')}`" for name in assertion.how),
            assertion.source,
        )
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    closing = (
        "The functions are those of `pausenet.inference`. An assertion *agrees* where every number "
        "computed rounds to the numeral that was printed; *shown* is a sentence without a number "
        "that holds for the numbers computed.",
        "",
    )
    return "\n".join((*lines, "", *closing))


def comma_separated(rows: Sequence[Row]) -> str:
    """The same for a spreadsheet, one row an assertion."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for assertion, answer in rows:
        writer.writerow(
            (
                assertion.number,
                assertion.says,
                assertion.unit,
                " ".join(assertion.stated),
                " ".join(assertion.spelled(answer.computed)),
                answer.verdict,
                " ".join(assertion.how),
                assertion.source,
                "".join(_remark(assertion, answer, "")),
            )
        )
    return out.getvalue()


def to_json(row: Row) -> dict[str, Json]:
    """One assertion for a program; numbers as texts, for the canonical form knows no fractions."""
    assertion, answer = row
    inputs: dict[str, Json] = {name: f"{value:.12g}" for name, value in assertion.inputs.items()}
    return {
        "number": assertion.number,
        "assertion": assertion.says,
        "inputs": inputs,
        "unit": assertion.unit,
        "stated": list(assertion.stated),
        "computed": list(assertion.spelled(answer.computed)),
        "verdict": str(answer.verdict),
        "how": list(assertion.how),
        "source": assertion.source,
        "remark": "".join(_remark(assertion, answer, "")),
    }


def summary(rows: Sequence[Row]) -> str:
    """How many assertions agree, and which do not."""
    different = [assertion.number for assertion, answer in rows if answer.verdict in _DIFFERENT]
    said = f"{len(rows) - len(different)} of {len(rows)} assertions come out as stated"
    return f"{said}; {', '.join(different)} differ." if different else f"{said}."


def _stated(assertion: Assertion) -> str:
    return f"{', '.join(assertion.stated)} {assertion.unit}" if assertion.stated else "no number"


def _computed(assertion: Assertion, answer: Answer) -> str:
    return f"{', '.join(assertion.spelled(answer.computed))} {assertion.unit}"


def _remark(assertion: Assertion, answer: Answer, before: str) -> tuple[str, ...]:
    return (f"{before}{assertion.remark}",) if answer.verdict in _DIFFERENT else ()
