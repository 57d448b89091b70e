"""The report beside every run: its words, its size, and that it asks for nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pausenet.files.resolved import write_scenario
from pausenet.report.theme import CONDITIONAL
from tests.cli.conftest import Called
from tests.cli.made import STORY, make_measurement, make_run
from tests.once import once
from tests.report.test_page import Reader, assert_asks_for_nothing, assert_is_well_made

Call = Callable[..., Called]
BYTES_MAX = 2_000_000
MAKERS = {"run": make_run, "measurement": make_measurement}


@pytest.fixture(params=list(MAKERS))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a run, and then of a measurement."""
    kind: str = request.param
    return once(tmp_path_factory, f"made-{kind}", MAKERS[kind]) / "run"


def test_a_report_is_one_small_file_that_asks_for_nothing(made: Path) -> None:
    text = (made / "report.html").read_text()
    assert_asks_for_nothing(text)
    assert_is_well_made(text)
    assert len(text.encode()) < BYTES_MAX


def test_a_report_says_what_was_found_why_and_what_is_not_shown(made: Path) -> None:
    page = Reader((made / "report.html").read_text())
    said = " ".join(page.texts)
    for name in ("Finding", "Why", "Not shown", "Detected", "Limitations"):
        assert name in page.texts
    assert CONDITIONAL in said
    assert "evasions nobody has thought of are not counted" in said
    assert "labs that follow the rules in this simulation" in said
    described = json.loads((made / "run.json").read_text())
    assert described["scenario_digest"] in said
    assert f"seed {described['seed']}" in said


def test_a_report_leads_to_files_that_are_there_with_their_digests(made: Path) -> None:
    page = Reader((made / "report.html").read_text())
    described = json.loads((made / "run.json").read_text())["files"]
    linked = {each["href"] for each in page.all("a")}
    assert {"results.csv", "results.parquet", "scenario.yaml"} < linked
    for name in linked:
        assert described[name] in page.texts


def test_the_files_of_a_run_are_all_that_is_promised(made: Path) -> None:
    names = set(json.loads((made / "run.json").read_text())["files"])
    assert {"scenario.yaml", "results.csv", "results.parquet", "report.html"} < names
    for picture in [name for name in names if name.endswith(".svg")]:
        assert picture.startswith("charts/")
        assert picture.replace(".svg", ".png") in names
    assert any(name.startswith("charts/") for name in names)


def test_a_hostile_scenario_is_shown_as_text(call: Call, tmp_path: Path) -> None:
    hostile = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>"
    file = tmp_path / "hostile.yaml"
    file.write_text(write_scenario(replace(STORY, question=f"Who? {hostile}")))
    out = tmp_path / "run"
    assert call("run", str(file), "--out", str(out), "--display", "none").code == 0
    text = (out / "report.html").read_text()
    assert_asks_for_nothing(text)
    assert_is_well_made(text)
    assert f"Who? {hostile}" in Reader(text).texts


def test_the_ending_says_where_everything_lies(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(write_scenario(STORY))
    out = tmp_path / "run"
    called = call("run", str(file), "--out", str(out), "--display", "none")
    names = [line.split(":")[0] for line in called.out.splitlines() if not line.startswith(" ")]
    order = [
        "Finding",
        "Why",
        "Not shown",
        "Detected",
        "Cost",
        "Network id",
        "Report",
        "Charts",
        "Data",
    ]
    assert [name for name in names if name != "Evidence"] == [*order, "Repeat", "Next"]
    assert f"Report: {out / 'report.html'}" in called.out
    out = tmp_path / "again"
    called = call("run", str(file), "--out", str(out), "--display", "none", "--format", "json")
    told = json.loads(called.out)
    assert Path(told["report"]).is_file()
    assert [Path(each).name for each in told["charts"]] == ["findings.png", "findings.svg"]
    first = {name: (tmp_path / "run" / name).read_bytes() for name in _same(tmp_path / "run")}
    assert first == {name: (out / name).read_bytes() for name in _same(out)}


def _same(run: Path) -> list[str]:
    """All files of a run, which two runs of one scenario have alike."""
    return [*json.loads((run / "run.json").read_text())["files"], "run.json"]
