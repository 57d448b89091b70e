"""Realised draws are held against the published ones, by anybody, from the logs alone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from pausenet.protocol.drawaudit import NOTHING_DRAWN, DrawAudit, audit_draws
from pausenet.protocol.inspection import audit_leaves, audit_sites, commitment_of, image_of
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.record import record_of
from pausenet.statements.inspection import Drawn, SampleReveal
from pausenet.values import Digest
from tests.protocol.builders import Paper
from tests.protocol.inspected import CHAIN_LENGTH, Case, ask, chain
from tests.protocol.paper import index, name, usage

PERIODS = 12


def same(drawn: Drawn) -> Drawn:
    return drawn


def audited(
    *,
    withheld: Collection[tuple[str, int]] = (),
    change: Callable[[Drawn], Drawn] = same,
    by: str = "verifier-2",
) -> DrawAudit:
    """Twelve periods in which every verifier draws of birch; one of them asks for what it likes."""
    paper = Paper()
    verifiers = [str(each) for each in paper.register.verifiers]
    for verifier in verifiers:
        paper.log(verifier).say(commitment_of(chain(verifier), CHAIN_LENGTH))
    for number in range(PERIODS):
        paper.period(number)
        bound = number >= paper.in_force.get("birch", PERIODS)
        found = Case(
            paper=paper,
            ledger=None,  # nothing is opened here
            usage=paper.log("birch").entries[-1],
            body=usage(),
        )
        for verifier in verifiers:
            if (verifier, number) in withheld:
                continue
            if bound:
                ask(found, verifier, number=number, change=change if verifier == by else same)
            else:
                image = image_of(chain(verifier), index(number), CHAIN_LENGTH)
                said = SampleReveal(period=index(number), cut=Digest.of(b"cut"), image=image)
                paper.log(verifier).say(said)
    reader = StatementReader()
    return audit_draws(record_of(paper.register, paper.cut(PERIODS - 1), paper.entries(), reader))


def test_draws_that_follow_the_chains_are_as_published() -> None:
    found = audited()
    assert found.as_published
    assert found.leaves.draws > 0
    assert "as published" in str(found)


def test_a_withheld_pre_image_is_named_and_takes_its_own_share_alone() -> None:
    away = {("verifier-3", 2), ("verifier-3", 5)}
    found, whole = audited(withheld=away), audited()
    assert found.withheld == ((name("verifier-3"), index(2)), (name("verifier-3"), index(5)))
    assert not found.as_published
    assert "2 pre-images were withheld" in str(found)
    assert whole.leaves.draws - found.leaves.draws in (0, 1, 2)


def test_a_request_for_what_was_not_drawn_is_stray_and_is_not_counted() -> None:
    found = audited(change=lambda drawn: replace(drawn, sites=(name("north"), name("south"))))
    assert found.stray
    assert not found.as_published
    assert found.leaves.draws < audited().leaves.draws
    assert f"{len(found.stray)} requests ask for what was not drawn" in str(found)


def test_uneven_draws_are_told_even_where_each_follows_its_chain() -> None:
    uneven = replace(
        NOTHING_DRAWN,
        leaves=audit_leaves([(64, (7,))] * 200),
        sites=audit_sites(visits=900, chances=1_000, site_ppm=50_000),
    )
    assert not uneven.as_published
    assert "leaves unevenly" in str(uneven)
    assert "sites too often" in str(uneven)


def test_where_nothing_is_drawn_nothing_is_said_of_evenness() -> None:
    assert NOTHING_DRAWN.as_published
    assert "too few to audit" in str(NOTHING_DRAWN)
