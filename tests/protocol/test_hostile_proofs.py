"""Proofs as weapons: floods of them, names for some that do not exist, names for others'."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.protocol.messages import Evidence, TimerFired
from pausenet.protocol.prosecution import PROOFS_MAX, RETOLD_MAX
from pausenet.statements.cut import Endorsement
from pausenet.statements.finding import Appraisal, Fault, FaultNotice, Status
from pausenet.values import Digest, NetworkTime
from tests.protocol.builders import Paper
from tests.protocol.desk import Desk
from tests.protocol.hostility import (
    CLOSE,
    REGISTER,
    cut_of,
    equivocations,
    held,
    machine,
    proposer,
    publish,
    settle,
    verifier,
)
from tests.protocol.paper import index, name

ME, OTHERS = REGISTER.verifiers[0], REGISTER.verifiers[1:]
LATE = REGISTER.agreement.schedule.close(index(1)) + 10


def bundle_id(proof: bytes) -> Digest:
    desk = verifier()
    desk.hear("verifier-2", Evidence(bundle=proof), 2)
    (identity,) = machine(desk).prosecution.bundles
    return identity


def converse(desks: dict[str, Desk], ticks: int = 4) -> None:
    """Let the verifiers talk, tick by tick, until nobody has more to say."""
    for step in range(1, ticks + 1):
        now = CLOSE + 50_000 * step
        for desk in desks.values():
            desk.step(TimerFired(now=NetworkTime(now)))
        for _ in range(20):
            for who, desk in desks.items():
                out, desk.sent = desk.sent, []
                for each in out:
                    if each.to in desks:
                        desks[each.to].hear(who, each.message, now)


@pytest.fixture(scope="module")
def flooded() -> dict[str, Desk]:
    """Each verifier was handed as many proofs as it keeps, none of them another's."""
    desks: dict[str, Desk] = {who: verifier(who) for who in REGISTER.verifiers}
    proofs = equivocations("birch", 4 * PROOFS_MAX)
    for who, desk in desks.items():
        sender = next(other for other in REGISTER.verifiers if other != who)
        for _ in range(PROOFS_MAX):
            desk.hear(sender, Evidence(bundle=proofs.pop()), 2)
        desk.sent = [each for each in desk.sent if not isinstance(each.message, Evidence)]
    converse(desks)
    return desks


def test_a_flood_of_different_proofs_stalls_no_cut(flooded: dict[str, Desk]) -> None:
    for desk in flooded.values():
        assert machine(desk).view.agreed()


def test_after_a_flood_of_proofs_cuts_still_list_some_and_the_lab_is_convicted(
    flooded: dict[str, Desk],
) -> None:
    """Each verifier's first is kept by all, so that k name it."""
    lists = [machine(desk).prosecution.listable() for desk in flooded.values()]
    assert len(lists[0]) >= len(REGISTER.verifiers)
    for desk in flooded.values():
        held_here = machine(desk).prosecution.bundles
        assert set(lists[0]) <= set(held_here)
        assert len(held_here) <= PROOFS_MAX + len(REGISTER.verifiers)
        (status,) = {a.status for a in machine(desk).view.appraisals() if a.lab == "birch"}
        assert status is Status.BREACH_PROVEN


def test_a_verifier_that_never_answers_is_told_a_few_proofs_again_at_each_tick() -> None:
    desk = verifier()
    for who in ("birch", "birch-meter", "aurora", "aurora-meter", "verifier-3", "verifier-4"):
        desk.hear("verifier-2", Evidence(bundle=equivocations(who, 1)[0]), 2)
    told: list[Evidence] = []
    for step in range(1, 4):
        desk.sent = []
        desk.step(TimerFired(now=NetworkTime(CLOSE + 50_000 * step)))
        again = [s for s in desk.sent if s.to == "verifier-2" and isinstance(s.message, Evidence)]
        assert len(again) <= RETOLD_MAX
        told += [s.message for s in again if isinstance(s.message, Evidence)]
    assert {each.bundle for each in told} == set(machine(desk).prosecution.bundles.values())


@pytest.mark.parametrize("sender", ["birch", "birch-meter", ME])
def test_nobody_but_another_verifier_tells_proofs(sender: str) -> None:
    desk = verifier()
    desk.hear(sender, Evidence(bundle=equivocations("birch", 1)[0]), 2)
    assert not machine(desk).prosecution.bundles


def accused_by_all(accused: str, bundle: Digest) -> Desk:
    """All other verifiers name a proof, endorse a cut that lists it, and show it to nobody."""
    desk, paper = verifier(), Paper(REGISTER)
    notice = FaultNotice(fault=Fault.F1, accused=name(accused), bundle=bundle)
    for who in OTHERS:
        paper.log(who).say(notice)
    cut = replace(cut_of(*(held(paper.log(who)) for who in OTHERS)), faults=(bundle,))
    paper.log(proposer(1)).say(cut, period=paper.schedule.period(index(1)))
    for who in OTHERS:
        paper.log(who).say(Endorsement(period=cut.period, view=cut.view, cut=cut.digest))
        publish(desk, paper.log(who), LATE)
    settle(desk, now=LATE)
    return desk


def stated(desk: Desk) -> list[Appraisal]:
    own = machine(desk).book.mirrors[REGISTER.origin_of(ME)]
    return [s.body for s in own.statements if isinstance(s.body, Appraisal)]


def test_k_faulty_verifiers_that_name_a_proof_nobody_has_get_no_appraisal() -> None:
    assert not stated(accused_by_all("birch", Digest.of(b"no such proof")))


def test_a_proof_against_one_is_none_against_another_whoever_says_so() -> None:
    (proof,) = equivocations("birch", 1)
    desk = accused_by_all("aurora", bundle_id(proof))
    desk.hear("verifier-2", Evidence(bundle=proof), LATE + 400_000)
    settle(desk, now=LATE + 400_000)
    assert bundle_id(proof) in machine(desk).prosecution.bundles
    assert not stated(desk)


def test_an_appraisal_that_waited_for_a_proof_is_stated_once_it_has_come() -> None:
    (proof,) = equivocations("birch", 1)
    desk = accused_by_all("birch", bundle_id(proof))
    assert not stated(desk)
    desk.hear("verifier-2", Evidence(bundle=proof), LATE + 400_000)
    settle(desk, now=LATE + 400_000)
    by_lab = {each.lab: each.status for each in stated(desk)}
    assert by_lab == {
        name("aurora"): Status.NOT_DEMONSTRATED,
        name("birch"): Status.BREACH_PROVEN,
    }


def test_a_proof_that_f_and_one_verifiers_name_is_kept_beyond_the_bound() -> None:
    desk, paper = verifier(), Paper(REGISTER)
    proofs = equivocations("birch", PROOFS_MAX + 2)
    for data in proofs[:PROOFS_MAX]:
        desk.hear("verifier-2", Evidence(bundle=data), 2)
    wanted = bundle_id(proofs[-1])
    first = FaultNotice(fault=Fault.F1, accused=name("birch"), bundle=bundle_id(proofs[0]))
    for who in OTHERS[: REGISTER.quorum.f + 1]:
        paper.log(who).say(first)
        paper.log(who).say(replace(first, bundle=wanted))
        publish(desk, paper.log(who), 3)
    for data in proofs[PROOFS_MAX:]:
        desk.hear("verifier-2", Evidence(bundle=data), 4)
    kept = machine(desk).prosecution.bundles
    assert wanted in kept
    assert len(kept) == PROOFS_MAX + 1
