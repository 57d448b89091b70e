"""`pausenet evidence false-alarms`: what is counted stands beside what is stated."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from pausenet.protocol import rules
from pausenet.scenario.plan import Scenario
from pausenet.simulator import false_alarms
from tests.cli.conftest import Called

Call = Callable[..., Called]


def test_the_counted_rate_is_printed_with_its_interval_beside_the_stated_one(call: Call) -> None:
    done = call("evidence", "false-alarms", "--lab-years", "8000")
    assert done.code == 0
    *kinds, total = done.out.splitlines()
    assert len(kinds) == len(false_alarms.METERS)
    found = re.fullmatch(
        r"by the rules, all meters: (\d+) false alarms in 8000 lab-years, [\d.]+ % "
        r"\(95 % interval ([\d.]+) % to ([\d.]+) %; stated 5.00 %, in it\)",
        total,
    )
    assert found is not None
    assert float(found[2]) < 5.0 < float(found[3])
    assert call("evidence", "false-alarms", "--lab-years", "8000").out == done.out
    assert call("evidence", "false-alarms", "--lab-years", "8000", "--seed", "2").out != done.out


def test_a_stated_rate_that_does_not_hold_is_not_passed_over(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ALPHA_PPM", 30_000)
    done = call("evidence", "false-alarms", "--lab-years", "8000")
    assert done.code == 3
    assert done.out.splitlines()[-1].endswith("stated 3.00 %, NOT in it)")


@pytest.mark.parametrize("years", ["-1", "10000001", "some"])
def test_a_number_of_lab_years_that_cannot_be_is_refused(call: Call, years: str) -> None:
    assert call("evidence", "false-alarms", "--lab-years", years).code == 2


def test_through_the_protocol_a_lab_year_is_a_whole_series_that_was_appraised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two labs, a short series: every run ends with all labs bound since its beginning."""
    seen: list[Scenario] = []
    ran = false_alarms.simulate

    def short(scenario: Scenario) -> object:
        seen.append(scenario)
        result = ran(replace(scenario, periods=12, labs=scenario.labs[:2]))
        assert {each.in_force_from for each in result.appraisals.values()} == {2}
        assert result.violations == ()
        return result

    monkeypatch.setattr(false_alarms, "simulate", short)
    counted = false_alarms.by_protocol(9, seed=1)
    assert (counted.lab_years, counted.alarms) == (16, 0)
    assert [each.periods for each in seen] == [2 + rules.SERIES.periods] * 2
    assert seen[0].seed != seen[1].seed
