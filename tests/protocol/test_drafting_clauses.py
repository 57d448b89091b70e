"""Whole clauses: how one comes and goes between two agreements, and how one is told."""

from __future__ import annotations

from dataclasses import replace

from pausenet.files.agreement import read_agreement
from pausenet.files.stories import find_agreement
from pausenet.protocol.drafting import diff, explain
from pausenet.statements.clauses import Accession, ClauseKind
from tests.statements.agreements import ANATOMY, plain


def test_a_limit_that_goes_is_said_to_loosen_and_one_that_comes_to_tighten() -> None:
    whole = read_agreement(find_agreement("close-the-gates")).agreement
    kinds = {clause.KIND for clause in whole.clauses}
    assert ClauseKind.RUN_CAP in kinds or ClauseKind.TOTAL_CAP in kinds
    gone = next(c for c in whole.clauses if c.KIND in (ClauseKind.RUN_CAP, ClauseKind.TOTAL_CAP))
    less = replace(whole, clauses=tuple(c for c in whole.clauses if c is not gone))
    (removed,), (added,) = diff(whole, less), diff(less, whole)
    assert ": removed, which loosens it." in removed.text
    assert ": added, which tightens it." in added.text


def test_a_wait_too_short_to_be_heard_of_is_told_as_it_is_written_and_as_it_is_kept() -> None:
    told = set()
    for wait in range(4):
        clause = Accession(
            need_ppm=0, wait_periods=wait, affiliates=False, tenants_from_pflop=0, anatomy=ANATOMY
        )
        told.add(explain(plain(clauses=(clause,))))
    assert len(told) == 4
