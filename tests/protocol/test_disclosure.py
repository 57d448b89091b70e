"""Who learned what: by signatures alone, judged by the agreement's tiers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.crypto import statement_id
from pausenet.protocol.circles import Matter, may_publish, may_read
from pausenet.protocol.disclosure import Disclosures, Held, Learned, disclosures
from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.register import Register
from pausenet.statements.challenge import InspectionReport
from pausenet.statements.clauses import Transparency
from pausenet.statements.codec import Body, Head, Statement, encode
from pausenet.statements.inspection import Closure, Drawn, Ended, InspectionRequest, Result
from pausenet.statements.reading import Reading
from pausenet.statements.settlement import LegalBasis
from pausenet.statements.tiers import Tier, Tiers
from pausenet.values import (
    Digest,
    NetworkTime,
    Role,
    StatementId,
    TreeSize,
    WattHours,
)
from tests.protocol.builders import Log
from tests.protocol.movements import HALL, appraisal, capacity, declared, shipped, usage
from tests.protocol.paper import DAY, agreement, applicant, index, keyring, name
from tests.statements.agreements import ANATOMY

PARTIES = ("aurora", "birch")
PEOPLE = (
    *((who, Role.LAB) for who in ("aurora", "birch", "elm")),
    *((f"{who}-meter", Role.METER) for who in PARTIES),
    *((f"verifier-{number}", Role.VERIFIER) for number in range(1, 5)),
    ("harbour", Role.HOST),
    ("office", Role.AUTHORITY),
    ("tribunal", Role.ADJUDICATOR),
)
BY_DEFAULT = Tiers()
CLOSURE = Closure(
    results=(Ended(inspection=Digest.of(b"i"), lab=name("aurora"), result=Result.IN_ORDER),)
)
REPORT = InspectionReport(
    inspection=Digest.of(b"i"),
    lab=name("aurora"),
    place="hall 9",
    found=8,
    undeclared=8,
    uids=Digest.of(b"uids"),
    energy_wh=WattHours(1),
    links=0,
)
VOLUNTARY = LegalBasis(words="none", voluntary=True, exchange_of_information="Verdicts alone.")


@cache
def network(
    tiers: Tiers = BY_DEFAULT, basis: LegalBasis | None = None, detail: Tier | None = None
) -> Register:
    plain = replace(agreement(PARTIES), tiers=tiers)
    if basis is not None:
        plain = replace(plain, legal_basis=basis)
    if detail is not None:
        clause = Transparency(anatomy=ANATOMY, heartbeat_s=DAY, detail=detail, zero_knowledge=False)
        plain = replace(plain, clauses=(*plain.clauses, clause))
    return compose_register(
        name="disclosure",
        applicants=tuple(applicant(who, role, "disclosure") for who, role in PEOPLE),
        registrar=applicant("registrar", Role.REGISTRAR, "disclosure"),
        agreement=plain,
        epsilon_s=DAY // 10,
        delta_s=DAY // 4,
        heartbeat_s=DAY // 4,
        speed=DAY,
    )


def said(
    register: Register, who: str, *bodies: Body, seen: tuple[tuple[str, int], ...] = ()
) -> tuple[Statement, ...]:
    """A log; its last statement has seen so much of others' logs."""
    keys = keyring(who, dict(PEOPLE)[who], "disclosure")
    log, found = Log(register=register, keys=keys), []
    for number, body in enumerate(bodies):
        period = register.agreement.schedule.period(index(number))
        found.append(log.statement(body, period=period, seq=number))
    if seen:
        heads = tuple(
            Head(
                origin=register.origin_of(name(other)),
                size=TreeSize(size),
                root=HALL_ROOT,
            )
            for other, size in sorted(seen)
        )
        found[-1] = replace(found[-1], seen=heads)
    return tuple(found)


HALL_ROOT = agreement(PARTIES).digest


def reading() -> Body:
    return Reading(party=name("aurora"), energy_wh=WattHours(1))


def held(reader: str, log: str, size: int, time: int) -> Held:
    return Held(reader=name(reader), log=name(log), size=size, time=NetworkTime(time))


