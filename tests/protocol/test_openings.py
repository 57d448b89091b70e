"""Openings: what is wrong in a ledger is met at its computed chance, and only the liar is shown."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest

from pausenet.errors import InvalidEvidence
from pausenet.protocol.asking import leaves_for
from pausenet.protocol.bundle import JUDGES, verify_bundle
from pausenet.protocol.evidence import (
    UNPROVEN,
    Material,
)
from pausenet.protocol.inspection import answer_due, detection, draw_leaves
from pausenet.protocol.openings import find_contradiction
from pausenet.protocol.reader import open_entry
from pausenet.protocol.sealing import seal
from pausenet.statements.challenge import Answer
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.inspection import Closure, Drawn, Opening, Result
from pausenet.statements.job import JobRecord
from pausenet.statements.usage import ClassUsage
from pausenet.values import AcceleratorSeconds, Digest, NetworkTime, PeriodIndex, Salt, Seq
from tests.protocol.agreed import agreed, shown
from tests.protocol.builders import Paper
from tests.protocol.inspected import (
    PERIOD,
    Case,
    answer,
    ask,
    attest_past,
    case,
    close,
    envelopes,
    refused,
    sums_wrong,
)
from tests.protocol.paper import register
from tests.protocol.succeeding import knowing, recover, rotate
from tests.reference.second import verifier as second

Change = Callable[[list[JobRecord]], list[JobRecord]]


def renumbered(records: list[JobRecord]) -> list[JobRecord]:
    return [replace(record, index=index) for index, record in enumerate(records)]


def dropped(records: list[JobRecord]) -> list[JobRecord]:
    """The totals count a job that the ledger no longer has."""
    return renumbered([*records[:5], *records[6:]])


def doubled(records: list[JobRecord]) -> list[JobRecord]:
    twin = replace(records[5], salt=Salt(Digest.of(b"twin")))
    return renumbered([*records[:6], twin, *records[6:]])


def moved(records: list[JobRecord]) -> list[JobRecord]:
    """Two jobs have changed places, and the sums between them with them."""
    jobs = [*records[:4], records[5], records[4], *records[6:]]
    own = records[5].used
    sums = tuple(
        (
            name,
            ClassUsage(
                occupied_s=AcceleratorSeconds(used.occupied_s + own.occupied_s),
                used_pflop=type(used.used_pflop)(used.used_pflop + own.used_pflop),
            )
            if name is records[5].workload
            else used,
        )
        for name, used in records[3].sums
    )
    jobs[4], jobs[5] = replace(jobs[4], sums=sums), replace(jobs[5], sums=records[5].sums)
    return renumbered(jobs)


def one_sum_wrong(records: list[JobRecord]) -> list[JobRecord]:
    sums = tuple(
        (name, replace(used, occupied_s=AcceleratorSeconds(used.occupied_s + 1)))
        for name, used in records[5].sums
    )
    return [*records[:5], replace(records[5], sums=sums), *records[6:]]


def out_of_the_period(records: list[JobRecord]) -> list[JobRecord]:
    late = replace(records[5], end=NetworkTime(10**9))
    return [*records[:5], late, *records[6:]]


def caught(found: Case, drawn: tuple[int, ...]) -> bool:
    indices = leaves_for(drawn, found.body.leaves)
    opening = Opening(request=found.id, usage=found.id, leaves=found.ledger.open(indices))
    usage = open_entry(found.paper.register, found.usage)
    records = [found.ledger.leaves[index] for index in indices]
    network = found.paper.register.network_id
    return find_contradiction(network, usage, opening, records) is not None


@pytest.mark.parametrize(
    ("change", "showing"),
    [
        (None, 0),
        (dropped, 2),
        (doubled, 2),
        (moved, 2),
        (one_sum_wrong, 3),
        (out_of_the_period, 3),
        (sums_wrong, 12),
    ],
)
def test_a_fault_of_a_ledger_is_met_at_its_computed_chance(
    change: Change | None, showing: int
) -> None:
    found = case(change)
    leaves = found.body.leaves
    shows = {index for index in range(leaves) if caught(found, (index,))}
    assert len(shows) == showing
    # Exactly, over every share of one leaf; at least so, over every share of two, whose openings
    # may meet in the middle.
    assert Fraction(len(shows), leaves) == detection(leaves=leaves, shown=showing, shares=(1,))
    pairs = list(combinations(range(leaves), 2))
    both = Fraction(sum(caught(found, pair) for pair in pairs), len(pairs))
    assert both >= detection(leaves=leaves, shown=showing, shares=(2,))
    met, rounds, shares = 0, 300, 3
    for number in range(rounds):
        draws = [
            draw_leaves(
                register().network_id,
                Digest.of(b"%d %d" % (number, verifier)),
                PeriodIndex(PERIOD),
                found.id,
                leaves=leaves,
                share=1,
            )
            for verifier in range(shares)
        ]
        met += any(caught(found, drawn) for drawn in draws)
    chance = detection(leaves=leaves, shown=showing, shares=(1,) * shares)
    deviation = (rounds * chance * (1 - chance)) ** 0.5
    assert abs(met - rounds * chance) <= 4 * deviation


def test_an_honest_opening_shows_nothing_whatever_is_drawn() -> None:
    found = case()
    for index in range(found.body.leaves):
        assert not caught(found, (index,))
    every = tuple(range(12))
    opening = found.opening(every)
    forms = [(), *[(at,) for at in every], *[(at, at + 1) for at in range(11)]]
    cases = [(*envelopes(found.usage, opening), *found.shown(*form)) for form in forms]
    assert not any(shown(register(), Fault.F10, cases))


def test_of_openings_only_what_contradicts_is_proven() -> None:
    found = case(one_sum_wrong)
    opening = found.opening(tuple(range(12)))
    said = envelopes(found.usage, opening)
    pairs = [(*said, *found.shown(at, at + 1)) for at in range(11)]
    assert [at for at, hit in enumerate(shown(register(), Fault.F10, pairs)) if hit] == [4, 5]
    wrong: list[tuple[Material, ...]] = [
        (*said, *found.shown(5)),
        (*said, *found.shown(5, 4)),
        (*said, *found.shown(4, 6)),
        (*said, *found.shown(4, 5, 6)),
        (*envelopes(opening, found.usage), *found.shown(4, 5)),
        (*envelopes(found.usage), *found.shown(4, 5)),
        (*envelopes(found.usage, found.opening((0, 11))), *found.shown(4, 5)),
        (*envelopes(case().usage, opening), *found.shown(4, 5)),
        (*envelopes(found.usage, found.opening((4, 5), lab="aurora")), *found.shown(4, 5)),
    ]
    assert shown(register(), Fault.F10, wrong) == [False] * len(wrong)


def test_nobody_can_put_a_record_in_a_labs_mouth() -> None:
    found, chance = case(), random.Random(1)
    said = envelopes(found.usage, found.opening((3, 4, 5, 11)))
    for _ in range(50):
        leaf = bytearray(found.ledger.leaves[4])
        leaf[chance.randrange(len(leaf))] ^= 1 << chance.randrange(8)
        forged = replace(found.shown(4)[0], record=bytes(leaf))
        with pytest.raises(UNPROVEN):
            JUDGES[Fault.F10](register(), (*said, forged))


# ------------------------------------------------------------------------------- left unanswered


def test_a_request_left_unanswered_is_proven_by_attesting_past_it() -> None:
    found = case()
    asked = ask(found)
    due = answer_due(found.paper.schedule, PeriodIndex(PERIOD))
    log = [found.usage]
    in_time = attest_past(found, asked, due)
    log.append(in_time)
    past = attest_past(found, asked, due + 1)
    head, reveal, request = asked.leaves()
    cases: list[tuple[Material, ...]] = [
        (head, reveal, request, *envelopes(*log, past)),
        (head, reveal, request, *envelopes(*log)),
        (head, reveal, request, *envelopes(found.usage, past)),
        (reveal, request, *envelopes(*log, past)),
        (head, request, reveal, *envelopes(*log, past)),
        (head, reveal, request, *envelopes(*log[1:], past)),
        envelopes(*asked.entries, *log, past),
        (head, reveal, replace(request, index=Seq(1)), *envelopes(*log, past)),
        (head, reveal, replace(request, proof=()), *envelopes(*log, past)),
    ]
    assert shown(register(), Fault.F10, cases) == [True, *[False] * 8]


def test_a_request_signed_beside_the_log_that_a_lab_has_seen_binds_it_to_nothing() -> None:
    """A crooked verifier shows a log without a request, and signs one for its place aside."""
    found = case()
    aside = ask(replace(found, paper=Paper()))
    log = found.paper.log("verifier-1")
    for entry in aside.entries[:2]:
        log.append(entry)
    log.say(Closure(results=()))
    true = replace(aside, paper=found.paper, entries=(*aside.entries[:2], log.entries[2]))
    past = attest_past(found, true, 20)
    cases: list[tuple[Material, ...]] = [
        (*aside.leaves(), *envelopes(found.usage, past)),
        (*true.leaves()[:2], aside.leaves()[2], *envelopes(found.usage, past)),
        (*true.leaves(), *envelopes(found.usage, past)),
    ]
    assert shown(register(), Fault.F10, cases) == [False] * 3


def test_who_has_recovered_since_is_not_proven_to_have_kept_back_what_it_lost() -> None:
    lost, kept = case(), case()
    for found, expected in ((lost, False), (kept, True)):
        asked, log = ask(found), found.paper.log("birch")
        change = recover(log) if found is lost else rotate(log)
        past = attest_past(found, asked, 20)
        held = knowing(register(), change)
        materials = (*asked.leaves(), *envelopes(found.usage, change, past))
        if expected:
            assert JUDGES[Fault.F10](held, materials).accusation.grade is Grade.CONFIRMED
        else:
            with pytest.raises(InvalidEvidence, match="recovered"):
                JUDGES[Fault.F10](held, materials)


def test_a_key_that_was_revoked_since_accuses_itself_and_not_its_owner() -> None:
    found = case(one_sum_wrong)
    opening = found.opening((4, 5, 11))
    change = recover(found.paper.log("birch"))
    held = knowing(register(), change)
    judgement = JUDGES[Fault.F10](held, (*envelopes(found.usage, opening), *found.shown(4, 5)))
    judged = judgement.accusation
    assert judged.grade is Grade.PLAUSIBLE
    assert judged.text.startswith("key compromised: ")
    data = seal(held, judgement).data
    assert verify_bundle(data, register().network_id).exit_code == 3
    second.judge(json.loads(data))


def test_an_answer_or_an_unseen_request_is_no_fault() -> None:
    answered = case()
    asked = ask(answered)
    given = answer(answered, asked)
    past = attest_past(answered, asked, 20)
    unseen = case()
    other = ask(unseen)
    blind = attest_past(unseen, other, 20, size=2)
    sighted = case()
    third = ask(sighted)
    seen = attest_past(sighted, third, 20, size=3)
    cases = [
        (*asked.leaves(), *envelopes(answered.usage, given, past)),
        (*other.leaves(), *envelopes(unseen.usage, blind)),
        (*third.leaves(), *envelopes(sighted.usage, seen)),
    ]
    assert shown(register(), Fault.F10, cases) == [False, False, True]


@pytest.mark.parametrize(
    "change",
    [
        lambda drawn: replace(drawn, leaves=((drawn.leaves[0] + 1) % 12,)),
        lambda drawn: replace(drawn, leaves=()),
        lambda drawn: replace(drawn, leaves=tuple(range(8))),
        lambda drawn: replace(drawn, sites=tuple(sorted({*drawn.sites} ^ {"north"}))),
        lambda drawn: replace(drawn, usage=type(drawn.usage)(Digest.of(b"other"))),
    ],
)
def test_a_request_for_what_was_not_drawn_binds_nobody(change: Callable[[Drawn], Drawn]) -> None:
    found = case()
    asked = ask(found, change=change)
    past = attest_past(found, asked, 20)
    assert agreed(register(), Fault.F10, *asked.leaves(), *envelopes(found.usage, past)) is None


def test_a_pre_image_of_another_period_or_chain_binds_nobody() -> None:
    found = case()
    wrong = ask(found, revealed=PERIOD + 1)
    late = case()
    late.paper.log("verifier-1").say(late.body)
    second = ask(late)
    for here, asked in ((found, wrong), (late, second)):
        past = attest_past(here, asked, 20)
        assert agreed(register(), Fault.F10, *asked.leaves(), *envelopes(here.usage, past)) is None


# ----------------------------------------------------------------------------------- F10r


def test_a_warrant_takes_f_plus_one_verifiers_of_one_mind() -> None:
    found = case()
    asked = ask(found)
    one, two, three = close(
        found, asked, Result.UNANSWERED, "verifier-1", "verifier-2", "verifier-3"
    )
    (else_,) = close(found, asked, Result.UNDELIVERED, "verifier-4")
    given, head = answer(found, asked), (asked.entries[2], found.usage)
    cases = [
        envelopes(*head, one, two),
        envelopes(*head, one, two, given),
        envelopes(*head, one),
        envelopes(*head, two, one),
        envelopes(*head, one, one),
        envelopes(*head, one, else_),
        envelopes(*head, one, two, three),
        envelopes(*head, one, two, given, given),
        envelopes(*head[::-1], one, two),
    ]
    assert shown(register(), Fault.F10R, cases) == [True, True, *[False] * 7]
    grades = [JUDGES[Fault.F10R](register(), materials).accusation.grade for materials in cases[:2]]
    assert grades == [Grade.UNRESOLVED, Grade.UNSUPPORTED]


def test_records_that_come_late_withdraw_the_warrant() -> None:
    found = case()
    asked = ask(found)
    names = ("verifier-2", "verifier-3")
    lacked = close(found, asked, Result.UNDELIVERED, *names)
    came = close(found, asked, Result.IN_ORDER, *names)
    others = close(found, asked, Result.IN_ORDER, "verifier-1", "verifier-4")
    head = (asked.entries[2], found.usage)
    cases = [
        envelopes(*head, *lacked, *came),
        envelopes(*head, *came, *lacked),
        envelopes(*head, *lacked, *others),
        envelopes(*head, *lacked, came[0]),
        envelopes(*head, *came),
    ]
    assert shown(register(), Fault.F10R, cases) == [True, False, False, False, False]


def test_a_refused_challenge_is_a_warrant_and_an_admitted_one_nothing() -> None:
    challenge, notice, refusal = refused(Paper())
    admitted = refused(Paper(), Answer.ADMIT)
    cases = [
        envelopes(challenge, notice, refusal),
        envelopes(*admitted),
        envelopes(notice, challenge, refusal),
        envelopes(challenge, notice),
        envelopes(challenge, challenge, refusal),
        envelopes(challenge, notice, refusal, refusal),
    ]
    assert shown(register(), Fault.F10R, cases) == [True, *[False] * 5]
    with pytest.raises(InvalidEvidence):
        JUDGES[Fault.F10R](register(), envelopes(*admitted))
