"""The study of the design document's assertions: nothing in it is a stored result."""

from __future__ import annotations

import csv
import importlib
import io
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace

import pytest

from pausenet.errors import Misuse
from pausenet.study import ASSERTIONS, Assertion, Verdict
from pausenet.study.assertions import rounds_to
from pausenet.study.table import answered, comma_separated, summary, text
from tests.house.source import ROOT

DIFFERENT = ("2.1.5", "2.1.7", "2.1.12", "2.1.14", "2.1.16")
"""What differs, and is said to; a change of this row is news."""


def number(assertion: Assertion) -> str:
    return assertion.number


def nudged(value: float) -> float:
    """A tenth less; whole numbers stay whole, and 0 becomes a tenth."""
    if value == 0:
        return 0.1
    return value - max(1, value // 10) if isinstance(value, int) else 0.9 * value


def cases() -> list[object]:
    return [
        pytest.param(assertion, name, id=f"{assertion.number}-{name}")
        for assertion in ASSERTIONS
        for name in assertion.inputs
    ]


@pytest.mark.parametrize(("assertion", "name"), cases())
def test_a_change_of_any_input_moves_a_number(assertion: Assertion, name: str) -> None:
    assert (
        assertion.answer(**{name: nudged(assertion.inputs[name])}).computed
        != assertion.answer().computed
    )


@pytest.mark.parametrize("assertion", ASSERTIONS, ids=number)
def test_an_assertion_that_differs_says_why_and_no_other_does(assertion: Assertion) -> None:
    verdict = assertion.answer().verdict
    assert verdict in (Verdict.AGREES, Verdict.DIFFERS, Verdict.SHOWN)
    assert (verdict is Verdict.DIFFERS) == (assertion.number in DIFFERENT) == bool(assertion.remark)


@pytest.mark.parametrize("assertion", [each for each in ASSERTIONS if each.stated], ids=number)
def test_a_misprinted_numeral_is_noticed(assertion: Assertion) -> None:
    first = assertion.stated[0]
    digit = max(index for index, sign in enumerate(first.partition("e")[0]) if sign.isdigit())
    other = first[:digit] + str((int(first[digit]) + 5) % 10) + first[digit + 1 :]
    assert (
        replace(assertion, stated=(other, *assertion.stated[1:])).answer().verdict
        is Verdict.DIFFERS
    )


@pytest.mark.parametrize("assertion", ASSERTIONS, ids=number)
def test_the_functions_that_an_assertion_names_exist_in_inference(assertion: Assertion) -> None:
    for name in assertion.how:
        module, _, function = name.rpartition(".")
        assert module.startswith("pausenet.inference.")
        assert callable(getattr(importlib.import_module(module), function))


def test_assertions_are_numbered_in_order_without_gaps() -> None:
    first = [f"2.1.{count}" for count in range(1, 19)]
    assert [assertion.number for assertion in ASSERTIONS] == [
        *first,
        *(f"2.2.{n}" for n in range(1, 5)),
    ]


def test_a_sentence_without_a_number_can_fail() -> None:
    assertion = next(each for each in ASSERTIONS if each.holds is not None)
    broken = replace(assertion, compute=lambda inputs: (0.1, inputs["alpha"]))
    assert broken.answer().verdict is Verdict.NOT_SHOWN
    assert assertion.number in summary(answered([broken]))


@pytest.mark.parametrize(
    ("value", "numeral", "same"),
    [
        *((2.926, "2.93", True), (2.936, "2.93", False), (0.5, "0", True), (69.0, "70", False)),
        *((4.486e24, "4.5e24", True), (4.44e24, "4.5e24", False), (-1.0, "1", False)),
    ],
)
def test_a_numeral_binds_to_half_a_unit_of_its_last_digit(
    value: float, numeral: str, same: bool
) -> None:
    assert rounds_to(value, numeral) is same


@pytest.mark.parametrize(
    "changed",
    [
        {"stated": ("about 3",)},
        {"stated": ("inf",)},
        {"stated": ()},
        {"says": ""},
        {"inputs": {}},
        {"how": ()},
        {"source": ""},
    ],
)
def test_assertions_without_what_an_assertion_needs_are_refused(
    changed: Mapping[str, object],
) -> None:
    with pytest.raises(Misuse):
        replace(ASSERTIONS[0], **changed)


def test_a_stranger_among_the_inputs_is_refused() -> None:
    with pytest.raises(Misuse, match="no such inputs: betta"):
        ASSERTIONS[0].answer(betta=0.1)


def test_the_results_that_are_checked_in_are_those_of_a_fresh_run() -> None:
    done = subprocess.run(
        [sys.executable, "sims/make_results.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}run python sims/make_results.py"


def test_the_table_for_spreadsheets_has_a_row_for_each_assertion() -> None:
    rows = answered(ASSERTIONS)
    read = list(csv.DictReader(io.StringIO(comma_separated(rows))))
    assert [row["number"] for row in read] == [assertion.number for assertion in ASSERTIONS]
    assert {row["verdict"] for row in read} == {"agrees", "differs", "shown"}
    assert all(bool(row["remark"]) == (row["verdict"] == "differs") for row in read)
    assert text(rows).endswith(f"{summary(rows)}\n")
