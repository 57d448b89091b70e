"""`pausenet run --replications`: the same files whatever the jobs, and whatever interrupted it."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pausenet.cli.journal import asked
from pausenet.cli.measured_words import delay_sentences, finding_sentences, stopped_sentence
from pausenet.errors import Misuse
from pausenet.files.resolved import write_scenario
from pausenet.files.scenario import read_scenario
from pausenet.results.described import JOURNAL
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import (
    PartySeen,
    Replication,
    Stopped,
    measure,
    read_line,
    replicate,
    write_line,
)
from pausenet.statements.finding import Fault
from tests.cli.conftest import Called
from tests.cli.made import RUNS, STORY, make_measurement
from tests.house.source import ROOT
from tests.once import once
from tests.simulator.small import BIRCH

Call = Callable[..., Called]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario as a file."""
    path = tmp_path_factory.mktemp("scenario") / "small.yaml"
    path.write_text(write_scenario(STORY))
    return path


@pytest.fixture(scope="module")
def runs() -> tuple[Replication, ...]:
    """What the runs show, made here."""
    return tuple(replicate(STORY, number) for number in range(RUNS))


def files(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def measured(call: Call, file: Path, out: Path, *more: str) -> Called:
    arguments = ["--replications", str(RUNS), "--out", str(out), "--display", "none", *more]
    return call("run", str(file), *arguments)


def journal(directory: Path, runs: list[Replication], *, replications: int, width: int = 0) -> None:
    """A directory as an interrupted measurement leaves it."""
    directory.mkdir()
    plan = asked(STORY, replications=replications, half_width_ppm=width, goal_s=14 * DAY_S)
    (directory / JOURNAL).write_text(plan.line() + "".join(write_line(run) for run in runs))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a measurement made in one go, by one process."""
    return once(tmp_path_factory, "made-measurement", make_measurement) / "run"


def test_two_processes_give_the_same_files_as_one(
    call: Call, file: Path, whole: Path, tmp_path: Path
) -> None:
    called = measured(call, file, tmp_path / "run", "--jobs", "2")
    assert called.code == 0
    assert files(tmp_path / "run") == files(whole)


def test_an_interrupted_measurement_goes_on_to_the_same_files(
    call: Call, file: Path, whole: Path, runs: tuple[Replication, ...], tmp_path: Path
) -> None:
    """It was interrupted while a line was being written, and its runs were not in order."""
    out = tmp_path / "run"
    journal(out, [runs[2], runs[0]], replications=RUNS)
    with (out / JOURNAL).open("a") as end:
        end.write(write_line(runs[1])[:40])
    forgotten = measured(call, file, out, "--jobs", "1")
    assert (forgotten.code, "--resume goes on" in forgotten.err) == (2, True)
    assert measured(call, file, out, "--resume", "--jobs", "1").code == 0
    assert files(out) == files(whole)


def test_every_row_can_be_made_again_by_its_seed(
    call: Call, file: Path, whole: Path, tmp_path: Path
) -> None:
    with (whole / "results.csv").open() as table:
        row = next(each for each in csv.DictReader(table) if each["fault"] == "F7")
    with (whole / "replications.csv").open() as table:
        run = list(csv.DictReader(table))[int(row["replication"])]
    assert run["seed"] == row["seed"]
    out = tmp_path / "again"
    called = call(
        *("run", str(file), "--seed", row["seed"], "--out", str(out), "--display", "none")
    )
    assert called.code == 0
    described = json.loads((out / "run.json").read_text())
    assert described["network_id"] == run["network_id"]
    assert list((out / "evidence").glob("birch-F7-*.json"))
    assert "birch: F7" not in called.out
    assert f"F7 in the cut of period {row['cut']}" in called.out


def test_a_finished_directory_says_what_made_it_and_keeps_no_journal(whole: Path) -> None:
    assert set(files(whole)) == {
        *("scenario.yaml", "run.json", "summary.json", "report.html"),
        *("replications.csv", "results.csv", "delays.csv", "results.parquet"),
        *("replications.jsonl", "responses.csv", "costs.csv", "influences.csv"),
        *(f"charts/{name}.{kind}" for name in ("delays", "shares") for kind in ("svg", "png")),
    }
    described = json.loads((whole / "run.json").read_text())
    assert (described["schema"], described["kind"]) == ("pausenet/run/v2", "measurement")
    assert set(described["files"]) == set(files(whole)) - {"run.json"}
    summary = json.loads((whole / "summary.json").read_text())
    assert summary["asked"] == {"replications": RUNS, "half_width": 0.0, "within_days": 14.0}
    found = summary["evasions"]["birch"]["found_within_goal"]
    assert found["of"] == RUNS
    assert found["low"] <= found["value"] <= found["high"]
    assert summary["labs_that_follow_the_rules"]["runs_with_a_false_proof"]["count"] == 0


def test_runs_stop_at_a_look_when_the_interval_is_narrow_enough(
    call: Call, file: Path, runs: tuple[Replication, ...], tmp_path: Path
) -> None:
    caught = next(run for run in runs if party(run).found)
    done = [replace(caught, number=number) for number in range(25)]
    out = tmp_path / "run"
    journal(out, done, replications=100, width=100_000)
    arguments = ["--replications", "100", "--until-half-width", "10 %", "--resume"]
    called = call("run", str(file), *arguments, "--out", str(out), "--format", "json")
    assert called.code == 0
    summary = json.loads(called.out)
    assert (summary["replications"], summary["stopped"]) == (25, "narrow enough")
    assert summary["looks"] == [25, 50, 100]
    assert summary["level_of_each_interval"] == pytest.approx(1 - 0.05 / 3, abs=1e-6)


def test_without_a_directory_the_newest_of_the_same_plan_is_gone_on_with(
    call: Call,
    file: Path,
    runs: tuple[Replication, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pausenet-runs").mkdir()
    stem = f"pausenet-runs/small-7-x{RUNS}"
    journal(Path(stem), list(runs), replications=RUNS)
    journal(Path(f"{stem}-2"), list(runs), replications=RUNS)
    journal(Path(f"{stem}-3"), list(runs), replications=RUNS, width=50_000)
    called = call("run", str(file), "--replications", str(RUNS), "--resume", "--format", "json")
    assert called.code == 0
    assert json.loads(called.out)["run"] == str((tmp_path / f"{stem}-2").resolve())
    assert Path(stem, JOURNAL).exists()
    assert not Path(f"{stem}-2", JOURNAL).exists()


def test_a_broken_promise_or_a_false_proof_is_no_result(
    call: Call, file: Path, runs: tuple[Replication, ...], tmp_path: Path
) -> None:
    caught = next(run for run in runs if party(run).found)
    guilty = replace(caught.parties[0], found=party(caught).found, proven=party(caught).found)
    for number, wrong in enumerate(
        (replace(runs[0], broken=("P1",)), replace(runs[0], parties=(guilty, party(runs[0]))))
    ):
        out = tmp_path / str(number)
        journal(out, [wrong, *runs[1:]], replications=RUNS)
        assert measured(call, file, out, "--resume").code == 3


def party(run: Replication) -> PartySeen:
    return next(seen for seen in run.parties if seen.party == BIRCH)


# ------------------------------------------------------------------ refusals


def test_who_goes_on_must_ask_for_the_same(
    call: Call, file: Path, runs: tuple[Replication, ...], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    journal(out, [runs[0]], replications=RUNS)
    before = files(out)
    for more in (["--within", "5 days"], ["--seed", "8"], ["--until-half-width", "10 %"]):
        called = measured(call, file, out, "--resume", *more)
        assert called.code == 2, more
        assert "begun for another" in called.err
    assert files(out) == before


def test_a_journal_with_two_tales_of_one_run_is_refused(
    call: Call, file: Path, runs: tuple[Replication, ...], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    journal(out, [runs[0], replace(runs[1], number=0)], replications=RUNS)
    called = measured(call, file, out, "--resume")
    assert (called.code, "two different runs" in called.err) == (2, True)


def test_what_is_finished_is_neither_gone_on_with_nor_written_over(
    call: Call, file: Path, whole: Path
) -> None:
    before = files(whole)
    assert measured(call, file, whole, "--resume").code == 2
    assert measured(call, file, whole).code == 2
    assert files(whole) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--within", "5 days"], "need --replications"),
        (["--resume"], "need --replications"),
        (["--replications", "3", "--within", "400 days"], "at most the"),
        (["--replications", "3", "--within", "soon"], "a span of time"),
        (["--replications", "3", "--until-half-width", "60 %"], "less than 50 %"),
        (["--replications", "3", "--until-half-width", "0 %"], "more than 0"),
        (["--replications", "3", "--resume"], "nothing to resume"),
        (["--replications", "2000000"], "expected 1..1000000"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_words(
    call: Call,
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    called = call("run", str(file), *arguments)
    assert called.code == 2
    assert words in called.err or "expected a span" in called.err
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ Ctrl-C


@pytest.mark.processes
def test_ctrl_c_keeps_what_is_done_and_leaves_no_process(file: Path, tmp_path: Path) -> None:
    import psutil

    out = tmp_path / "run"
    arguments = ["run", str(file), "--replications", "500", "--jobs", "2", "--out", str(out)]
    started = subprocess.Popen(
        [sys.executable, "-m", "pausenet", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        until = time.monotonic() + 120
        while lines(out / JOURNAL) < 2:
            assert started.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        children = psutil.Process(started.pid).children(recursive=True)
        started.send_signal(signal.SIGINT)
        _, said = started.communicate(timeout=60)
    finally:
        started.kill()
        started.wait()
    assert started.returncode == 130
    assert "--resume" in said
    assert children
    assert psutil.wait_procs(children, timeout=30)[1] == []
    plan, *kept = (out / JOURNAL).read_text().splitlines(keepends=True)
    assert json.loads(plan)["replications"] == 500
    found = [read_line(line) for line in kept]
    assert found == [replicate(STORY, run.number) for run in found[:1]] + found[1:]


def lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


# ------------------------------------------------------------------ words


def sentences(scenario: Scenario, runs: list[Replication], goal_days: float = 14.0) -> list[str]:
    found = measure(scenario, runs, goal_days=goal_days, level=0.95)
    return list(finding_sentences(scenario, found))


def shown(runs: tuple[Replication, ...], found: int, of: int) -> list[Replication]:
    """So many runs, in the first of which birch is found."""
    caught = next(run for run in runs if party(run).found)
    missed = replace(party(caught), found=(), stands=False)
    free = replace(caught, parties=(caught.parties[0], missed))
    return [replace(caught if n < found else free, number=n) for n in range(of)]


def test_the_finding_says_how_often_how_late_and_how_falsely(
    runs: tuple[Replication, ...],
) -> None:
    evader, others = sentences(STORY, shown(runs, 93, 100))
    delay = party(shown(runs, 1, 1)[0]).delay_s / DAY_S
    assert evader.startswith(
        "birch (under-declaration of 3 % from period 6) was suspected within 14 days in "
        f"93 of 100 runs (86 % to 97 %); the median delay was {delay:.1f} days ("
    )
    assert others == (
        "Of 4.38 lab-years of labs that follow the rules in this simulation none was suspected "
        "falsely (0 to 0.84 a lab-year); no breach was proven against any in 100 runs "
        "(at most 4 % of all runs)."
    )


def test_a_median_that_is_not_reached_is_said_so(runs: tuple[Replication, ...]) -> None:
    evader, _ = sentences(STORY, shown(runs, 2, 10))
    assert "2 of 10 runs" in evader
    assert "the median delay was not reached in the" in evader


def test_a_goal_that_most_findings_miss_says_how_many_came_by_the_end(
    runs: tuple[Replication, ...],
) -> None:
    evader, _ = sentences(STORY, shown(runs, 9, 10), goal_days=2.0)
    assert "within 2 days in 0 of 10 runs (0 % to 31 %) (9 by the end)" in evader


def test_only_signatures_prove(runs: tuple[Replication, ...]) -> None:
    caught = shown(runs, 1, 1)[0]
    proof = tuple(replace(each, fault=Fault.F6) for each in party(caught).found)
    proven = replace(party(caught), found=proof, proven=proof)
    evader, _ = sentences(STORY, [replace(caught, parties=(caught.parties[0], proven))])
    assert "was proven by its own signatures to break the rules within 14 days" in evader
    assert "proven" not in sentences(STORY, [caught])[0]


def test_the_stop_says_why_and_what_the_level_is(runs: tuple[Replication, ...]) -> None:
    found = measure(STORY, shown(runs, 25, 25), goal_days=14.0, level=1 - 0.05 / 3)
    plan = asked(STORY, replications=100, half_width_ppm=100_000, goal_s=14 * DAY_S)
    said = stopped_sentence(plan, found, Stopped.NARROW)
    assert said.startswith(
        "after 25 runs, narrow enough; the widest interval of these shares goes from "
    )
    assert "83 % to 100 %, half its width is 8.7 percentage points" in said
    assert "after 25, 50, 100 runs and at no other number" in said
    assert "the level 98.3 %, so that all looks together keep 95 %" in said


def test_the_delays_after_a_finding_add_up_as_printed(runs: tuple[Replication, ...]) -> None:
    found = measure(STORY, shown(runs, 3, 3), goal_days=14.0, level=0.95)
    (said,) = delay_sentences(STORY, found)
    days = [float(each) for each in re.findall(r"(?<![F\w])\d+(?:\.\d+)?", said)]
    assert len(days) == 5
    assert days[0] == pytest.approx(sum(days[1:]))


def test_a_line_of_a_journal_is_read_strictly(runs: tuple[Replication, ...]) -> None:
    with pytest.raises(Misuse):
        read_line(write_line(runs[0]).replace('"seed"', '"sead"'))


# ------------------------------------------------------------------ the documentation

PAGE = ROOT / "docs/how-to/measure-detection.md"


def test_every_column_is_documented_as_the_summary_says_it(whole: Path) -> None:
    page = PAGE.read_text()
    told = json.loads((whole / "summary.json").read_text())["columns"]
    for table, columns in told.items():
        section = page.split(f"\n### {table}\n")[1].split("\n### ")[0]
        documented = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.M))
        assert documented == columns
        with (whole / table).open() as file:
            assert next(csv.reader(file)) == list(documented)


def test_the_documented_scenario_is_one(tmp_path: Path) -> None:
    block = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.S)[0]
    (tmp_path / "s.yaml").write_text(textwrap.dedent(block))
    assert read_scenario(tmp_path / "s.yaml").cheats[0].amount_ppm == 30_000
