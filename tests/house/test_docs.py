"""The documentation is complete, its links resolve, and its Python runs."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from pausenet import errors
from pausenet.files import model
from pausenet.files.samples import read_readings, read_usage
from pausenet.node.feeding import fresh_salt
from pausenet.statements.agreement import ActivationKind
from pausenet.statements.clauses import CLAUSES, Clause
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Claim, Fault, FaultClass, Grade, Status, Support
from pausenet.statements.forms import forms_of
from pausenet.statements.usage import WorkloadClass
from pausenet.values import Role
from tests.house.source import ROOT, markdown_files, name

DOCS = ROOT / "docs"
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^\* \*\*([^*]+)\*\*: \S", re.MULTILINE)
SENTENCE_MIN = 20


def text(page: str) -> str:
    return (DOCS / page).read_text()


def explained(page: str, word: str) -> bool:
    """Whether a table's row of this page begins with the word, and says something about it."""
    for line in text(page).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        named = re.findall(r"`([^`]+)`", cells[0]) or [cells[0]]
        if line.startswith("|") and word in named and len(" ".join(cells[1:])) >= 4:
            return True
    return False


@pytest.mark.parametrize(
    "error", [each for each, found in vars(errors).items() if isinstance(found, type)]
)
def test_every_error_is_documented(error: str) -> None:
    assert explained("reference/errors.md", error)


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_documented_with_its_class(fault: Fault) -> None:
    assert re.search(rf"^\| {fault} \| {fault.fault_class} \|", text("spec/faults.md"), re.M)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_statement_is_documented_with_an_example(kind: Kind) -> None:
    assert explained("spec/statements.md", kind)
    assert f"\n## {kind}\n" in text("spec/examples.md")


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.ID)
def test_every_term_of_every_clause_is_in_the_specification(clause: type[Clause]) -> None:
    row = re.search(
        rf"^\| {clause.ID} \| `{clause.KIND}` \| (.+) \|$", text("spec/statements.md"), re.M
    )
    assert row is not None
    terms = set(forms_of(clause)) - {"anatomy"}
    assert terms - set(re.findall(r"[a-z_]+", row[1])) == set()


def test_every_rule_that_finds_mistakes_in_agreements_is_documented() -> None:
    said = {
        number
        for module in ("checks", "emptiness", "sight")
        for number in re.findall(
            r'"([1-5]\.[0-9]+)"', (ROOT / f"pausenet/protocol/drafting/{module}.py").read_text()
        )
    }
    page = text("spec/agreements.md")
    sections = re.split(r"^## ([0-9]) ", page, flags=re.M)[1:]
    written = {
        f"{section}.{rule}"
        for section, body in zip(sections[::2], sections[1::2], strict=True)
        for rule in re.findall(r"^([0-9]+)\. ", body, re.M)
        if section <= "5"
    }
    assert said == written


def glossary() -> list[str]:
    return ENTRY.findall(text("glossary.md"))


@pytest.mark.parametrize("words", [Claim, FaultClass, Grade, Status, Support, ActivationKind, Role])
def test_every_word_of_the_reports_is_in_the_glossary(words: type[StrEnum]) -> None:
    assert [str(word) for word in words if str(word) not in glossary()] == []


def test_every_workload_class_is_in_the_glossary() -> None:
    assert [str(word) for word in WorkloadClass if f"*{word}*" not in text("glossary.md")] == []


def test_the_glossary_is_sorted_and_says_no_word_twice() -> None:
    words = [word.lower() for word in glossary()]
    assert words == sorted(set(words))


def test_every_word_that_the_glossary_points_to_is_in_it() -> None:
    pointed = re.findall(r"See \*([^*]+)\*", text("glossary.md"))
    assert pointed
    assert [word for word in pointed if word not in glossary()] == []


def commands() -> Iterator[str]:
    """Every command of the command line, by the words that call it."""
    import typer

    from pausenet.cli.main import app

    def walk(command: object, words: str) -> Iterator[str]:
        inner = getattr(command, "commands", {})
        if not inner or getattr(command, "invoke_without_command", False):
            yield words
        for word, each in inner.items():
            if not each.hidden:
                yield from walk(each, f"{words} {word}")

    yield from walk(typer.main.get_command(app), "pausenet")


