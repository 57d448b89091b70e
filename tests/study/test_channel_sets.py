"""An evasion by amount and by set of channels."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pausenet.errors import Misuse
from pausenet.files.scenario import read_scenario
from pausenet.files.stories import find_scenario
from pausenet.scenario.evasions import ChannelKind, ChannelPlan
from pausenet.scenario.plan import Scenario
from pausenet.study.channel_sets import NONE, Crossed, channel_sets, cross, page
from tests.cli.conftest import Called, call  # noqa: F401  # the fixture

RUNS = 300


def told(name: str) -> Scenario:
    return read_scenario(find_scenario(name))


@pytest.fixture(scope="module")
def hall() -> Crossed:
    return cross(told("e06-caught"), setting="", runs=RUNS, goal_days=90.0)


def shares(crossed: Crossed, channels: str) -> list[float]:
    return [each.evader.within.value for each in crossed.met if each.channels == channels]


def test_more_is_noticed_oftener_and_every_channel_adds(hall: Crossed) -> None:
    assert hall.setting == "accelerators"
    both, eyes, people, none = (
        shares(hall, name) for name in ("all channels", "satellite alone", "insiders alone", NONE)
    )
    assert both == sorted(both)
    assert both[0] < both[-1]
    for less in (eyes, people, none):
        assert all(few <= many for few, many in zip(less, both, strict=True)), "the same seeds"
    assert len({*none}) == 1, "no power meter sees a hall that nobody declared"


def test_what_is_not_watched_costs_nothing_and_alarms_seldomer(hall: Crossed) -> None:
    first = {each.channels: each for each in reversed(hall.met)}
    every, none = first["all channels"], first[NONE]
    assert none.verification.people == none.verification.inspector_days == 0.0
    alone = [first[name].verification.inspector_days for name in first if "alone" in name]
    assert sum(alone) == pytest.approx(every.verification.inspector_days)
    assert none.measured.false.count < every.measured.false.count


def test_the_table_and_the_page_say_the_same(hall: Crossed) -> None:
    rows = list(csv.DictReader(io.StringIO(hall.comma_separated())))
    assert len(rows) == len(hall.met) == 4 * 5
    text = page(hall, "a command")
    for row in rows:
        assert float(row["in_time_low"]) <= float(row["in_time_share"])
        assert float(row["in_time_share"]) <= float(row["in_time_high"])
        assert int(row["runs"]) == RUNS
        assert f"{100 * float(row['in_time_share']):.1f} % (" in text
    assert "evasions nobody has thought of are not counted" in text


def test_each_set_stands_once() -> None:
    kinds = (ChannelKind.SATELLITE, ChannelKind.GRID, ChannelKind.INSIDERS)
    plans = tuple(ChannelPlan(kind=kind) for kind in kinds)
    for many, names in ((3, 8), (2, 4), (1, 2), (0, 1)):
        found = channel_sets(plans[:many])
        assert len(found) == len({kept for _, kept in found}) == names
        assert found[0][1] == plans[:many]
    assert dict(channel_sets(plans))["all but grid"] == (plans[0], plans[2])


def test_what_cannot_be_crossed_is_refused() -> None:
    with pytest.raises(Misuse, match="logs alone show E11"):
        cross(told("e11-caught"), setting="", runs=20, goal_days=90.0)
    with pytest.raises(Misuse, match="E06 has no setting 'people'; it has accelerators"):
        cross(told("e06-caught"), setting="people", runs=20, goal_days=90.0)
    with pytest.raises(Misuse, match="expected a scenario with an evasion"):
        cross(replace(told("e06-caught"), evasions=()), setting="", runs=20, goal_days=90.0)


def test_the_command_writes_the_table_and_never_over_another(
    call: Callable[..., Called],  # noqa: F811
    tmp_path: Path,
) -> None:
    words = ("study", "channels", "e08-caught", "--runs", "50", "--out", str(tmp_path / "sets.csv"))
    made = call(*words)
    assert (made.code, "by the evasion's `decoys`" in made.out) == (0, True)
    assert "--setting decoys --runs 50 --within '90 days'" in made.out
    written = (tmp_path / "sets.csv").read_text()
    assert written.startswith("channels,setting,amount")
    assert call(*words).code == 2
    assert (tmp_path / "sets.csv").read_text() == written
    assert call("study", "channels", "e08-caught", "--within", "soon").code == 2
