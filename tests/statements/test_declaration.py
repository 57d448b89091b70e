"""A declared site's operator: one spelling of nobody, and ids for the rest."""

from __future__ import annotations

import pytest

from pausenet.errors import MalformedStatement
from pausenet.statements.canonical import Json
from pausenet.statements.declaration import DeclaredSite
from pausenet.values import ParticipantId


def site(**more: Json) -> Json:
    return {"site": "north", "accelerators": [], **more}


@pytest.mark.parametrize(("text", "operator"), [("", None), ("willow", ParticipantId("willow"))])
def test_an_operator_is_read_and_written_back(text: str, operator: ParticipantId | None) -> None:
    found = DeclaredSite.read(site(operator=text), "site")
    assert found.operator == operator
    assert found.to_json() == site(operator=text)


@pytest.mark.parametrize(
    "value", [site(), *(site(operator=bad) for bad in (None, 0, False, [], {}, " ", "Willow"))]
)
def test_another_spelling_of_an_operator_is_refused(value: Json) -> None:
    with pytest.raises(MalformedStatement):
        DeclaredSite.read(value, "site")
