"""Cases of a declared site's operator: an affiliate by its id, or the empty text for none."""

from __future__ import annotations

from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64
from pausenet.simulator.vectors.edits import Change, Value, edited


def operator_cases(declared: bytes) -> list[Case]:
    """A declaration of at least one site, with its first site's operator spelled in many ways."""
    area = Area("statement", CaseKind.STATEMENT)

    def refuse(name: str, rule: str, change: Change) -> None:
        area.refuse(f"declaration-operator-{name}", rule, payload=b64(edited(declared, change)))

    area.accept(
        "declaration-operator-an-affiliate",
        "statements 5.1",
        payload=b64(edited(declared, _run_by("willow"))),
    )
    refuse("left-out", "statements 5.1", _left_out)
    refuse("null", "statements 1.2", _run_by(None))
    refuse("in-capitals", "statements 3.7", _run_by("Willow"))
    refuse("of-33-letters", "statements 3.7", _run_by("w" * 33))
    refuse("a-space", "statements 3.7", _run_by(" "))
    refuse("a-list", "statements 5.1", _run_by(["willow"]))
    return area.cases


def _site(value: Value) -> Value:
    site: Value = value["predicate"]["body"]["sites"][0]
    return site


def _run_by(operator: object) -> Change:
    return lambda value: _site(value).update(operator=operator)


def _left_out(value: Value) -> None:
    del _site(value)["operator"]