def by_reader(found: Disclosures, of: str, what: Matter) -> dict[str, Learned]:
    return {each.reader: each for each in found.learned if (each.of, each.what) == (of, what)}


def test_a_verifier_has_learned_what_it_signed_for_and_no_entry_more() -> None:
    register = network()
    logs = {name("aurora"): said(register, "aurora", usage(HALL), usage(HALL), usage(HALL))}
    marks = (held("verifier-1", "aurora", 2, 70), held("verifier-1", "aurora", 1, 50))
    totals = by_reader(disclosures(register, logs, marks), "aurora", Matter.TOTALS)
    assert set(totals) == {"verifier-1"}
    found = totals[name("verifier-1")]
    assert (found.periods, found.first, found.last) == ((0, 1), 50, 70)
    assert found.allowed
    assert not found.exchange


@pytest.mark.parametrize(
    ("log", "body", "of", "what"),
    [
        ("aurora", usage(HALL), "aurora", {Matter.TOTALS, Matter.SITES}),
        ("aurora", declared(HALL), "aurora", {Matter.SITES}),
        ("aurora", shipped("birch"), "aurora", {Matter.SITES}),
        ("aurora-meter", reading(), "aurora", {Matter.TOTALS}),
        ("harbour", capacity("aurora", "quay", 8), "aurora", {Matter.SITES}),
        ("verifier-2", appraisal(0), "aurora", {Matter.VERDICTS}),
        ("verifier-2", CLOSURE, "aurora", {Matter.VERDICTS}),
        ("verifier-2", REPORT, "aurora", {Matter.VERDICTS}),
    ],
)
def test_each_statement_tells_what_the_specification_says(
    log: str, body: Body, of: str, what: set[Matter]
) -> None:
    register = network()
    found = disclosures(
        register, {name(log): said(register, log, body)}, (held("verifier-1", log, 1, 9),)
    )
    assert {(each.of, each.what, each.reader) for each in found.learned} == {
        (of, each, "verifier-1") for each in what
    }


def test_nobody_learns_its_own() -> None:
    register = network()
    logs = {
        name("verifier-2"): said(register, "verifier-2", appraisal(0)),
        name("aurora"): said(register, "aurora", usage(HALL), seen=(("verifier-2", 1),)),
    }
    marks = (held("verifier-2", "verifier-2", 1, 5),)
    assert disclosures(register, logs, marks).learned == ()


@pytest.mark.parametrize(
    ("reader", "verdicts", "allowed"),
    [
        ("birch", Tier.PARTIES, True),
        ("aurora-meter", Tier.PARTIES, True),
        ("harbour", Tier.PARTIES, True),
        ("elm", Tier.PARTIES, False),
        ("elm", Tier.PUBLIC, True),
        ("birch", Tier.VERIFIERS, False),
    ],
)
def test_who_follows_a_verifiers_log_learns_its_verdicts_by_its_circle(
    reader: str, verdicts: Tier, allowed: bool
) -> None:
    register = network(Tiers(verdicts=verdicts))
    body = declared(HALL) if dict(PEOPLE)[reader] is Role.LAB else reading()
    logs = {
        name("verifier-1"): said(register, "verifier-1", appraisal(0), appraisal(1)),
        name(reader): said(register, reader, body, body, seen=(("verifier-1", 1),)),
    }
    (found,) = disclosures(register, logs, ()).learned
    assert (found.reader, found.what, found.allowed) == (reader, Matter.VERDICTS, allowed)
    assert found.first is None, "nobody signed a time"


def test_a_lab_that_has_a_rivals_log_is_beyond_its_tier() -> None:
    register = network()
    logs = {
        name("aurora"): said(register, "aurora", usage(HALL)),
        name("birch"): said(register, "birch", usage(HALL), seen=(("aurora", 1),)),
    }
    found = disclosures(register, logs, ()).learned
    assert {(each.reader, each.what, each.allowed) for each in found} == {
        ("birch", Matter.TOTALS, False),
        ("birch", Matter.SITES, False),
    }


