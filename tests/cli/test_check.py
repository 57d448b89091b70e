"""`pausenet check`: what was changed is proven so, and what cannot be checked never holds."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pausenet.results.described import JOURNAL
from tests.cli.conftest import Called
from tests.cli.made import make_measurement, make_run
from tests.once import once

Call = Callable[..., Called]


@pytest.fixture
def run(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of one run."""
    made = once(tmp_path_factory, "made-run", make_run)
    return Path(shutil.copytree(made / "run", tmp_path / "run"))


@pytest.fixture
def many(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of one measurement."""
    made = once(tmp_path_factory, "made-measurement", make_measurement)
    return Path(shutil.copytree(made / "run", tmp_path / "many"))


def described(run: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change `run.json`, and give it the digests of the files as they are now."""
    path = run / "run.json"
    whole = json.loads(path.read_text())
    change(whole)
    whole["files"] = {
        name: hashlib.sha256((run / name).read_bytes()).hexdigest()
        for name in whole["files"]
        if (run / name).is_file()
    }
    path.write_text(json.dumps(whole))


def unchanged(whole: dict[str, Any]) -> None:
    """Leave the claims as they are."""


def failed(called: Called) -> list[str]:
    return [line.split("FAILED")[1].strip() for line in called.out.splitlines() if "FAILED" in line]


def test_a_run_as_it_was_made_holds_wherever_it_stands(call: Call, run: Path, many: Path) -> None:
    for directory in (run, many):
        called = call("check", str(directory))
        assert (called.code, failed(called)) == (0, [])


def test_every_kept_file_counts(call: Call, run: Path) -> None:
    """One byte more in any of them is a violation that is proven."""
    names = list(json.loads((run / "run.json").read_text())["files"])
    for name in (*names[:: len(names) // 6], "transcript.txt", "results.csv", "scenario.yaml"):
        before = (run / name).read_bytes()
        (run / name).write_bytes(before + b"\n")
        called = call("check", str(run))
        assert called.code == 1, name
        assert f"{name}: changed since the run was made" in failed(called)
        (run / name).write_bytes(before)
    assert call("check", str(run)).code == 0


def test_a_file_that_is_gone_added_or_a_link_is_a_violation(
    call: Call, run: Path, tmp_path: Path
) -> None:
    transcript, elsewhere = run / "transcript.txt", tmp_path / "transcript.txt"
    transcript.rename(elsewhere)
    assert "transcript.txt: it is missing" in failed(call("check", str(run)))
    transcript.symlink_to(elsewhere)
    assert call("check", str(run)).code == 1
    transcript.unlink()
    elsewhere.rename(transcript)
    (run / "evidence" / "more.json").write_text("{}")
    called = call("check", str(run))
    assert called.code == 1
    assert "evidence/more.json" in called.out


def test_new_digests_do_not_hide_another_result(call: Call, run: Path) -> None:
    table = run / "results.csv"
    table.write_text(table.read_text().replace(",discrepancy,", ",no-breach-found,"))
    described(run, unchanged)
    called = call("check", str(run))
    assert called.code == 1
    assert any(line.startswith("not so: results.csv follows") for line in failed(called))


def test_new_digests_do_not_hide_another_outcome(call: Call, run: Path) -> None:
    described(run, lambda whole: whole["outcome"]["labs"]["birch"].update(findings=[]))
    called = call("check", str(run))
    assert called.code == 1
    assert "signed appraisals" in failed(called)[0]


def test_new_digests_do_not_hide_another_scenario(call: Call, run: Path) -> None:
    file = run / "scenario.yaml"
    file.write_text(file.read_text().replace("accelerators: 20000", "accelerators: 20001"))
    described(run, unchanged)
    assert "digest and seed" in failed(call("check", str(run)))[0]


def test_new_digests_do_not_hide_forged_evidence(call: Call, run: Path) -> None:
    bundle = next((run / "evidence").iterdir())
    bundle.write_bytes(bundle.read_bytes().replace(b"birch", b"aurora", 1))
    described(run, unchanged)
    called = call("check", str(run))
    assert called.code == 1
    assert any(line.startswith(f"evidence/{bundle.name}") for line in failed(called))


def test_new_digests_do_not_hide_a_log_of_other_words(call: Call, run: Path) -> None:
    entries = next((run / "logs" / "birch" / "tile" / "entries").rglob("*.p/*"))
    data = entries.read_bytes()
    entries.write_bytes(data[:-2] + bytes([data[-2] ^ 1]) + data[-1:])
    described(run, unchanged)
    called = call("check", str(run))
    assert called.code == 1
    assert any(line.startswith("register and logs") for line in failed(called))


def test_new_digests_do_not_hide_another_count(call: Call, many: Path) -> None:
    table = many / "results.csv"
    text = table.read_text()
    table.write_text(text.replace(",1,F7,", ",0,F7,", 1))
    assert table.read_text() != text
    described(many, unchanged)
    called = call("check", str(many))
    assert called.code == 1
    assert failed(called)[-1] == "not so: results.csv follows from replications.jsonl"


def test_new_digests_do_not_hide_a_chosen_seed(call: Call, many: Path) -> None:
    kept = many / "replications.jsonl"
    seed = json.loads(kept.read_text().splitlines()[1])["seed"]
    kept.write_text(kept.read_text().replace(f'"seed":{seed},', '"seed":12345,'))
    described(many, unchanged)
    called = call("check", str(many))
    assert called.code == 1
    assert any("have the seeds" in line for line in failed(called))


def test_new_digests_do_not_hide_another_summary_or_a_run_less(call: Call, many: Path) -> None:
    summary, kept = many / "summary.json", many / "replications.jsonl"
    before = summary.read_text()
    summary.write_text(
        before.replace('"findings_before_the_evasion": 0', '"findings_before_the_evasion": 1')
    )
    assert summary.read_text() != before
    described(many, unchanged)
    follows = "not so: summary.json says what follows from replications.jsonl"
    assert failed(call("check", str(many))) == [follows]
    summary.write_text(before)
    kept.write_text("".join(kept.read_text().splitlines(keepends=True)[:-1]))
    described(many, lambda whole: whole.update(replications=2))
    assert any("expected 3 runs, found 2" in line for line in failed(call("check", str(many))))


def test_what_another_version_made_is_checked_by_its_digests_only(call: Call, run: Path) -> None:
    described(run, lambda whole: whole.update(version="0.0.1"))
    called = call("check", str(run))
    assert called.code == 3
    assert "made by version 0.0.1" in called.out
    (run / "transcript.txt").write_text("another story\n")
    assert call("check", str(run)).code == 1


def test_an_interrupted_measurement_is_not_checked(call: Call, tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_text("{}\n")
    called = call("check", str(tmp_path), "--format", "json")
    assert called.code == 3
    assert [each["state"] for each in json.loads(called.out)["checks"]] == ["not checked"]


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole.update(schema="pausenet/run/v1"),
        lambda whole: whole.pop("files"),
        lambda whole: whole.update(files={"../outside": "0" * 64}),
        lambda whole: whole.update(files={"/etc/hostname": "0" * 64}),
        lambda whole: whole.update(files={"a": "not a digest"}),
        lambda whole: whole.update(seed="7"),
        lambda whole: whole.update(kind="sweep"),
        lambda whole: whole.update(libraries={"numpy": 2}),
    ],
)
def test_what_describes_no_run_is_bad_input(
    call: Call, run: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    path = run / "run.json"
    whole = json.loads(path.read_text())
    change(whole)
    path.write_text(json.dumps(whole))
    called = call("check", str(run))
    assert (called.code, called.out) == (2, "")
    assert "run.json" in called.err


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000])
def test_what_is_no_object_is_bad_input(call: Call, tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    assert call("check", str(tmp_path)).code == 2


def test_new_digests_do_not_hide_another_parquet_file(call: Call, run: Path, many: Path) -> None:
    (run / "results.parquet").write_bytes((many / "results.parquet").read_bytes())
    described(run, unchanged)
    called = call("check", str(run))
    assert called.code == 1
    assert failed(called)[0].startswith("not so: results.parquet holds")
