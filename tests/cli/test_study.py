"""`pausenet study`: questions that anybody can have answered again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pausenet.study import ASSERTIONS, Question
from pausenet.study.precision_chart import chart
from tests.cli.conftest import Called

QUESTION = Question(h100e=500_000, days=30, cap_flop=1e24)
Call = Callable[..., Called]


def test_precision_answers_in_words_and_in_a_picture(call: Call, tmp_path: Path) -> None:
    asked = ("study", "precision", "--fleet", "500000", "--days", "30", "--cap", "1e24")
    to = tmp_path / "precision.svg"
    called = call(*asked, "--chart", str(to))
    assert called.code == 0
    assert "may err by 0.068 %" in called.out
    repeated = re.search(r"^Repeat: pausenet (.*)$", called.out, re.M)
    assert repeated is not None
    assert repeated[1].split() == list(asked)
    assert to.read_text(encoding="utf-8") == chart(QUESTION, repeat=f"pausenet {repeated[1]}")
    assert call(*asked, "--chart", str(to)).code == 2
    assert call(*asked, "--alpha", "2").code == 2


def precise(call: Call, fleet: str) -> Called:
    return call("study", "precision", "--fleet", fleet, "--days", "30", "--cap", "1e24")


def test_a_fleet_is_read_as_it_is_printed(call: Call) -> None:
    plain = precise(call, "500000").out
    assert "500,000 H100e" in plain
    assert {precise(call, each).out for each in ("500,000", "500_000", "5e5")} == {plain}


@pytest.mark.parametrize("fleet", ["5,00", "500,000_000", ",500", "-5", "nan", "inf", "", "0"])
def test_a_fleet_that_is_no_number_is_refused(call: Call, fleet: str) -> None:
    assert precise(call, fleet).code == 2


def test_a_quantity_that_no_such_fleet_can_do_is_said_to_be_so(call: Call) -> None:
    said = precise(call, "100").out
    assert "more than this fleet can do in that time" in said
    assert re.search(r"e\+\d+ %", said) is None
    assert "more than this fleet" not in precise(call, "500000").out


def test_accountancy_answers_for_people_and_for_programs(call: Call) -> None:
    assert "22 assertions come out as stated" in call("study", "accountancy").out
    rows = call("study", "accountancy", "--format", "json").out.splitlines()
    assert [json.loads(row)["number"] for row in rows] == [
        assertion.number for assertion in ASSERTIONS
    ]
