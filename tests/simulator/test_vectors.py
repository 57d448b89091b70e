"""The conformance cases: many, mostly refusals, the same on every machine, and checkable."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from pausenet.errors import Misuse
from pausenet.simulator.vectors import CaseKind, Facts, Suite, answer, make, make_suite
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Fault
from tests.kit import files_of, suite_of

CASES_MIN = 150


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return suite_of(tmp_path_factory)


def test_there_are_at_least_150_cases_each_under_a_name_of_its_own(suite: Suite) -> None:
    paths = [case.path for case, _ in suite.cases]
    assert len(set(paths)) == len(paths) >= CASES_MIN


def test_every_area_has_three_refusals_to_one_acceptance(suite: Suite) -> None:
    counts = Counter((case.area, expect["verdict"]) for case, expect in suite.cases)
    areas = {area for area, _ in counts}
    few = {
        area: (counts[area, "refuse"], counts[area, "accept"])
        for area in areas
        if counts[area, "refuse"] < 3 * counts[area, "accept"] or not counts[area, "accept"]
    }
    assert few == {}


def test_every_kind_of_case_of_statement_and_of_fault_has_one_that_stands(suite: Suite) -> None:
    stands = [(case, expect) for case, expect in suite.cases if expect["verdict"] == "accept"]
    assert {case.kind for case, _ in stands} == set(CaseKind)
    kinds = {expect["kind"] for case, expect in stands if case.kind is CaseKind.STATEMENT}
    assert kinds == set(Kind)
    faults = {case.inputs["fault"] for case, _ in stands if case.kind is CaseKind.FAULT}
    assert faults == set(Fault)


def test_every_case_is_named_by_its_mutation_in_letters_that_any_disk_takes(suite: Suite) -> None:
    names = {case.name for case, _ in suite.cases} | {case.area for case, _ in suite.cases}
    assert [
        name for name in names if not set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    ] == []


def test_the_command_in_another_process_with_other_hashes_makes_the_same_cases(
    suite: Suite, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = files_of(tmp_path_factory)
    here = {case.path: case.file(expect) for case, expect in suite.cases}
    here |= {f"shared/{name}.json": shared for name, shared in suite.shared.items()}
    there = {
        str(path.relative_to(directory)): json.loads(path.read_bytes())
        for path in directory.glob("*/*.json")
    }
    assert there == here


def test_a_maker_that_means_otherwise_than_the_core_says_makes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = make.tree_cases()
    wrong = [replace(cases[0], verdict="refuse"), *cases[1:]]
    monkeypatch.setattr(make, "MAKERS", (lambda: wrong,))
    monkeypatch.setattr(make, "RUNS", {})  # the cases of trees need none
    with pytest.raises(Misuse, match=f"{cases[0].path}: expected refuse, found accept"):
        make_suite()


def test_two_cases_of_one_name_make_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "MAKERS", (make.tree_cases, make.tree_cases))
    monkeypatch.setattr(make, "RUNS", {})
    with pytest.raises(Misuse, match="made twice"):
        make_suite()


@pytest.mark.parametrize("inputs", [{}, {"payload": 1}, {"payload": "?"}, {"payload": []}], ids=str)
def test_inputs_that_are_none_are_the_files_mistake(inputs: Facts) -> None:
    with pytest.raises(Misuse):
        answer(CaseKind.STATEMENT, inputs, {})
