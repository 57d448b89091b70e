"""`pausenet evidence explain` of a proof F6: it says who set the limit, and when."""

from __future__ import annotations

import pytest

from pausenet.cli.explain import explained
from pausenet.cli.explain.limits import rests_on
from pausenet.protocol.evidence import decode_bundle
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.finding import Fault
from tests.protocol.builders import Paper, of_lab
from tests.protocol.bundles import all_bundles
from tests.protocol.eased import STAGES, lifts
from tests.protocol.halving import changing, halving
from tests.protocol.test_amending import ABOVE, agree, story

SIGNED = "that it had signed itself"


def said(paper: Paper) -> str:
    (data,) = of_lab(paper.appraise(paper.cuts[-1]), "birch").bundles.values()
    network = decode_bundle(data).network
    return " ".join(" ".join(explained(data, network).lines()).split())


def test_nobody_is_said_to_have_signed_a_limit_that_others_lowered() -> None:
    text = said(story({8: ABOVE}, agree()))
    assert "to which the parties had lowered it (C27, which it had signed)" in text
    assert "of which its own log shows that it knew" in text
    assert SIGNED not in text


def test_a_cap_as_it_was_signed_is_said_to_be_so() -> None:
    bundles = [d for d in all_bundles().values() if decode_bundle(d).accusation.fault is Fault.F6]
    assert bundles
    for data in bundles:
        words = " ".join(" ".join(explained(data, decode_bundle(data).network).lines()).split())
        assert f"a cap of 5e19 FLOP {SIGNED}." in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "the period's total is 9 PFLOP, the staged cap on it is 3",
            "a limit of 3e15 FLOP, a stage",
        ),
        ("run a has grown to 9 PFLOP, the staged cap on a run is 3", "of the staged cap (C10"),
        ("the period's total is 9 PFLOP, the cap on it is 3", "halved in step with time"),
        ("run a has grown to 9 PFLOP, and names no report of it", "the duty to report"),
        ("run a has grown to 9 PFLOP, and was barred by an objection", "an objection that bars"),
    ],
)
def test_every_kind_of_limit_has_its_own_words(text: str, words: str) -> None:
    found = rests_on(text, halving().agreement)
    assert words in found
    assert "held against ." not in found


def test_a_limit_that_was_raised_for_it_is_not_said_to_be_that_which_was_agreed() -> None:
    held = changing(lifts(ClauseKind.TOTAL_CAP, stages=STAGES)).agreement
    text = "the period's total is 9 PFLOP, the amended cap on it is 3"
    assert "raised by what C17 or C18 then allowed it" in rests_on(text, held)
    assert "raised by" not in rests_on(text, changing().agreement)
    high = rests_on(f"the period's total is {10**12} PFLOP, the cap on it is {10**11}", held)
    assert "its own usage says" in high
