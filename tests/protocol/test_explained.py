"""Every text of an agreement is told once, and can be traced to the clauses that have it."""

from __future__ import annotations

import re

import pytest

from pausenet.files.agreement import AgreementFile, read_agreement
from pausenet.files.stories import agreement_names, find_agreement

SHIPPED = [read_agreement(find_agreement(name)) for name in agreement_names()]
HEAD = re.compile(r"\b(?:In general|Every clause|Only (C[0-9]{2}(?:(?:, | and )C[0-9]{2})*))\. ")


@pytest.mark.parametrize("found", SHIPPED, ids=agreement_names())
def test_every_text_is_said_once_under_the_clauses_that_have_it(found: AgreementFile) -> None:
    told = " ".join(found.explained().split())
    ways = told[told.index("HOW IT IS PROVEN") : told.index("WHAT IS MEASURED")]
    for name in ("prover", "verifier", "undeclared", "access", "confidentiality", "response"):
        having: dict[str, set[str]] = {}
        for clause in found.agreement.clauses:
            having.setdefault(getattr(clause.anatomy, name), set()).add(clause.ID)
        for text, ids in having.items():
            assert ways.count(text) == 1
            *_, head = HEAD.finditer(ways, 0, ways.index(text))
            if head[1] is None:
                assert len(ids) == max(map(len, having.values()))
            else:
                assert set(re.findall(r"C[0-9]{2}", head[1])) == ids
    assert not re.search(r"\(C[0-9]{2}", told)
