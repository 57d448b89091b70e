"""`pausenet evasions adapt`: what a budget leaves an evader, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.cli.conftest import Called

Call = Callable[..., Called]

ASKED = ("evasions", "adapt", "budget-for-no-hall", "--trials", "20", "--runs", "100")


def test_what_it_cannot_pay_is_left_out_and_said(call: Call) -> None:
    told = call(*ASKED, "--kind", "E01", "--kind", "E06", "--bears", "20 %")
    assert told.code == 0
    assert "Of 130 ways to do it 120 cost more than its budget of 5,000,000 USD" in told.out
    assert "Of 10 ways it takes: E01, hidden 0.005." in told.out
    assert "and costs 120,822 USD." in told.out
    assert "--kind E01 --kind E06 --bears" in told.out


def test_programs_are_told_the_same(call: Call) -> None:
    told = call(*ASKED, "--kind", "E01", "--bears", "100 %", "--format", "json")
    found = json.loads(told.out)
    assert (found["tried"], found["left_out_by_budget"], found["evades"]) == (5, 0, True)
    (chosen,) = found["chosen"]
    assert (chosen["kind"], chosen["cost"]) == ("E01", "120821.918")


def test_a_kind_that_is_none_is_refused(call: Call) -> None:
    strange, far = call(*ASKED, "--kind", "E99"), call(*ASKED, "--kind", "e6")
    assert (strange.code, far.code) == (2, 2)
    assert "no evasion named 'E99' - did you mean" in strange.err
    assert "no evasion named 'e6': `pausenet evasions list` names them all" in far.err
    assert call(*ASKED).code == 2


def test_a_risk_above_the_whole_is_refused(call: Call) -> None:
    told = call(*ASKED, "--kind", "E01", "--bears", "20")
    assert told.code == 2
    assert 'expected a share such as "10 %", at most 100 %, found' in told.err
