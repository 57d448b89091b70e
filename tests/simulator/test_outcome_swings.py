"""What would change a conclusion: each assumption alone, over its range and the same seeds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.cli.kernel_words import swing_sentences
from pausenet.files.scenario import read_scenario
from pausenet.files.stories import find_scenario
from pausenet.report.tables import Table
from pausenet.results.columns import TYPES
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome.kernel import measure_by_kernel
from pausenet.simulator.outcome.rows import Cell
from pausenet.simulator.outcome.swings import SWING_COLUMNS, knobs, swing_rows
from pausenet.simulator.outside import outside_of

RUNS = 200
GOAL_DAYS = 90.0


@pytest.fixture(scope="module")
def told() -> Scenario:
    return read_scenario(find_scenario("e06-caught"))


@pytest.fixture(scope="module")
def rows(told: Scenario) -> dict[str, dict[str, Cell]]:
    found = swing_rows(told, runs=RUNS, goal_days=GOAL_DAYS)
    return {str(row["parameter"]): row for row in found}


def test_every_channel_evasion_and_meter_has_its_knobs(told: Scenario) -> None:
    names = [knob.name for knob in knobs(told)]
    assert len(names) == len(set(names))
    kinds = {name.partition(".")[0] for name in names}
    channels = {str(plan.kind) for plan in told.channels}
    assert kinds == {*channels, *(str(plan.kind) for plan in told.evasions), "meters"}
    assert all(knob.low <= knob.value <= knob.high for knob in knobs(told))


def test_a_knob_turned_to_its_value_changes_nothing(told: Scenario) -> None:
    """So that whatever a row shows is the parameter's doing."""
    base = measure_by_kernel(told, RUNS, goal_days=GOAL_DAYS)
    for knob in knobs(told):
        if knob.name in ("satellite.coverage", "E06.accelerators", "meters.random"):
            assert measure_by_kernel(knob.turned(knob.value), RUNS, goal_days=GOAL_DAYS) == base


def test_a_larger_hall_and_more_pictures_are_seen_more_often(
    rows: dict[str, dict[str, Cell]],
) -> None:
    for name in ("E06.accelerators", "satellite.coverage"):
        row = rows[name]
        assert float(row["share_at_low"]) < float(row["share"]) < float(row["share_at_high"])
    slow = rows["satellite.delay_days"]
    assert float(slow["share_at_low"]) > float(slow["share_at_high"])
    alarms = rows["satellite.false_alarms"]
    assert float(alarms["false_at_low"]) < float(alarms["false_at_high"])


def test_what_matters_most_stands_first_and_is_said(rows: dict[str, dict[str, Cell]]) -> None:
    swings = [float(row["swing"]) for row in rows.values()]
    assert swings == sorted(swings, reverse=True)
    assert all(list(row) == list(SWING_COLUMNS) for row in rows.values())
    table = Table(columns={name: TYPES[name] for name in SWING_COLUMNS}, rows=list(rows.values()))
    (sentence,) = swing_sentences(table, RUNS)
    first = next(iter(rows))
    assert sentence.startswith(
        f"how often birch is noticed, where one assumption is another: {first} from "
    )


def test_where_nobody_evades_there_is_no_conclusion_to_change() -> None:
    honest = read_scenario(find_scenario("honest"))
    assert swing_rows(honest, runs=5, goal_days=5.0) == []


def test_an_end_that_the_evader_cannot_pay_for_is_left_empty() -> None:
    hall = read_scenario(find_scenario("budget-for-a-hall"))
    rows = {row["parameter"]: row for row in swing_rows(hall, runs=20, goal_days=GOAL_DAYS)}
    assert rows["E06.accelerators"]["share_at_low"] != ""
    assert rows["E06.accelerators"]["share_at_high"] == "", "200,000 cost more than its budget"
    labs = tuple(replace(lab, budget_milli=None) for lab in hall.labs)
    free = next(each for each in knobs(replace(hall, labs=labs)) if each.name == "E06.accelerators")
    assert outside_of(free.turned(free.high)).footprints
