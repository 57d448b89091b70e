"""Kernels with intervals: every run draws its numbers, and they are those of the protocol's run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.errors import Misuse
from pausenet.files.scenario import parse_scenario
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.drawing import drawn
from pausenet.simulator.outcome import kernel, replication_seed
from pausenet.simulator.outcome.kernel import end_s, measure_by_kernel
from pausenet.simulator.outcome.swings import swing_rows
from pausenet.simulator.outside import CATALOGUE, outside_of

TEXT = """
question: How large is the hall?
name: drawn-hall
periods: 16
period: 7 days
labs:
  - {{name: aurora, accelerators: 20000}}
  - {{name: birch, accelerators: 12000}}
meters: {{random: 100 %, systematic: 100 %}}
evasions:
  - {{by: birch, kind: E06, from: 5, with: {{accelerators: {size}}}}}
channels: [{{kind: satellite, false_alarms: 1 ppm}}]
"""
RUNS = 120


def hall(size: str) -> Scenario:
    return parse_scenario(TEXT.format(size=size), name="here", stem="here", catalogue=CATALOGUE)


def test_an_interval_without_width_is_a_number() -> None:
    sure, unsure = (
        measure_by_kernel(hall(size), RUNS, goal_days=60.0).evasions[0]
        for size in ("30000", "30000 to 30001")
    )
    assert unsure.within == sure.within
    assert unsure.curve == sure.curve
    assert unsure.first == sure.first
    assert unsure.gained_by_response[0].value == pytest.approx(
        sure.gained_by_response[0].value, rel=1e-3
    )


def test_each_run_notices_what_the_run_of_its_number_notices() -> None:
    told = hall("500 to 100000")
    measured = measure_by_kernel(told, RUNS, goal_days=60.0)
    begins_s = 5 * told.period_s
    delays = []
    for number in range(RUNS):
        seed = replication_seed(told.seed, number)
        known = drawn(told, seed)
        delays += [
            (each.moment_s - begins_s) / DAY_S
            for each in outside_of(known).leads(seed)
            if each.about == "birch" and each.period >= 5 and each.moment_s <= end_s(told)
        ]
    (birch,) = measured.evasions
    first = dict(birch.first)
    assert RUNS // 3 < first["satellite"] <= len(delays) <= first["satellite"] + first.get("F7", 0)
    assert {*delays} <= {step.time for step in birch.curve.steps}


def test_wider_doubt_about_a_hall_lies_between_what_its_ends_give() -> None:
    small, wide, large = (
        measure_by_kernel(hall(size), RUNS, goal_days=60.0).evasions[0].within.count
        for size in ("500", "500 to 100000", "100000")
    )
    assert small < wide < large


def test_more_runs_than_can_be_drawn_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "DRAWN_MAX", 10)
    assert measure_by_kernel(hall("500 to 600"), 10, goal_days=60.0).runs == 10
    with pytest.raises(Misuse, match="at most 10 by kernels"):
        measure_by_kernel(hall("500 to 600"), 11, goal_days=60.0)
    assert measure_by_kernel(hall("500"), 11, goal_days=60.0).runs == 11


def test_assumptions_are_varied_around_the_draw_of_the_scenarios_own_seed() -> None:
    told = hall("500 to 100000")
    rows = swing_rows(told, runs=20, goal_days=60.0)
    (size,) = (row for row in rows if row["parameter"] == "E06.accelerators")
    own = drawn(replace(told), told.seed).evasions[0].settings[0].micro / 1_000_000
    assert size["value"] == pytest.approx(own, rel=1e-5)
