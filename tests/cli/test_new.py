"""`pausenet new`: a scenario that explains every key, and runs as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from pausenet.cli.new import FileKind
from pausenet.files import model, parse_scenario, world_model
from pausenet.files.beginning import SCHEMA_FILES, beginning
from pausenet.simulator.outside import CATALOGUE
from tests.cli.conftest import Called

Call = Callable[..., Called]
TEXT = beginning()["scenario.yaml"]
BODY = TEXT.split("\n\n", 1)[1].splitlines()
MODELS = [
    each
    for each in (vars(model) | vars(world_model)).values()
    if isinstance(each, type) and issubclass(each, model.Strict) and each is not model.Strict
]


def switched_off() -> list[tuple[int, int]]:
    """Every block of lines that are switched off, from one line to another."""
    blocks: list[tuple[int, int]] = []
    for number, line in enumerate(BODY):
        if line.startswith("#"):
            first = blocks.pop()[0] if blocks and blocks[-1][1] == number else number
            blocks.append((first, number + 1))
    return blocks


def test_it_runs_as_it_is_and_finds_what_it_expects(call: Call, tmp_path: Path) -> None:
    begun = call("new", str(tmp_path / "a" / "my-pause"))
    assert begun.code == 0
    assert {path.name for path in (tmp_path / "a" / "my-pause").iterdir()} == set(beginning())
    story = tmp_path / "a" / "my-pause" / "scenario.yaml"
    assert f"run {story}" in begun.out
    told = call("run", str(story), "--out", str(tmp_path / "run"), "--display", "none")
    assert told.code == 0
    assert "A discrepancy is for birch to explain" in told.out


def test_nothing_is_written_over(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    refused = call("new", str(tmp_path))
    assert refused.code == 2
    assert "not empty" in refused.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert call("new", str(tmp_path / "mine.txt")).code == 2
    assert call("new", str(tmp_path / "mine.txt" / "below")).code == 4
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_an_empty_directory_will_do(call: Call, tmp_path: Path) -> None:
    begun = call("new", str(tmp_path), "--format", "json")
    assert sorted(json.loads(begun.out)["files"]) == sorted(map(str, tmp_path.iterdir()))


@pytest.mark.parametrize("shape", MODELS, ids=lambda shape: shape.__name__)
def test_every_key_stands_in_it(shape: type[BaseModel]) -> None:
    keys = {field.alias or name for name, field in shape.model_fields.items()}
    assert {key for key in keys if not re.search(rf"(?<![\w-]){key}:( |$)", TEXT, re.M)} == set()


@pytest.mark.parametrize("block", switched_off(), ids=lambda block: BODY[block[0]][:20])
def test_what_is_switched_off_can_be_switched_on(block: tuple[int, int]) -> None:
    first, end = block
    lines = [*BODY[:first], *(line[1:] for line in BODY[first:end]), *BODY[end:]]
    if BODY[first].startswith("#verifiers:"):
        lines = [line for line in lines if not line.startswith("verifiers: 4 ")]
    text = "\n".join(lines)
    found = parse_scenario(text, name="here", stem="here", catalogue=CATALOGUE)
    assert found != parse_scenario(TEXT, name="here", stem="here", catalogue=CATALOGUE)


def test_editors_find_the_schema_beside_it() -> None:
    first = TEXT.splitlines()[0]
    assert first == "# yaml-language-server: $schema=scenario.schema.json"
    properties = json.loads(beginning()["scenario.schema.json"])["properties"]
    assert {line.split(":")[0] for line in BODY if re.match("[a-z]", line)} <= set(properties)
    assert max(map(len, TEXT.splitlines())) <= 100


@pytest.mark.parametrize("kind", FileKind)
def test_every_schema_that_ships_is_printed(call: Call, kind: FileKind) -> None:
    import pausenet.files

    assert set(SCHEMA_FILES) == set(FileKind)
    shipped = Path(pausenet.files.__file__).parent
    assert {path.name for path in shipped.glob("*.schema.json")} == set(SCHEMA_FILES.values())
    assert call("schema", kind).out == (shipped / SCHEMA_FILES[kind]).read_text()


def test_an_unknown_kind_of_file_is_refused(call: Call) -> None:
    assert call("schema", "scenery").code == 2
