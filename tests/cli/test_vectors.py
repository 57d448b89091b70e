"""`pausenet vectors`: makes the cases, and checks them against what pausenet says now."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Called
from tests.kit import files_of

Call = Callable[..., Called]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return files_of(tmp_path_factory)


@pytest.fixture
def one(made: Path, tmp_path: Path) -> Path:
    """A directory with one case, to be spoiled."""
    path = tmp_path / "vectors" / "chain" / "as-published.json"
    path.parent.mkdir(parents=True)
    shutil.copy(made / "chain" / path.name, path)
    shutil.copytree(made / "shared", tmp_path / "vectors" / "shared")
    return path


def directory_of(case: Path) -> str:
    return str(case.parents[1])


def test_what_was_made_agrees_whole(made: Path, call: Call) -> None:
    called = call("vectors", "check", str(made))
    cases = [path for path in made.glob("*/*.json") if path.parent.name != "shared"]
    assert called.code == 0
    assert called.out == f"{len(cases)} cases, 0 disagreements\n"


def test_a_file_says_what_it_is_about(made: Path) -> None:
    case = json.loads((made / "ed25519" / "s-plus-group-order.json").read_text())
    assert set(case) == {"case", "area", "rule", "kind", "inputs", "expect"}
    assert (case["case"], case["rule"]) == ("s-plus-group-order", "statements 2.6")
    assert case["expect"] == {"verdict": "refuse"}


def test_a_case_that_expects_otherwise_is_a_disagreement(one: Path, call: Call) -> None:
    assert call("vectors", "check", directory_of(one)).code == 0
    case = json.loads(one.read_text())
    case["expect"]["size"] += 1
    one.write_text(json.dumps(case))
    called = call("vectors", "check", directory_of(one), "--format", "json")
    found = json.loads(called.out)
    assert called.code == 1
    assert found["cases"] == 1
    assert [each["case"] for each in found["disagreements"]] == ["chain/as-published"]
    assert "as-published: expected" in call("vectors", "check", directory_of(one)).out


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-3],
        lambda text: "[]",
        lambda text: text.replace('"kind"', '"kinds"'),
        lambda text: text.replace('"chain"', '"another"'),
        lambda text: text.replace('"entries"', '"entry"'),
        lambda text: text.replace('"honest"', '"nobody"'),
    ],
    ids=["cut", "list", "no kind", "unknown kind", "no inputs", "no run"],
)
def test_a_file_that_is_no_case_is_bad_input(
    one: Path, call: Call, spoil: Callable[[str], str]
) -> None:
    one.write_text(spoil(one.read_text()))
    called = call("vectors", "check", directory_of(one))
    assert called.code == 2
    assert one.name in called.err


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"inputs"', '"input"', 'not a case: missing key "inputs"'),
        ('"kind"', '"kinds"', 'not a case: missing key "kind"'),
        ('"entries"', '"entry"', "not a case: case: its inputs need 'entries', which is not there"),
    ],
)
def test_what_a_case_lacks_is_named(
    one: Path, call: Call, old: str, new: str, problem: str
) -> None:
    text = one.read_text()
    assert old in text
    one.write_text(text.replace(old, new))
    assert problem in call("vectors", "check", directory_of(one)).err


def test_a_directory_without_cases_is_bad_input(call: Call, tmp_path: Path) -> None:
    called = call("vectors", "check", str(tmp_path))
    assert called.code == 2
    assert "no cases here" in called.err


def test_nothing_is_written_over(one: Path, call: Call) -> None:
    before = one.read_text()
    assert call("vectors", "make", directory_of(one)).code == 2
    assert one.read_text() == before
