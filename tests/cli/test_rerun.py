"""`pausenet rerun`: the same to the byte, or what differs; and never "the same" unseen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pausenet.cli import repeated
from pausenet.cli.repeated import Repeated, compared
from pausenet.results.described import read_description, this_platform
from tests.cli.conftest import Called
from tests.cli.made import make_measurement, make_run
from tests.cli.test_check import described, unchanged
from tests.once import once

Call = Callable[..., Called]
COMMIT = "c" * 40


@pytest.fixture
def run(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of one run."""
    made = once(tmp_path_factory, "made-run", make_run)
    return Path(shutil.copytree(made / "run", tmp_path / "run"))


@pytest.fixture
def again(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another copy, in place of the run made again."""
    made = once(tmp_path_factory, "made-run", make_run)
    return Path(shutil.copytree(made / "run", tmp_path / "again"))


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """This program has a commit and no changes."""
    monkeypatch.setattr(repeated, "commit_of_this", lambda: (COMMIT, False))


def made_by(run: Path, **claims: object) -> None:
    """Give a run's description these claims and its files' digests."""

    def change(whole: dict[str, Any]) -> None:
        whole.update(commit=COMMIT, dirty=False, **claims)

    described(run, change)


def comparison(run: Path, again: Path) -> Repeated:
    return compared(run, again, read_description(run))


def test_a_run_is_the_same_when_made_again_and_nothing_is_left_behind(
    call: Call, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    called = call("rerun", str(run), "--format", "json", "--display", "none")
    told = json.loads(called.out)
    assert (called.code, told["differs"], told["not_compared"]) == (0, [], [])
    assert told["same"] == len(json.loads((run / "run.json").read_text())["files"])
    assert list(scratch.iterdir()) == []


def test_a_measurement_is_the_same_when_made_again_and_can_be_kept(
    call: Call, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    many = once(tmp_path_factory, "made-measurement", make_measurement) / "run"
    out = tmp_path / "again"
    called = call("rerun", str(many), "--out", str(out), "--jobs", "1", "--display", "none")
    assert called.code == 0
    assert (out / "run.json").read_bytes() == (many / "run.json").read_bytes()


def test_a_changed_file_differs_and_the_line_is_said(call: Call, run: Path) -> None:
    table = run / "results.csv"
    table.write_text(table.read_text().replace(",birch,", ",alder,"))
    called = call("rerun", str(run), "--display", "none")
    assert called.code == 1
    assert "differs: results.csv: line 3: here 'small,7,12,alder," in called.out
    assert "changed since the run was made: results.csv" in called.out


def test_a_file_that_is_gone_or_added_differs(run: Path, again: Path) -> None:
    (run / "transcript.txt").unlink()
    (run / "evidence" / "more.json").write_text("{}")
    found = comparison(run, again)
    assert dict(found.differs) == {
        "transcript.txt": "it is missing",
        "evidence/more.json": "it was not made again",
    }
    assert found.exit_code == 1


@pytest.mark.usefixtures("clean")
def test_another_result_under_its_own_digests_is_a_violation(run: Path, again: Path) -> None:
    """Nothing was changed since `run.json`, and the same program gives something else."""
    picture = run / "charts" / "findings.svg"
    picture.write_text(picture.read_text().replace("no breach found", "all is well"))
    made_by(run)
    found = comparison(run, again)
    assert [name for name, _ in found.differs] == ["charts/findings.svg"]
    assert (found.changed, found.doubts, found.exit_code) == ((), (), 1)


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize(
    "claims", [{"commit": "d" * 40}, {"dirty": True}, {"platform": f"{this_platform()}.1"}]
)
def test_another_result_of_another_program_or_platform_decides_nothing(
    run: Path, again: Path, claims: dict[str, object]
) -> None:
    made_by(again)
    shutil.copy(again / "run.json", run / "run.json")
    assert comparison(run, again).exit_code == 0
    (run / "transcript.txt").write_text("another story\n")
    made_by(run)
    described(run, lambda whole: whole.update(claims))
    found = comparison(run, again)
    assert (len(found.doubts), found.exit_code) == (1, 3)


@pytest.mark.usefixtures("clean")
def test_with_other_libraries_their_files_are_not_compared_and_said_so(
    run: Path, again: Path
) -> None:
    (run / "charts" / "findings.svg").write_text("<svg/>")
    made_by(run, libraries={"altair": "6.0.0"})
    found = comparison(run, again)
    assert (found.differs, found.exit_code) == ((), 0)
    names = {text.split(" ")[0] for text in found.left}
    assert names == {
        *("charts/findings.svg", "charts/findings.png"),
        *("results.parquet", "report.html"),
    }
    assert all("made with altair 6.0.0" in text for text in found.left)


@pytest.mark.usefixtures("clean")
def test_another_outcome_in_the_description_differs(run: Path, again: Path) -> None:
    described(run, lambda whole: whole["outcome"].update(seed=8))
    assert [name for name, _ in comparison(run, again).differs] == ["run.json"]


@pytest.mark.parametrize(
    ("claims", "words"),
    [({"version": "0.0.1"}, "version 0.0.1 made it"), ({"made_by": "processes"}, "processes")],
)
def test_what_cannot_be_made_again_is_not_decided(
    call: Call, run: Path, claims: dict[str, object], words: str
) -> None:
    described(run, lambda whole: whole.update(claims))
    called = call("rerun", str(run), "--display", "none")
    assert called.code == 3
    assert words in called.out


def test_what_is_no_finished_run_is_bad_input(call: Call, run: Path, tmp_path: Path) -> None:
    described(run, unchanged)
    assert call("rerun", str(tmp_path)).code == 2
    assert call("rerun", str(run), "--out", str(run)).code == 2
