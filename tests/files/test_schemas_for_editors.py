"""The JSON Schemas as an editor uses them: what ships holds, mistakes are marked."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from pausenet.files import parse_scenario
from pausenet.files.beginning import beginning, schema_text_of
from pausenet.files.stories import (
    agreement_names,
    evasion_names,
    find_agreement,
    presets_dir,
    stories_dir,
)
from pausenet.simulator.outside import CATALOGUE

SCENARIOS = Draft202012Validator(json.loads(schema_text_of("scenario")))
AGREEMENTS = Draft202012Validator(json.loads(schema_text_of("agreement")))
FOLDERS = (stories_dir(), presets_dir(), stories_dir().parent / "evasions")
SHIPPED = sorted(path for folder in FOLDERS for path in folder.glob("*.yaml"))
LAB = "{name: %s, accelerators: 1000}"
SMALL = f"question: Q?\nlabs: [{LAB % 'aurora'}, {LAB % 'birch'}]\n"


def problems(validator: Draft202012Validator, text: str) -> list[str]:
    """What an editor marks in a file: it reads plain YAML, and days as texts."""
    tree = json.loads(json.dumps(YAML(typ="safe").load(text), default=str))
    return [error.message for error in validator.iter_errors(tree)]


def test_what_is_tried_here_is_all_that_ships() -> None:
    assert len(SHIPPED) > 90
    assert {*evasion_names()} < {path.stem for path in SHIPPED}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_scenario_that_ships_is_marked(path: Path) -> None:
    assert problems(SCENARIOS, path.read_text("utf-8")) == []


@pytest.mark.parametrize("name", agreement_names())
def test_no_agreement_that_ships_is_marked(name: str) -> None:
    assert problems(AGREEMENTS, find_agreement(name).read_text("utf-8")) == []


def test_what_new_writes_is_not_marked() -> None:
    assert problems(SCENARIOS, beginning()["scenario.yaml"]) == []


@pytest.mark.parametrize(
    "mistake",
    [
        "perods: 14",
        "periods: fourteen",
        "meters: {random: [1 %]}",
        "evasions: [{by: aurora, kind: E24, from: 3}]",
        "evasions: [{by: aurora, kind: E06, from: 3, with: {accelerators: [1]}}]",
        "channels: [{kind: satellite, with: satellite}]",
        "channels: [telescope]",
        "expect: {findings: [{accused: aurora, fault: F99, grade: plausible}]}",
        "expect: {findings: [{accused: aurora, fault: [], grade: plausible}]}",
        "expect: {leads: [{about: aurora, channel: [satellite, F7]}]}",
        "follow_up: 1",
    ],
)
def test_a_mistake_is_marked(mistake: str) -> None:
    assert problems(SCENARIOS, SMALL) == []
    assert problems(SCENARIOS, f"{SMALL}{mistake}\n")


def defaults(shape: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every key with a default that is a value, in the schema's own sections."""
    assert isinstance(shape, dict)
    for key, each in shape.get("properties", {}).items():
        inner = each.get("$ref") or next(iter(each.get("allOf", [])), {}).get("$ref")
        if inner:
            definition = SCENARIOS.schema["$defs"][inner.rpartition("/")[2]]
            yield from defaults(definition, (*path, key))
        elif each.get("default") not in (None, [], {}):
            yield (*path, key), each["default"]


def test_every_default_is_written_as_a_file_writes_it() -> None:
    lines, seen = [], list(defaults(SCENARIOS.schema))
    for path, value in seen:
        text = f"{json.dumps(value)}"
        for key in reversed(path):
            text = f"{{{key}: {text}}}"
        lines.append(text)
    assert ("meters", "systematic") in dict(seen)
    plain = parse_scenario(SMALL, name="here", stem="here", catalogue=CATALOGUE)
    for text in lines:
        more = YAML(typ="safe").load(text)
        written = "".join(f"{key}: {json.dumps(each)}\n" for key, each in more.items())
        again = parse_scenario(SMALL + written, name="here", stem="here", catalogue=CATALOGUE)
        assert again == plain, text
