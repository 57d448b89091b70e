"""Rules have numbers: what a case, the Node verifier or a comment names stands in docs/spec."""

from __future__ import annotations

import re
from functools import cache

import pytest

from pausenet.protocol.rules import RULES_BYTES
from tests.house.source import ROOT, name, repository_files
from tests.kit import suite_of

SPEC = ROOT / "docs" / "spec"
PAGES = (
    "statements",
    "logs",
    "register",
    "faults",
    "bundles",
    "appraisal",
    "inspection",
    "lifecycle",
    *("agreements", "stock", "disclosure"),
)
BEYOND = ("agreements", "stock", "disclosure", "faults")
"""Pages on what commands report of a file or of a run, and on faults in short."""
NAMED = re.compile(rf"\b({'|'.join(PAGES)}) (\d+)\.(\d+|F\d\w?)")


@cache
def rules() -> frozenset[str]:
    """Every numbered rule, and every row of a table of faults: `bundles 3.2`, `bundles 3.F1`."""
    found = set()
    for page in PAGES:
        section = ""
        for line in (SPEC / f"{page}.md").read_text().splitlines():
            if heading := re.match(r"## (\d+) ", line):
                section = heading[1]
            elif item := re.match(r"(\d+)\. |\| (F\d\w?) \|", line):
                found.add(f"{page} {section}.{item[1] or item[2]}")
    return frozenset(found)


def test_the_numbers_of_every_page_are_found() -> None:
    pages = {rule.split(" ")[0] for rule in rules()}
    assert pages == set(PAGES)
    assert {"statements 2.6", "bundles 3.F8b", "appraisal 4.6", "register 2.8"} <= rules()


def test_every_rule_that_a_case_names_stands_in_the_specification(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    named = {case.rule for case, _ in suite_of(tmp_path_factory).cases}
    assert len(named) >= 40
    assert named - rules() == set()


@pytest.mark.parametrize(
    "path",
    [p for p in repository_files() if p.suffix in (".mjs", ".py") and NAMED.search(p.read_text())],
    ids=name,
)
def test_every_rule_that_code_names_stands_in_the_specification(path) -> None:
    named = {f"{page} {section}.{item}" for page, section, item in NAMED.findall(path.read_text())}
    assert named - rules() - {"bundles 3.F8"} == set()


def test_the_published_rules_are_those_of_the_code() -> None:
    assert (SPEC / "rules.json").read_bytes() == RULES_BYTES


def test_every_section_has_a_case_or_is_about_what_no_case_can_show(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Durability, tiles and witnesses are promises of running programs."""
    named = {case.rule.rsplit(".", 1)[0] for case, _ in suite_of(tmp_path_factory).cases}
    sections = {rule.rsplit(".", 1)[0] for rule in rules()}
    beyond = {f"logs {section}" for section in (2, 5, 6, 7, 8)}
    left = {section for section in sections - named if section.split(" ")[0] not in BEYOND}
    assert left - beyond == set()
