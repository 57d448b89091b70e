"""Accession: a lab that is no party comes to be one, and owes nothing for the time before (C25)."""

from __future__ import annotations

import random
from functools import cache

import pytest

from pausenet.protocol.circles import circle_of
from pausenet.protocol.joining import candidates, joined_in, signatories
from pausenet.protocol.register import Register
from pausenet.statements.accession import Acceptance
from pausenet.statements.clauses import Accession
from pausenet.statements.codec import Body, Statement, Subject
from pausenet.statements.declaration import Ratification
from pausenet.statements.determination import Outcome
from pausenet.statements.exits import Withdrawal
from pausenet.statements.finding import Status
from pausenet.statements.stage import PartyStage
from pausenet.statements.tiers import Tier
from pausenet.values import Seq
from tests.protocol.courses import LABS, LAG, PANEL, VERIFIERS, network
from tests.protocol.paper import ANATOMY, index, name
from tests.protocol.walks import Walk

OTHERS = ("delta", "elm")
WAIT = 3


@cache
def opened(*, need_ppm: int = 600_000, wait: int = WAIT, peers: bool = False) -> Register:
    """The usual network, with two more labs, under an agreement to which one may accede."""
    clause = Accession(
        need_ppm=need_ppm,
        wait_periods=wait,
        affiliates=False,
        tenants_from_pflop=0,
        anatomy=ANATOMY,
    )
    return network(more=(clause,), others=OTHERS, peers=peers)


def accedes(held: Register, who: str = "delta", until: int = 99) -> tuple[str, Ratification]:
    return who, Ratification(agreement=held.agreement_digest, until=index(until))


def accepts(
    held: Register, *labs: str, of: str = "delta", word: bool = True
) -> list[tuple[str, Acceptance]]:
    body = Acceptance(agreement=held.agreement_digest, lab=name(of), accepts=word)
    return [(who, body) for who in labs]


def test_who_is_accepted_by_enough_is_bound_after_the_wait_and_not_before() -> None:
    held = opened()
    walk = Walk(held).cut(times=3)
    walk.cut(accedes(held))
    walk.cut(*accepts(held, "aurora"), times=2)
    assert walk.stage("delta") is PartyStage.CONDITIONAL
    walk.cut(*accepts(held, "cedar"))
    assert walk.bound("delta") == [(7 + LAG + WAIT, None)]
    walk.cut(times=LAG + WAIT)
    assert walk.stage("delta") is PartyStage.IN_FORCE
    assert walk.bound("elm") == []


@pytest.mark.parametrize("labs", [(), ("aurora",), ("delta", "elm", "aurora")])
def test_too_few_acceptances_or_those_of_outsiders_let_nobody_in(labs: tuple[str, ...]) -> None:
    held = opened()
    walk = Walk(held).cut(times=3).cut(accedes(held), *accepts(held, *labs)).cut(times=9)
    assert walk.bound("delta") == []
    assert walk.stage("delta") is PartyStage.CONDITIONAL


def test_acceptances_without_an_accession_let_nobody_in() -> None:
    held = opened()
    walk = Walk(held).cut(times=3).cut(*accepts(held, *LABS)).cut(times=9)
    assert walk.bound("delta") == []
    assert walk.stage("delta") is PartyStage.OPEN


def test_where_none_need_accept_anybody_who_accedes_is_let_in() -> None:
    held = opened(need_ppm=0, wait=0)
    walk = Walk(held).cut(times=3).cut(accedes(held))
    assert walk.bound("delta") == [(4 + LAG + 2, None)]


def test_an_acceptance_can_be_taken_back_until_the_lab_is_in_and_not_after() -> None:
    held = opened()
    early, late = Walk(held).cut(times=3), Walk(held).cut(times=3)
    early.cut(*accepts(held, "aurora", "birch"))
    early.cut(*accepts(held, "birch", word=False)).cut(accedes(held)).cut(times=9)
    assert early.bound("delta") == []
    late.cut(accedes(held), *accepts(held, "aurora", "birch"))
    late.cut(*accepts(held, "aurora", "birch", word=False)).cut(times=9)
    assert late.bound("delta") == [(4 + LAG + WAIT, None)]


