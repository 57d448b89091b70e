"""Every ready scenario has a story that a person reads, and the simulator still tells it.

`make test` tells a third of them again: those that other tests run anyway, and every third of the
others; with PAUSENET_STORIES=all (`.ci/run`, `make soak`) all.
"""

import importlib.util
from pathlib import Path

import pytest

from pausenet.files.blanks import leaves_open
from tests.stories import ALL_STORIES

ROOT = Path(__file__).resolve().parents[2]
EVERY = sorted(
    (
        path
        for folder in ("scenarios", "evasions", "presets")
        for path in (ROOT / "sims" / folder).glob("*.yaml")
    ),
    key=lambda path: path.stem,
)
FORMS = [path for path in EVERY if leaves_open(path)]
SCENARIOS = [path for path in EVERY if path not in FORMS]
TRANSCRIPTS = ROOT / "sims" / "transcripts"
RUN_ANYWAY = (
    "assurance-incomplete",
    "false-appraisal",
    "salami-runs",
    "silent-approval",
    "staged-slowdown",
    "typo-corrected",
)
LEFT = [path for path in SCENARIOS if path.stem not in RUN_ANYWAY]
TOLD = {*SCENARIOS} if ALL_STORIES else {*SCENARIOS} - {*LEFT} | {*LEFT[::3]}
TOLD_AGAIN = [path for path in SCENARIOS if path in TOLD]
LINES_MAX, WIDTH_MAX = 60, 100


def maker():
    spec = importlib.util.spec_from_file_location(
        "make_transcripts", ROOT / "sims" / "make_transcripts.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_third_of_the_stories_at_least_is_told_again():
    assert {path.stem for path in SCENARIOS} >= {*RUN_ANYWAY}
    assert 3 * len(TOLD_AGAIN) >= len(SCENARIOS)


def test_every_scenario_has_a_transcript_and_every_transcript_a_scenario():
    assert SCENARIOS
    assert sorted(path.stem for path in TRANSCRIPTS.iterdir()) == [path.stem for path in EVERY]


def test_the_form_that_is_filled_in_says_so_and_tells_its_story_again():
    (form,) = FORMS
    told = (TRANSCRIPTS / f"{form.stem}.txt").read_text("utf-8")
    assert told.startswith("(what the preset leaves open is filled in with the examples")
    assert leaves_open(form)
    if ALL_STORIES:
        assert maker().story(form) == told


@pytest.mark.parametrize("scenario", TOLD_AGAIN, ids=lambda path: path.stem)
def test_the_simulator_tells_the_same_story_again(scenario, shipped):
    told = "".join(f"{line}\n" for line in shipped(scenario.stem).result.transcript)
    assert told == (TRANSCRIPTS / f"{scenario.stem}.txt").read_text("utf-8")


def test_the_program_that_writes_the_stories_tells_the_same(shipped):
    (shortest,) = (path for path in SCENARIOS if path.stem == "assurance-incomplete")
    assert maker().story(shortest) == "".join(
        f"{line}\n" for line in shipped(shortest.stem).result.transcript
    )


@pytest.mark.parametrize("scenario", EVERY, ids=lambda path: path.stem)
def test_a_story_fits_a_page(scenario):
    lines = (TRANSCRIPTS / f"{scenario.stem}.txt").read_text("utf-8").splitlines()
    assert 10 < len(lines) <= LINES_MAX
    assert max(map(len, lines)) <= WIDTH_MAX


def test_the_check_names_what_is_missing_and_what_is_too_much(tmp_path, monkeypatch):
    make = maker()
    monkeypatch.setattr(make, "TRANSCRIPTS", tmp_path)
    monkeypatch.setattr(make, "story", lambda scenario: "another story\n")
    (tmp_path / "nobody.txt").write_text("a stranger\n")
    (tmp_path / "honest.txt").write_text("a story\n")
    (tmp_path / "demo.txt").write_text("another story\n")
    found = make.differences()
    assert "nobody.txt: no such scenario" in found
    assert "honest.txt: the story is another one now" in found
    assert "partition.txt: missing" in found
    assert not any("demo.txt" in line for line in found)