def test_the_time_of_following_is_the_published_time_of_the_statement_that_says_so() -> None:
    register = network()
    logs = {
        name("verifier-1"): said(register, "verifier-1", appraisal(0)),
        name("birch"): said(register, "birch", usage(HALL), seen=(("verifier-1", 1),)),
    }
    marks = tuple(held(f"verifier-{at}", "birch", 1, 100 * at) for at in (1, 2, 3))
    verdicts = by_reader(disclosures(register, logs, marks), "aurora", Matter.VERDICTS)
    assert verdicts[name("birch")].first == 200, "one of four may be faulty"
    one = by_reader(disclosures(register, logs, marks[:1]), "aurora", Matter.VERDICTS)
    assert one[name("birch")].first is None


@pytest.mark.parametrize("basis", [None, VOLUNTARY])
def test_what_labs_learn_of_each_other_is_marked_where_the_basis_is_voluntary(
    basis: LegalBasis | None,
) -> None:
    register = network(basis=basis)
    logs = {
        name("verifier-1"): said(register, "verifier-1", appraisal(0)),
        name("birch"): said(register, "birch", usage(HALL), seen=(("verifier-1", 1),)),
        name("birch-meter"): said(register, "birch-meter", reading(), seen=(("verifier-1", 1),)),
    }
    found = disclosures(register, logs, (held("verifier-2", "verifier-1", 1, 1),))
    assert {each.reader for each in found.learned} == {"birch", "birch-meter", "verifier-2"}
    assert {each.reader for each in found.learned if each.exchange} == (
        {"birch"} if basis else set()
    )
    assert found.voluntary is (basis is not None)


def test_the_clause_on_transparency_narrows_figures_and_is_named() -> None:
    register = network(Tiers(period_totals=Tier.PUBLIC), detail=Tier.INSPECTOR)
    logs = {name("aurora"): said(register, "aurora", usage(HALL))}
    found = disclosures(register, logs, (held("verifier-1", "aurora", 1, 1),)).learned
    told = {each.what: (each.tier, each.allowed, each.clause) for each in found}
    assert told[Matter.TOTALS] == (Tier.INSPECTOR, False, "C23 and tiers.period_totals")
    assert told[Matter.SITES] == (Tier.INSPECTOR, False, "C23 and tiers.site_figures")


def test_job_records_are_counted_under_their_commitments() -> None:
    register = network()
    logs = {name("aurora"): said(register, "aurora", *[replace(usage(HALL), leaves=7)] * 2)}
    (sealed,) = disclosures(register, logs, ()).sealed
    assert (sealed.of, sealed.periods, sealed.records) == ("aurora", (0, 1), 14)


def asked_and_closed(register: Register, *results: Result) -> Disclosures:
    """Verifier-1 draws of aurora's period 3, and closes that request so, again and again."""
    drawn = Drawn(lab=name("aurora"), usage=StatementId.of(b"usage"), leaves=(4,), sites=())
    request = InspectionRequest(
        period=index(3), register_size=register.size, register_root=register.root, draws=(drawn,)
    )
    (first,) = said(register, "verifier-1", request)
    inspection = Digest(statement_id(encode(first)))
    closures = tuple(
        Closure(results=(Ended(inspection=inspection, lab=name("aurora"), result=result),))
        for result in results
    )
    log = said(register, "verifier-1", request, *closures)
    marks = tuple(held(f"verifier-{at}", "verifier-1", 9, 100 * at) for at in (2, 3))
    return disclosures(register, {name("verifier-1"): log}, marks)


@pytest.mark.parametrize("result", [Result.IN_ORDER, Result.CONTRADICTED])
def test_an_inspector_that_closes_with_records_in_hand_has_learned_them(result: Result) -> None:
    found = asked_and_closed(network(), Result.UNDELIVERED, result)
    (jobs,) = by_reader(found, "aurora", Matter.JOBS).values()
    assert (jobs.reader, jobs.periods, jobs.first, jobs.allowed) == ("verifier-1", (3,), 300, True)
    assert found.refused == ()


