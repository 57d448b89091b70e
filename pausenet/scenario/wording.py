"""Conditions and clauses as a scenario writes them: terms without the clause's own words."""

from __future__ import annotations

from pausenet.errors import MalformedStatement
from pausenet.scenario.anatomy import EXERCISE
from pausenet.statements.canonical import Json
from pausenet.statements.clauses import Clause, clause_to_json, read_clause
from pausenet.statements.rule import CONDITION, Condition


def condition_of(terms: dict[str, Json]) -> Condition:
    """A condition; raises `ValueError` for terms that are none."""
    try:
        found: Condition = CONDITION.read(terms, "condition")
    except MalformedStatement as error:
        raise ValueError(str(error)) from error
    return found


def clause_of(terms: dict[str, Json]) -> Clause:
    """A clause with the words of an exercise; raises `ValueError` for terms that are none."""
    try:
        return read_clause({**terms, "anatomy": EXERCISE.to_json()}, "clause")
    except MalformedStatement as error:
        raise ValueError(str(error)) from error


def plain_clause(clause: Clause) -> Json:
    """A clause's terms, as a scenario writes them."""
    found = clause_to_json(clause)
    assert isinstance(found, dict), "a clause is an object"
    return {name: value for name, value in found.items() if name != "anatomy"}
