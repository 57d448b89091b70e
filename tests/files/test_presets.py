"""Presets: every number says where it comes from, or the file is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pausenet.errors import MalformedFile
from pausenet.files import find_scenario, read_scenario
from pausenet.files.presets import Preset, Standing, find_preset, presets, read_preset
from pausenet.simulator.outside import CATALOGUE
from tests.house.source import ROOT

GOOD = """\
# P3 A letter
# [A] = assumption, and 7 says nothing
question: Is 1 enough?
name: p3-letter
periods: 14  # [A]
period: 7 days  # [S: domain.md 5] and [D]
labs:
  - {name: lab-1, accelerators: 5 to 20}  # [M] of one
  - {name: h100-lab, kind: E06}
"""


def read(tmp_path: Path, text: str, name: str = "p3-letter.yaml") -> Preset:
    path = tmp_path / name
    path.write_text(text)
    return read_preset(path)


def test_a_preset_is_read_with_the_standing_of_its_numbers(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert (found.id, found.title, found.question) == ("P3", "A letter", "Is 1 enough?")
    assert found.name == "p3-letter"
    assert [line.mark for line in found.lines] == ["", "", "", "", "A", "SD", "", "M", ""]
    assert [line.text for line in found.lines] == GOOD.splitlines()
    assert dict(found.counts) == dict.fromkeys(Standing, 1)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("periods: 14  # [A]", "periods: 14", ":5:1 a number without its tag"),
        ("periods: 14  # [A]", "periods: 14  # [B]", ":5:1 a number without its tag"),
        ("periods: 14  # [A]", "periods: 14  # [S]", ":5:1 a number without its tag"),
        ("periods: 14  # [A]", "periods: 14  # [S: ]", ":5:1 a number without its tag"),
        ("periods: 14  # [A]", "periods: 14  # A", ":5:1 a number without its tag"),
        ("periods: 14  # [A]", '"[A]": 14', ":5:1 a number without its tag"),
        ("[M] of one", "of one", ":8:1 a number without its tag"),
        ("kind: E06}", "kind: E06, from: 6}", ":9:1 a number without its tag"),
        ("kind: E06}", "amount: .5}", ":9:1 a number without its tag"),
        ("# P3 A letter", "# A letter", ":1:1 expected"),
        ("# P3 A letter", "# P3", ":1:1 expected"),
        ("# P3 A letter", "# P03 A letter", ":1:1 expected"),
        ("# P3 A letter", "# P4 A letter", ":1:1 P4: the file's name begins otherwise"),
        ("question: Is 1 enough?\n", "", 'missing key "question"'),
        ("question: Is 1 enough?", "question: [1]  # [A]", 'missing key "question"'),
    ],
)
def test_what_has_no_tag_or_no_title_is_refused(
    old: str, new: str, problem: str, tmp_path: Path
) -> None:
    assert old in GOOD
    with pytest.raises(MalformedFile) as refused:
        read(tmp_path, GOOD.replace(old, new))
    assert problem in str(refused.value)


def test_p1_is_not_p13(tmp_path: Path) -> None:
    text = GOOD.replace("# P3", "# P1")
    assert read(tmp_path, text, "p1-letter.yaml").id == "P1"
    with pytest.raises(MalformedFile, match="begins otherwise"):
        read(tmp_path, text, "p13-letter.yaml")


def test_an_unknown_preset_names_those_that_there_are() -> None:
    assert find_preset("p4") == find_preset("P4") == find_preset("p4-emergency-pause")
    with pytest.raises(MalformedFile, match="no preset of this name"):
        find_preset("two-faces")
    with pytest.raises(MalformedFile, match='did you mean "P4"'):
        find_preset("P44")


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.id)
def test_every_preset_that_ships_runs_under_its_name_and_is_listed(preset: Preset) -> None:
    scenario = read_scenario(find_scenario(preset.name), CATALOGUE)
    assert scenario.name == preset.name
    assert scenario.question == preset.question
    listed = re.search(
        rf"^\| \[{preset.id}\]\(presets/{preset.name}\.yaml\) \| (.+?) \| .+ \|$",
        (ROOT / "sims" / "README.md").read_text(),
        re.M,
    )
    assert listed is not None
    assert listed[1] == preset.question


def test_ids_and_names_are_each_used_once() -> None:
    assert len({each.id for each in presets()}) == len(presets()) > 0