def test_nobody_accedes_before_the_agreement_holds_somebody() -> None:
    held = opened(need_ppm=0)
    walk = Walk(held, ratified=False).cut(accedes(held)).cut(times=5)
    assert walk.bound("delta") == []
    assert walk.stage("delta") is PartyStage.CONDITIONAL


def test_who_comes_in_a_cut_accepts_nobody_in_it() -> None:
    held = opened()
    walk = Walk(held).cut(times=3)
    said = [accedes(held), accedes(held, "elm"), *accepts(held, "delta", "aurora", of="elm")]
    walk.cut(*said, *accepts(held, "aurora", "birch"))
    assert walk.bound("delta")
    assert not walk.bound("elm")
    walk.cut(*accepts(held, "cedar", of="elm"))
    assert walk.bound("elm") == [(5 + LAG + WAIT, None)]


def test_an_accession_lapses_at_its_until_and_one_withdrawn_in_its_cut_is_none() -> None:
    held = opened()
    lapsed = Walk(held).cut(times=3).cut(accedes(held, until=5)).cut(times=3)
    lapsed.cut(*accepts(held, *LABS)).cut(times=9)
    assert lapsed.stage("delta") is PartyStage.VOID
    assert lapsed.bound("delta") == []
    away = ("delta", Withdrawal(agreement=held.agreement_digest, reason=""))
    gone = Walk(held).cut(times=3).cut(accedes(held), away).cut(*accepts(held, *LABS)).cut(times=9)
    assert gone.stage("delta") is PartyStage.OPEN
    assert gone.bound("delta") == []


def test_without_the_clause_a_lab_outside_stays_outside_whatever_it_says() -> None:
    held = network(unread=OTHERS)
    assert candidates(held) == ()
    assert signatories(held) == held.agreement.parties
    walk = Walk(held).cut(accedes(held), *accepts(held, *LABS)).cut(times=9)
    assert set(walk.course.stages) == {name(who) for who in LABS}


def test_where_power_is_metered_a_lab_that_no_meter_reads_may_not_accede() -> None:
    held = network(more=opened().agreement.clauses[-1:], others=("delta",), unread=("elm",))
    assert candidates(held) == ("delta",)
    walk = Walk(held).cut(accedes(held, "elm"), *accepts(held, *LABS, of="elm")).cut(times=9)
    assert name("elm") not in walk.course.stages


def test_a_meter_that_reads_a_lab_outside_needs_the_clause() -> None:
    with pytest.raises(ValueError, match="nobody accedes"):
        network(others=("delta",))


def test_what_the_panel_says_of_a_lab_outside_counts_neither_then_nor_later() -> None:
    held = opened()
    walk = Walk(held).cut(times=3)
    for _ in range(4):
        walk.cut(*walk.decides(Outcome.NON_COMPLIANT, "delta", *PANEL))
    walk.cut(accedes(held), *accepts(held, *LABS)).cut(times=9)
    assert walk.stage("delta") is PartyStage.IN_FORCE
    assert walk.course.cases(name("delta")) == ()
    for _ in range(3):
        walk.cut(*walk.decides(Outcome.NON_COMPLIANT, "delta", *PANEL))
    assert walk.stage("delta") is PartyStage.FOUND


def test_who_has_acceded_counts_in_the_lift_and_leaves_as_the_others_do() -> None:
    held = opened()
    walk = Walk(held).cut(times=3).cut(accedes(held), *accepts(held, *LABS)).cut(times=9)
    walk.cut(*walk.assents("aurora", "birch"))  # two of four: fewer than two thirds
    assert walk.bound("aurora")[-1][1] is None
    walk.cut(("delta", Withdrawal(agreement=held.agreement_digest, reason="")))
    assert walk.stage("delta") is PartyStage.IN_NOTICE
    walk.cut(times=LAG + 4)
    assert walk.stage("delta") is PartyStage.ENDED