@pytest.mark.parametrize("result", [Result.UNANSWERED, Result.UNDELIVERED])
def test_what_was_not_opened_or_did_not_come_is_refused_and_nobody_learned_it(
    result: Result,
) -> None:
    found = asked_and_closed(network(), result)
    assert by_reader(found, "aurora", Matter.JOBS) == {}
    (refused,) = found.refused
    assert (refused.refusal.asker, refused.refusal.why) == ("verifier-1", result)
    assert (refused.refusal.of, refused.refusal.period, refused.time) == ("aurora", 3, 300)


def test_a_closure_of_what_nobody_asked_for_tells_nothing() -> None:
    register = network()
    ended = Ended(inspection=HALL_ROOT, lab=name("aurora"), result=Result.IN_ORDER)
    logs = {name("verifier-1"): said(register, "verifier-1", Closure(results=(ended,)))}
    found = disclosures(register, logs, ())
    assert (found.learned, found.refused) == ((), ())


SIZES = st.tuples(
    st.sampled_from(["verifier-1", "verifier-2", "verifier-3"]),
    st.sampled_from(["aurora", "birch"]),
    st.integers(1, 3),
    st.integers(1, 99),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(SIZES, max_size=6), st.lists(SIZES, max_size=3))
def test_one_more_signature_never_unlearns_anything(
    before: list[tuple[str, str, int, int]], more: list[tuple[str, str, int, int]]
) -> None:
    register = network()
    logs = {name(who): said(register, who, *[usage(HALL)] * 3) for who in ("aurora", "birch")}

    def known(marks: list[tuple[str, str, int, int]]) -> set[tuple[str, str, str, int]]:
        found = disclosures(register, logs, [held(*mark) for mark in marks])
        return {
            (each.of, each.what, each.reader, period)
            for each in found.learned
            for period in each.periods
        }

    assert known(before) <= known(before + more)


FIGURES_TO_PARTIES = Tiers(period_totals=Tier.PARTIES, site_figures=Tier.PARTIES)


@pytest.mark.parametrize(
    ("asker", "owner", "tiers", "given_to"),
    [
        ("verifier-1", "aurora", Tiers(), True),
        ("aurora", "aurora", Tiers(), True),
        ("birch", "verifier-1", Tiers(), True),
        ("elm", "tribunal", Tiers(), True),
        ("birch", "aurora", Tiers(), False),
        ("birch", "aurora-meter", Tiers(), False),
        ("office", "aurora", Tiers(), False),
        ("tribunal", "aurora", Tiers(), False),
        ("birch", "aurora", FIGURES_TO_PARTIES, True),
        ("office", "aurora", FIGURES_TO_PARTIES, True),
        ("elm", "aurora", FIGURES_TO_PARTIES, False),
        ("birch", "aurora", Tiers(period_totals=Tier.PARTIES), False),
        ("birch", "aurora", Tiers(site_figures=Tier.PUBLIC), False),
    ],
)
def test_entries_are_given_to_whose_circle_they_are_for(
    asker: str, owner: str, tiers: Tiers, given_to: bool
) -> None:
    register = network(tiers)
    members = register.members
    assert may_read(register, members[name(asker)], members[name(owner)]) is given_to


@pytest.mark.parametrize(
    ("owner", "tiers", "public"),
    [
        ("verifier-1", Tiers(), False),
        ("aurora", Tiers(), False),
        ("verifier-1", Tiers(verdicts=Tier.PUBLIC), True),
        ("tribunal", Tiers(verdicts=Tier.PUBLIC), True),
        ("aurora", Tiers(verdicts=Tier.PUBLIC), False),
        ("aurora-meter", Tiers(period_totals=Tier.PUBLIC), False),
        ("aurora", Tiers(period_totals=Tier.PUBLIC, site_figures=Tier.PUBLIC), True),
    ],
)
def test_entries_are_served_to_anybody_only_where_they_are_for_the_public(
    owner: str, tiers: Tiers, public: bool
) -> None:
    register = network(tiers)
    assert may_publish(register, register.members[name(owner)]) is public
