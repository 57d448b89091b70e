"""Presets: every number says where it comes from, or the file is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pausenet.errors import MalformedFile
from pausenet.files import find_scenario, parse_scenario, read_scenario
from pausenet.files.blanks import EXAMPLES, filled_in, leaves_open
from pausenet.files.presets import Preset, Standing, find_preset, presets, read_preset
from pausenet.files.stories import presets_dir
from pausenet.simulator.outside import CATALOGUE
from tests.house.source import ROOT

SHIPPED = presets()
P1 = SHIPPED[0]
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


def text_of(preset: Preset) -> str:
    return "\n".join(line.text for line in preset.lines) + "\n"


@pytest.mark.parametrize("preset", SHIPPED, ids=lambda preset: preset.id)
def test_every_preset_that_ships_is_listed_and_can_be_run_under_its_name(preset: Preset) -> None:
    scenario = parse_scenario(
        filled_in(text_of(preset)), name="mine.yaml", stem="mine", catalogue=CATALOGUE
    )
    assert scenario.name == preset.name
    assert scenario.question == preset.question
    listed = re.search(
        rf"^\| \[{preset.id}\]\(presets/{preset.name}\.yaml\) \| (.+?) \| .+ \|$",
        (ROOT / "sims" / "README.md").read_text(),
        re.M,
    )
    assert listed is not None
    assert listed[1] == preset.question


def test_p1_is_refused_until_trigger_lift_and_adjudicator_are_filled_in() -> None:
    assert P1.left_open == ("trigger", "lift", "adjudicator")
    with pytest.raises(MalformedFile) as refused:
        read_scenario(find_scenario(P1.name), CATALOGUE)
    assert refused.value.line == 1 + next(
        at for at, line in enumerate(P1.lines) if line.text.startswith("  trigger: FILL IN")
    )
    assert "left open for you to fill in: trigger, lift, adjudicator" in str(refused.value)
    assert all(f"{name}: {EXAMPLES[name]}" in str(refused.value) for name in P1.left_open)
    assert [each.id for each in SHIPPED if each.left_open] == ["P1"]


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("text", ["FILL IN", "fill in who decides", '"FILL IN"'])
def test_one_field_left_open_is_refused_by_its_name(name: str, text: str) -> None:
    whole = filled_in(text_of(P1))
    assert EXAMPLES[name] in whole
    with pytest.raises(MalformedFile, match=f"this field is left open .*: {name}\\. For example"):
        parse_scenario(
            whole.replace(EXAMPLES[name], text), name="mine.yaml", stem="m", catalogue=CATALOGUE
        )


def test_words_that_only_hold_fill_in_are_nobodys_blank() -> None:
    example = EXAMPLES["adjudicator"]
    text = filled_in(text_of(P1)).replace(example, "The court, which will FILL IN gaps.")
    parse_scenario(text, name="mine.yaml", stem="m", catalogue=CATALOGUE)


def test_ids_and_names_are_each_used_once() -> None:
    assert len({each.id for each in SHIPPED}) == len(SHIPPED) > 0


def test_a_form_filled_in_with_its_examples_leaves_nothing_open() -> None:
    (form,) = (path for path in presets_dir().glob("*.yaml") if leaves_open(path))
    text = filled_in(form.read_text("utf-8"))
    told = parse_scenario(text, name="here", stem="here", catalogue=CATALOGUE)
    assert told.agreement.lift == EXAMPLES["lift"]
    assert filled_in(text) == text