def test_a_lift_during_the_wait_frees_and_a_new_trigger_binds_no_sooner_than_the_wait() -> None:
    held = opened(wait=20)
    walk = Walk(held).cut(times=3).cut(accedes(held), *accepts(held, *LABS))
    assert walk.bound("delta") == [(4 + LAG + 20, None)]
    walk.cut(*walk.assents("aurora", "birch", "cedar"))
    assert walk.bound("delta") == []


def test_no_order_and_no_delay_changes_whether_a_lab_is_let_in_nor_does_any_double() -> None:
    """When it is let in, the cuts say that hold all of it; whether, what was said."""
    chance = random.Random("accession")
    found = set()
    for _ in range(60):
        held = opened(need_ppm=chance.choice((0, 300_000, 600_000, 1_000_000)), wait=WAIT)
        words = [accedes(held), *accepts(held, *chance.sample(LABS, chance.randrange(4)))]
        outcomes = set()
        for _ in range(3):
            mixed = [*words, *chance.choices(words, k=chance.randrange(3))]
            chance.shuffle(mixed)
            walk, at = Walk(held).cut(times=2), chance.randrange(len(mixed) + 1)
            walk.cut(*mixed[:at])
            early = walk.bound("delta")
            walk.cut(*mixed[at:]).cut(*mixed).cut(times=9)
            assert walk.bound("delta") == early or not early
            assert all(start >= 3 + LAG + WAIT for start, _ in walk.bound("delta"))
            outcomes.add(bool(walk.bound("delta")))
        assert len(outcomes) == 1
        found |= outcomes
    assert found == {True, False}


def test_no_order_among_those_who_come_by_one_cut_matters() -> None:
    chance = random.Random("together")
    found = set()
    for _ in range(60):
        held = opened(need_ppm=chance.choice((300_000, 600_000)))
        words = [accedes(held), accedes(held, "elm")]
        for lab in OTHERS:
            words += accepts(held, *chance.sample((*LABS, *OTHERS), chance.randrange(4)), of=lab)
        orders = [chance.sample(words, len(words)) for _ in range(3)]
        walks = [Walk(held).cut(times=3).cut(*each).cut(times=3) for each in orders]
        outcomes = [tuple(bool(walk.bound(lab)) for lab in OTHERS) for walk in walks]
        assert outcomes[0] == outcomes[1] == outcomes[2]
        found.add(outcomes[0])
    assert len(found) == 4


def test_who_has_joined_is_whom_k_verifiers_say_the_same_of_and_reads_as_a_party() -> None:
    held = opened()
    walk = Walk(held).cut(times=3)
    [(_, body), *_] = walk.appraised("delta", Status.NO_BREACH_FOUND)
    logs = {name(who): (statement(body),) for who in VERIFIERS[:3]}
    assert joined_in(held, logs) == {name("delta"): body.bound[0].start}
    assert joined_in(held, {who: logs[who] for who in list(logs)[:2]}) == {}
    other = {**logs, name("aurora"): logs[name("verifier-3")]}
    del other[name("verifier-3")]
    assert joined_in(held, other) == {}
    assert circle_of(held, name("delta")) is Tier.PUBLIC
    assert circle_of(held, name("delta"), joined_in(held, logs)) is Tier.PARTIES
    assert circle_of(held, name("elm"), joined_in(held, logs)) is Tier.PUBLIC


def test_nobody_is_said_to_have_joined_where_nobody_may() -> None:
    held = network(unread=OTHERS)
    [(_, body), *_] = Walk(held).cut(times=3).appraised("delta", Status.NO_BREACH_FOUND)
    assert joined_in(held, {name(who): (statement(body),) for who in VERIFIERS}) == {}


def statement(body: Body) -> Statement:
    """A statement of this body; who says it, the log that holds it tells."""
    held = opened()
    return Statement(
        subject=Subject(name="cut", digest=held.agreement_digest),
        network=held.network_id,
        author=name("verifier-1"),
        origin=held.origin_of(name("verifier-1")),
        seq=Seq(0),
        prev=held.agreement_digest,
        agreement=held.agreement_digest,
        period=None,
        seen=(),
        body=body,
    )
