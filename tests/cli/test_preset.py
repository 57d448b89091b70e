"""`pausenet preset`: listed, shown with what each number rests on, and run as any scenario."""

from __future__ import annotations

import inspect
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

from pausenet.cli.preset import run_preset
from pausenet.cli.run import run
from pausenet.files import read_scenario
from pausenet.files.presets import find_preset, presets
from tests.cli.conftest import Called
from tests.house.source import ROOT

Call = Callable[..., Called]
P4 = find_preset("P4")


def test_every_preset_is_listed_with_its_question(call: Call) -> None:
    rows = [
        json.loads(line) for line in call("preset", "list", "--format", "json").out.split("\n")[:-1]
    ]
    assert [row["id"] for row in rows] == [each.id for each in presets()]
    assert [row["question"] for row in rows] == [each.question for each in presets()]
    told = call("preset", "list").out
    assert all(each.title in told and each.question in told for each in presets())


def test_a_preset_is_shown_whole_with_its_assumptions_marked(call: Call) -> None:
    told = call("preset", "show", "p4").out.splitlines()
    shown = [line[5:] for line in told if line[3:4] == "|"]
    assert shown == [line.text for line in P4.lines]
    assert "A  |     sites: 5                          # [A]" in told
    assert any(line.startswith("   | # P4 ") for line in told)
    assert "assumed (A)" in told[-2]
    numbers = json.loads(call("preset", "show", "P4", "--format", "json").out)["numbers"]
    assert [each["line"] for each in numbers] == [
        at for at, line in enumerate(P4.lines, 1) if line.tags
    ]


def test_what_is_no_preset_is_refused(call: Call, tmp_path: Path) -> None:
    for words in (("show", "two-faces"), ("run", "two-faces"), ("run", "P14"), ("show", "")):
        refused = call("preset", *words)
        assert refused.code == 2
        assert "no preset of this name" in refused.err
    path = ROOT / "sims" / "presets" / f"{P4.name}.yaml"
    assert call("preset", "run", str(path), "--out", str(tmp_path)).code == 2
    assert [*tmp_path.iterdir()] == []


def test_run_takes_the_flags_of_run(call: Call, tmp_path: Path) -> None:
    assert [*inspect.signature(run_preset).parameters] == [*inspect.signature(run).parameters]
    refused = call("preset", "run", "P4", "--resume")
    assert refused.code == 2
    assert "need --replications" in refused.err
    out = tmp_path / "run"
    told = call("preset", "run", "P4", "--seed", "5", "--out", str(out), "--display", "none")
    assert told.code == 0
    assert f"run {P4.name} --seed 5" in told.out
    assert read_scenario(out / "scenario.yaml").seed == 5


def test_presets_ship_with_the_package() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    included = built["targets"]["wheel"]["force-include"]
    assert included["sims/presets"] == "pausenet/sims/presets"
