"""`pausenet game deter`: the numbers are the run's, and none can be typed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pausenet import results
from pausenet.cli.deter import as_game, measured_in
from pausenet.game.answer import Infeasible
from tests.cli.conftest import Called
from tests.cli.made import RUNS, make_both, make_kernel, make_run
from tests.once import once
from tests.simulator.small import BIRCH

Call = Callable[..., Called]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "made-kernel", make_kernel) / "run"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "made-both", make_both) / "run"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "made-run", make_run) / "run"


def test_the_detection_of_a_run_enters_with_its_interval(kernel: Path) -> None:
    found, game = results.outcome(kernel), measured_in(kernel)
    (evasion,) = game.evasions
    assert evasion.party == str(BIRCH)
    curve = found.evader(BIRCH).delay
    assert [day for day, _ in evasion.curve] == [step.time for step in curve.steps]
    for (_, limits), step in zip(evasion.curve, curve.steps, strict=True):
        assert limits.middle == pytest.approx(1 - step.survival)
        assert limits.low <= limits.middle <= limits.high
        assert limits.low < 1
    assert evasion.response_days == found.evader(BIRCH).response_days
    alarms = game.false_alarms
    assert not isinstance(alarms, Infeasible)
    assert (alarms.low, alarms.high) == (
        found.false_alarms.interval.low,
        found.false_alarms.interval.high,
    )


def test_a_run_is_answered_with_a_table_a_picture_and_a_sentence(
    call: Call, kernel: Path, tmp_path: Path
) -> None:
    chart = tmp_path / "deter.svg"
    said = call("game", "deter", "--from", str(kernel), "--chart", str(chart))
    assert said.code == 0
    assert "The pause holds up to this gain" in said.out
    assert "Finding: " in said.out
    assert "interval" in said.out
    assert said.out.endswith(f"Repeat: pausenet game deter --from {kernel}\n")
    assert "not a forecast" in chart.read_text()


def test_programs_read_the_same_numbers(call: Call, kernel: Path) -> None:
    said = call("game", "deter", "--from", str(kernel), "--format", "json")
    found = json.loads(said.out)
    assert found["runs"] == 500
    assert len(found["tables"]) == 4


def test_where_both_fidelities_measured_either_may_be_asked(call: Call, both: Path) -> None:
    for by, runs in (("protocol", 2), ("kernel", 2)):
        said = call("game", "deter", "--from", str(both), "--by", by, "--format", "json")
        assert json.loads(said.out)["runs"] == runs
    assert call("game", "deter", "--from", str(both), "--by", "guess").code == 2


def test_one_run_measures_nothing_and_no_directory_is_no_run(
    call: Call, alone: Path, tmp_path: Path
) -> None:
    assert RUNS > 1
    said = call("game", "deter", "--from", str(alone))
    assert said.code == 2
    assert "one run measures nothing" in said.err
    assert call("game", "deter", "--from", str(tmp_path / "none")).code != 0


def test_nothing_detected_still_has_an_upper_limit(kernel: Path) -> None:
    from dataclasses import replace

    from pausenet.simulator.outcome import Curve

    found = results.outcome(kernel)
    (evader,) = found.evaders
    unseen = replace(
        evader,
        delay=Curve(of=500, last=30.0, level=found.level, steps=()),
        to_response=(),
    )
    (evasion,) = as_game(replace(found, evaders=(unseen,))).evasions
    ((day, limits),) = evasion.curve
    assert (day, limits.low, limits.middle, evasion.response_days) == (0.0, 0.0, 0.0, 0.0)
    assert 0.0 < limits.high < 0.02


def test_no_chance_of_detection_can_be_typed_in(call: Call, kernel: Path) -> None:
    said = call("game", "deter", "--from", str(kernel), "--param", "detection=1")
    assert said.code == 2
