"""A cut is the network's by k verifiers' endorsements of one digest, and by nothing less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.errors import InvalidEvidence, InvalidSignature
from pausenet.protocol.cut import network_cuts, open_network_cut
from pausenet.protocol.evidence import EndorsedCut
from pausenet.statements.cut import Endorsement
from pausenet.values import Digest
from tests.protocol.builders import Paper
from tests.protocol.paper import index


@pytest.fixture
def paper() -> Paper:
    made = Paper()
    for number in range(3):
        made.period(number)
    return made


def test_every_endorsed_cut_is_found_once_in_order_of_periods(paper: Paper) -> None:
    found = network_cuts(paper.register, paper.entries())
    assert [item.cut for item in found] == paper.cuts
    assert [item.digest for item in found] == [cut.digest for cut in paper.cuts]
    for item in found:
        assert [name for name, _ in item.endorsements] == list(paper.register.verifiers)
        assert len(item.material(paper.register).endorsements) == paper.register.quorum.k


def test_k_minus_one_endorsements_are_not_enough_even_said_twice() -> None:
    paper = Paper()
    paper.period(0, mute={"verifier-3", "verifier-4"})
    body = Endorsement(period=index(0), view=0, cut=paper.cuts[0].digest)
    paper.log("verifier-1").say(body)
    assert network_cuts(paper.register, paper.entries()) == ()
    paper.log("verifier-4").say(body)
    assert len(network_cuts(paper.register, paper.entries())) == 1


def test_an_endorsement_of_another_view_or_period_does_not_count() -> None:
    for other in ({"view": 1}, {"period": index(1)}):
        paper = Paper()
        paper.period(0, mute={"verifier-3", "verifier-4"})
        body = Endorsement(period=index(0), view=0, cut=paper.cuts[0].digest)
        paper.log("verifier-4").say(replace(body, **other))
        assert network_cuts(paper.register, paper.entries()) == ()


def test_a_labs_endorsement_does_not_count() -> None:
    paper = Paper()
    paper.period(0, mute={"verifier-3", "verifier-4"})
    body = Endorsement(period=index(0), view=0, cut=paper.cuts[0].digest)
    paper.log("aurora").say(body)
    assert network_cuts(paper.register, paper.entries()) == ()


def test_endorsements_of_a_cut_that_nobody_stated_make_none() -> None:
    paper = Paper()
    body = Endorsement(period=index(0), view=0, cut=Digest(bytes(32)))
    for verifier in paper.register.verifiers:
        paper.log(verifier).say(body)
    assert network_cuts(paper.register, paper.entries()) == ()


def test_a_cut_as_evidence_needs_exactly_k_endorsements_in_register_order(paper: Paper) -> None:
    item = network_cuts(paper.register, paper.entries())[1]
    good = item.material(paper.register)
    assert open_network_cut(paper.register, good) == item.cut
    all_four = tuple(entry for _, entry in item.endorsements)
    for endorsements in (
        good.endorsements[:-1],
        all_four,
        good.endorsements[::-1],
        (good.endorsements[0], *good.endorsements[:-1]),
        (*good.endorsements[:-1], item.entry),
    ):
        with pytest.raises(InvalidEvidence):
            open_network_cut(paper.register, EndorsedCut(cut=good.cut, endorsements=endorsements))


def test_a_cut_of_another_register_is_refused(paper: Paper) -> None:
    cut = replace(paper.cut(3), register_root=Digest(bytes(32)))
    entry = paper.log("verifier-1").say(cut)
    body = Endorsement(period=cut.period, view=0, cut=cut.digest)
    endorsements = tuple(paper.log(name).say(body) for name in paper.register.verifiers[:3])
    with pytest.raises(InvalidEvidence, match="another register"):
        open_network_cut(paper.register, EndorsedCut(cut=entry, endorsements=endorsements))


def test_an_endorsement_whose_signature_fails_is_refused(paper: Paper) -> None:
    good = network_cuts(paper.register, paper.entries())[0].material(paper.register)
    log = paper.log("verifier-3").fork(0)
    log.keys = replace(log.keys, statement=paper.log("aurora").keys.statement)
    forged = log.say(Endorsement(period=index(0), view=0, cut=paper.cuts[0].digest))
    changed = EndorsedCut(cut=good.cut, endorsements=(*good.endorsements[:-1], forged))
    with pytest.raises(InvalidSignature):
        open_network_cut(paper.register, changed)
