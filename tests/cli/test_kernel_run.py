"""`pausenet run --fidelity kernel`: a directory like any other, checked and made again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pausenet.results.columns import KERNEL
from tests.cli.conftest import Called
from tests.cli.made import make_both, make_kernel
from tests.cli.test_check import described, failed, unchanged
from tests.once import once

Call = Callable[..., Called]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "made-kernel", make_kernel) / "run"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "made-both", make_both) / "run"


def test_a_measurement_by_kernels_is_checked_and_made_again(
    call: Call, kernel: Path, both: Path, tmp_path: Path
) -> None:
    for run in (kernel, both):
        assert call("check", str(run)).code == 0
    assert call("rerun", str(kernel), "--display", "none").code == 0
    run = Path(shutil.copytree(both, tmp_path / "copy"))
    table = run / KERNEL / "delays.csv"
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:-1]))
    described(run, unchanged)
    (run / KERNEL / "responses.csv").unlink()
    described(run, unchanged)
    told, gone = failed(call("check", str(run)))
    assert told.startswith("not so: the kernels' results.csv and delays.csv count the same")
    assert "no such file" in gone


def test_a_preset_with_intervals_ends_as_every_run_does_and_is_made_again(
    call: Call, tmp_path: Path
) -> None:
    options = ("--fidelity", "kernel", "--replications", "12", "--out", str(tmp_path / "run"))
    told = call("preset", "run", "P8", *options)
    assert told.code == 0
    for name in ("Finding", "Why", "Not shown", "Detected", "Cost", "Report", "Repeat", "Next"):
        assert f"\n{name}: " in f"\n{told.out}", name
    assert "evasions nobody has thought of are not counted" in told.out
    assert "What its logs show of it (salami-runs) is not in these numbers." in told.out
    assert call("check", str(tmp_path / "run")).code == 0
    assert call("rerun", str(tmp_path / "run"), "--display", "none").code == 0


def test_what_kernels_cannot_do_is_refused_before_anything_is_written(
    call: Call, kernel: Path, tmp_path: Path
) -> None:
    story, out = str(kernel.parent / "small.yaml"), tmp_path / "run"
    for fidelity, more, told in (
        ("kernel", (), "needs --replications"),
        ("both", (), "needs --replications"),
        ("kernel", ("--replications", "5", "--resume"), "no --resume"),
        ("kernel", ("--replications", "5", "--until-half-width", "5 %"), "no --until-half-width"),
        ("kernel", ("--replications", "10000001"), "expected 1..10000000"),
        ("kernel", ("--replications", "5", "--within", "400 days"), "goal"),
    ):
        called = call("run", story, "--fidelity", fidelity, "--out", str(out), *more)
        assert (called.code, told in called.err) == (2, True), called.err
    assert not out.exists()


def test_two_regimes_are_put_side_by_side(
    call: Call, kernel: Path, both: Path, tmp_path: Path
) -> None:
    story = tmp_path / "blunt.yaml"
    text = (kernel.parent / "small.yaml").read_text().replace("name: small", "name: blunt", 1)
    story.write_text(text.replace("seed: ", "seed: 1", 1))
    other = tmp_path / "other"
    goal = json.loads((kernel / "run.json").read_text())["asked"]["goal_s"] // 3600
    options = ("--fidelity", "kernel", "--replications", "50", "--within", f"{goal} h")
    assert call("run", str(story), "--out", str(other), *options).code == 0
    called = call("compare", str(kernel), str(other))
    assert (called.code, called.out.splitlines()[0][-1]) == (0, ".")
    told = json.loads(call("compare", str(kernel), str(other), "--format", "json").out)
    assert told["sentence"] == called.out.splitlines()[0]
    assert told["runs"] == [500, 50]
    refused = call("compare", str(kernel), str(both))
    assert (refused.code, "by kernel, the other by protocol" in refused.err) == (2, True)


def test_the_json_and_the_report_say_what_the_tables_say(
    call: Call, kernel: Path, tmp_path: Path
) -> None:
    story, out = str(kernel.parent / "small.yaml"), tmp_path / "run"
    options = ("--fidelity", "kernel", "--replications", "500", "--format", "json")
    called = call("run", story, "--out", str(out), *options)
    told = json.loads(called.out)
    assert (called.code, told["runs"], told["run"]) == (0, 500, str(out))
    assert (out / "results.csv").read_bytes() == (kernel / "results.csv").read_bytes()
    (seen,) = told["evasions"]
    words = f"{seen['within_goal']['count']} of 500 runs"
    assert words in (out / "report.html").read_text()