def test_every_command_is_documented() -> None:
    documented = {
        " ".join(word for word in row.split() if word.islower() and not word.startswith("-"))
        for row in re.findall(r"^\| `(pausenet[^`]*)` \|", text("reference/command-line.md"), re.M)
    }
    assert [command for command in commands() if command not in documented] == []


def test_every_documented_command_exists() -> None:
    rows = re.findall(r"^\| `(pausenet [a-z][^`]*)` \|", text("reference/command-line.md"), re.M)
    documented = {" ".join(word for word in row.split() if word.islower()) for row in rows}
    assert documented - set(commands()) == set()


def scenario_keys(form: type[BaseModel]) -> Iterator[str]:
    """Every key that a scenario file may hold."""
    for field, info in form.model_fields.items():
        yield info.alias or field
        for inner in models_in(info.annotation):
            yield from scenario_keys(inner)


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif isinstance(annotation, types.UnionType) or typing.get_origin(annotation):
        for argument in typing.get_args(annotation):
            yield from models_in(argument)


def test_every_scenario_key_is_documented() -> None:
    keys = set(scenario_keys(model.ScenarioModel))
    assert {"question", "accelerators", "until", "withdrawn", "speed", "at"} <= keys
    page = "reference/scenario.md"
    missing = [key for key in sorted(keys) if not explained(page, key) and key != "speed"]
    assert missing == []
    assert "`speed`" in text(page)


def test_every_kind_of_cheat_is_documented() -> None:
    kinds = typing.get_type_hints(model.CheatModel)["kind"]
    assert [str(kind) for kind in kinds if not explained("reference/scenario.md", kind)] == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as site makers spell them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", markdown_files(), ids=name)
def test_every_link_resolves(page: Path) -> None:
    broken = []
    for target in LINK.findall(page.read_text()):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert broken == []


def test_the_index_for_machines_lists_pages_that_exist() -> None:
    targets = LINK.findall((ROOT / "llms.txt").read_text())
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def leaves(node: object) -> Iterator[str]:
    """Every text at the ends of a tree of lists and mappings."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for each in node:
            yield from leaves(each)
    elif isinstance(node, dict):
        yield from leaves(list(node.values()))


def test_every_page_can_be_reached() -> None:
    listed = set(leaves(YAML(typ="safe").load((ROOT / "mkdocs.yml").read_text())["nav"]))
    records = set(re.findall(r"\((\d{4}-[^)]+)\)", text("decisions/index.md")))
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert pages == listed | {f"decisions/{record}" for record in records}


@pytest.mark.parametrize("record", sorted((DOCS / "decisions").glob("0*.md")), ids=name)
def test_every_decision_says_context_options_choice_and_cost(record: Path) -> None:
    parts = re.findall(r"^\*\*(\w+)\.\*\* (.+)", record.read_text(), re.MULTILINE)
    assert [part for part, _ in parts] == ["Context", "Options", "Choice", "Cost"]
    assert all(len(said) >= SENTENCE_MIN for _, said in parts)


def pages_with_python() -> list[Path]:
    return [page for page in markdown_files() if PYTHON_BLOCK.search(page.read_text())]


def test_some_page_has_python() -> None:
    assert DOCS / "tour.md" in pages_with_python()


@pytest.mark.parametrize("page", pages_with_python(), ids=name)
def test_the_python_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {"__name__": "docs"}
    for block in PYTHON_BLOCK.findall(page.read_text()):
        exec(compile(block, str(page), "exec"), space)


def test_the_lines_of_the_page_on_your_own_data_are_read_as_they_stand() -> None:
    usage, reading = re.findall(r"```json\n(.*?)```", text("how-to/feed-your-own-data.md"), re.S)
    (told,) = read_usage([" ".join(usage.split())], name="usage", salt=fresh_salt)
    (read,) = read_readings([reading], name="readings")
    assert (told.period, read.period) == (0, 0)
    with pytest.raises(errors.MalformedFile):
        list(
            read_usage(
                [" ".join(usage.split()).replace('"idle"', '"idel"')], name="u", salt=fresh_salt
            )
        )
