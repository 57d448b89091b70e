"""`pausenet.results`: what was measured, from a directory that is as it was made, or nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from pausenet import results
from pausenet.errors import MalformedFile, Misuse
from pausenet.results import Fidelity
from pausenet.results.columns import COLUMNS, OF_KERNELS, TYPES
from pausenet.scenario.plan import DAY_S
from pausenet.simulator.outcome import of_kernels, of_runs, replicate
from pausenet.simulator.outcome.kernel import measure_by_kernel
from pausenet.simulator.outcome.swings import SWING_COLUMNS
from tests.cli.made import RUNS, STORY, make_both, make_kernel, make_measurement, make_run
from tests.cli.test_check import described, unchanged
from tests.house.source import ROOT
from tests.once import once
from tests.simulator.small import AURORA, BIRCH

GOAL_DAYS = 14.0


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "made-measurement", make_measurement) / "run"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "made-kernel", make_kernel) / "run"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "made-both", make_both) / "run"


def copied(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "copy"))


def test_what_is_kept_of_runs_gives_what_the_runs_gave(many: Path) -> None:
    """To the last bit: nothing in it was rounded on the way through the files."""
    runs = [replicate(STORY, number) for number in range(RUNS)]
    assert results.outcome(many) == of_runs(STORY, runs, goal_days=GOAL_DAYS, level=0.95)


def test_what_is_kept_of_kernels_gives_what_they_gave(kernel: Path) -> None:
    found = results.outcome(kernel)
    goal_s = json.loads((kernel / "run.json").read_text())["asked"]["goal_s"]
    assert found == of_kernels(STORY, measure_by_kernel(STORY, 500, goal_days=goal_s / DAY_S))
    assert found.evader(BIRCH).found == (), "kernels know no statements"


def test_a_directory_of_both_gives_either(both: Path) -> None:
    runs, kernels = results.outcome(both), results.outcome(both, Fidelity.KERNEL)
    assert (runs.fidelity, kernels.fidelity) == (Fidelity.PROTOCOL, Fidelity.KERNEL)
    assert runs.goal_days == kernels.goal_days == GOAL_DAYS
    assert set(results.load(both).tables) == {
        *("results", "replications", "delays", "responses", "costs", "influences"),
        *("kernel/results", "kernel/delays", "kernel/responses", "kernel/swings"),
    }


def test_the_chain_to_the_response_and_the_false_alarms_are_there(many: Path) -> None:
    found = results.outcome(many)
    birch = found.evader(BIRCH)
    assert [(each.first, each.runs) for each in birch.to_response] == [("F7", RUNS)]
    assert birch.response_days == birch.to_response[0].after.days > 0.0
    assert [(each.party, each.alarmed.count) for each in found.followers] == [(AURORA, 0)]
    low, high = found.false_within(7.0), found.false_within(70.0)
    assert low[0] == high[0] == 0.0
    assert 0.0 < low[1].high < high[1].high < 1.0
    with pytest.raises(Misuse, match="does not evade"):
        found.evader(AURORA)


def test_tables_have_the_types_that_are_declared(many: Path, kernel: Path) -> None:
    words = {"String": "text", "Int64": "whole number", "Float64": "number"}
    for run, columns in ((many, COLUMNS), (kernel, OF_KERNELS)):
        loaded = results.load(run)
        for name, meanings in columns.items():
            table = loaded.table(name.removesuffix(".csv"))
            for column in meanings:
                assert words[str(table.schema[column])] == TYPES[column], (name, column)
        assert loaded.made.seed == STORY.seed
        with pytest.raises(Misuse, match="no table 'elsewhere'"):
            loaded.table("elsewhere")


@pytest.mark.parametrize("name", ["results.csv", "replications.jsonl", "charts/delays.svg"])
def test_a_changed_directory_is_refused(many: Path, tmp_path: Path, name: str) -> None:
    run = copied(many, tmp_path)
    (run / name).write_bytes((run / name).read_bytes() + b"\n")
    for read in (results.load, results.outcome):
        with pytest.raises(MalformedFile, match=f"{name}.*changed since the run was made"):
            read(run)
    (run / name).unlink()
    with pytest.raises(MalformedFile, match=f"{name}.*missing"):
        results.load(run)


def test_files_that_are_not_those_of_a_measurement_are_refused(
    many: Path, kernel: Path, tmp_path: Path
) -> None:
    """New digests let nothing in that could not have been written."""
    changes = [
        (many, "replications.jsonl", '"stands":true', '"stands":1'),
        (kernel, "results.csv", "F7=", "F7:"),
        (kernel, "delays.csv", ",500,", ",5000,"),
        (kernel, "results.csv", ",0.95,", ",1.95,"),
    ]
    for number, (made, name, old, new) in enumerate(changes):
        run = copied(made, tmp_path / str(number))
        text = (run / name).read_text()
        assert old in text, name
        (run / name).write_text(text.replace(old, new))
        described(run, unchanged)
        with pytest.raises(MalformedFile, match="not the files of a measurement"):
            results.outcome(run)


def test_what_measures_nothing_is_refused(
    kernel: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one = once(tmp_path_factory, "made-run", make_run) / "run"
    assert set(results.load(one).tables) == {"results", "costs"}
    with pytest.raises(Misuse, match="one run measures nothing"):
        results.outcome(one)
    with pytest.raises(Misuse, match="not measured by protocol"):
        results.outcome(kernel, Fidelity.PROTOCOL)
    with pytest.raises(MalformedFile, match="not a finished run"):
        results.load(tmp_path)


def test_every_column_of_the_kernels_is_documented() -> None:
    page = (ROOT / "docs/how-to/measure-detection.md").read_text()
    section = page.split("\n### The kernels' results.csv\n")[1].split("\n## ")[0]
    rows = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.M)
    assert dict(rows.findall(section.split("\n### ")[0])) == OF_KERNELS["results.csv"]
    assert dict(rows.findall(section.split("\n### swings.csv\n")[1])) == SWING_COLUMNS
