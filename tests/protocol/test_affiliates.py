"""A party answers for its affiliates by declaring their sites as its own, and in no other way."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import cache

import pytest

from pausenet.protocol.affiliates import affiliates_of
from pausenet.protocol.appraisal import Appraised
from pausenet.protocol.asking import draw_of
from pausenet.protocol.drafting.sentences import sentence
from pausenet.protocol.inspection import image_of
from pausenet.protocol.ledger import build_ledger
from pausenet.protocol.messages import Job, UsageSample
from pausenet.protocol.register import Register
from pausenet.protocol.stock import reconcile
from pausenet.simulator.vectors.case import Verdict
from pausenet.simulator.vectors.operated import operator_cases
from pausenet.statements.clauses import Accession
from pausenet.statements.codec import Body, encode
from pausenet.statements.declaration import Declaration, DeclaredSite
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.statements.usage import ClassUsage, ComputeUsage, SiteUsage, WorkloadClass
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    NetworkTime,
    ParticipantId,
    Pflop,
    Salt,
    StatementId,
    WattHours,
)
from tests.protocol.builders import Paper, of_lab
from tests.protocol.courses import network
from tests.protocol.inspected import chain
from tests.protocol.paper import ANATOMY, ENERGY, TOTAL_CAP, index, name, usage
from tests.protocol.stories import told
from tests.reference.second.bodies import read_statement
from tests.reference.second.spelling import Bad

PART = TOTAL_CAP * 6 // 10
"""What each of two sites uses: one is under the cap, both are over it."""
OWN, THEIRS = name("birch-s01"), name("birch-s02")
WHEN = 5


@cache
def opened(*, affiliates: bool = True) -> Register:
    """Aurora, birch and cedar; delta may accede, and elm, which no meter reads, may not."""
    clause = Accession(
        need_ppm=600_000,
        wait_periods=3,
        affiliates=affiliates,
        tenants_from_pflop=Pflop(0),
        anatomy=ANATOMY,
    )
    return network(more=(clause,), others=("delta",), unread=("elm",))


def sample(paper: Paper, *sites: ParticipantId, number: int = WHEN) -> UsageSample:
    """A period in which each of these sites trained as much."""
    start = NetworkTime(int(paper.schedule.period(index(number)).start))
    used = ClassUsage(occupied_s=AcceleratorSeconds(100), used_pflop=Pflop(PART))
    total = ClassUsage(
        occupied_s=AcceleratorSeconds(100 * len(sites)), used_pflop=Pflop(PART * len(sites))
    )
    nothing = ClassUsage(occupied_s=AcceleratorSeconds(0), used_pflop=Pflop(0))
    training = WorkloadClass.PRE_TRAINING
    energy = WattHours(ENERGY // len(sites))
    return UsageSample(
        period=index(number),
        sites=tuple(SiteUsage(site=each, accelerators=(), energy_wh=energy) for each in sites),
        classes=tuple((each, total if each is training else nothing) for each in WorkloadClass),
        runs=(),
        jobs=tuple(
            Job(
                site=each,
                workload=training,
                start=start,
                end=NetworkTime(start + 50),
                occupied_s=used.occupied_s,
                used_pflop=used.used_pflop,
                run="",
            )
            for each in sites
        ),
        salts=tuple(Salt(Digest.of(each.encode())) for each in sites),
        operators=tuple((each, name("elm")) for each in sites if each == THEIRS),
    )


def stated(paper: Paper, *sites: ParticipantId) -> ComputeUsage:
    """Birch's usage over these sites, from its own records."""
    ledger = build_ledger(paper.register.network_id, name("birch"), sample(paper, *sites))
    return ledger.usage(sample(paper, *sites))


def declared(operator: str = "elm") -> Declaration:
    run_by = name(operator) if operator else None
    sites = (
        DeclaredSite(site=OWN, accelerators=()),
        DeclaredSite(site=THEIRS, accelerators=(), operator=run_by),
    )
    return Declaration(sites=sites, meters=())


def appraised(held: Register, *sites: ParticipantId, aside: Body | None = None) -> list[Appraised]:
    """Birch declares both sites and states these in one period; elm says something of its own."""
    paper = Paper(held)
    paper.log("birch").say(declared())
    for number in range(WHEN + 4):
        use = {"birch": stated(paper, *sites)} if number == WHEN else {}
        if number == WHEN and aside is not None:
            period = paper.schedule.period(index(number))
            paper.log("elm").say(aside, period=period, agreed=held.agreement_digest)
        found = paper.period(number, used=use)
    return list(found)


@pytest.mark.parametrize("affiliates", [True, False])
def test_an_affiliates_site_counts_in_its_partys_total_by_the_partys_own_signature(
    affiliates: bool,
) -> None:
    held = opened(affiliates=affiliates)
    found = tuple(appraised(held, OWN, THEIRS))
    (finding,) = of_lab(found, "birch").appraisal.findings
    assert (finding.fault, finding.grade, finding.periods) == (Fault.F6, Grade.CONFIRMED, (WHEN,))
    assert told(found, "aurora") == (Status.NO_BREACH_FOUND, [])
    alone = tuple(appraised(held, OWN))
    assert told(alone, "birch") == (Status.NO_BREACH_FOUND, [])


def test_what_an_affiliate_signs_itself_convicts_nobody() -> None:
    """A thief of the affiliate's key may state what it likes."""
    found = tuple(appraised(opened(), OWN, aside=usage(total_pflop=TOTAL_CAP * 10)))
    assert told(found, "birch") == (Status.NO_BREACH_FOUND, [])
    assert {each.appraisal.lab: each.appraisal.findings for each in found} == {
        each.appraisal.lab: () for each in found
    }


def test_a_draw_visits_an_affiliates_site_as_every_other() -> None:
    held, paper = opened(), Paper(opened())
    body, times = stated(paper, OWN, THEIRS), 2_000
    drawn = [
        draw_of(held, image_of(chain("one"), index(3)), index(3), name("birch"), each, body).sites
        for each in (StatementId(Digest.of(b"%d" % at)) for at in range(times))
    ]
    visits = {site: sum(site in sites for sites in drawn) for site in (OWN, THEIRS)}
    assert min(visits.values()) > 0
    assert abs(visits[OWN] - visits[THEIRS]) < times // 20


def test_the_second_verifier_reads_an_operator_in_the_same_spelling_only() -> None:
    payload = encode(Paper(opened()).log("birch").statement(declared()))
    cases = operator_cases(payload)
    assert [case.verdict for case in cases].count(Verdict.ACCEPT) == 1
    for case in cases:
        found = Verdict.ACCEPT
        try:
            read_statement(base64.b64decode(str(case.inputs["payload"])))
        except Bad:
            found = Verdict.REFUSE
        assert found is case.verdict, case.name


def known(held: Register, operator: str) -> dict[str, str]:
    log = Paper(held).log("birch")
    return dict(affiliates_of(held, (log.statement(declared(operator)),)))


@pytest.mark.parametrize("operator", ["elm", "willow"])
def test_whoever_may_not_sign_is_the_affiliate_of_the_lab_that_declares_it(operator: str) -> None:
    assert known(opened(), operator) == {THEIRS: operator}


@pytest.mark.parametrize("operator", ["", "aurora", "birch", "delta"])
def test_who_may_sign_the_agreement_is_nobodys_affiliate_and_the_word_is_passed_over(
    operator: str,
) -> None:
    assert known(opened(), operator) == {}


def test_without_the_clause_or_its_affiliates_an_operator_means_nothing() -> None:
    assert known(opened(affiliates=False), "elm") == {}
    assert known(network(), "willow") == {}


@pytest.mark.parametrize(
    ("affiliates", "words"),
    [
        (True, "A party answers for its affiliates: their sites are declared as its own"),
        (False, "A party does not answer for its affiliates."),
    ],
)
def test_the_clause_is_explained_by_what_it_computes(affiliates: bool, words: str) -> None:
    agreement = opened(affiliates=affiliates).agreement
    (clause,) = (each for each in agreement.clauses if isinstance(each, Accession))
    assert words in sentence(clause, agreement.schedule)


def test_the_first_declaration_counts_and_no_declaration_names_nobody() -> None:
    held, log = opened(), Paper(opened()).log("birch")
    later = (log.statement(declared("")), log.statement(declared("elm")))
    assert affiliates_of(held, later) == {}
    assert affiliates_of(held, ()) == {}


def test_the_chip_account_names_who_runs_a_site() -> None:
    held = opened()
    log = Paper(held).log("birch")
    found = reconcile(held, {name("birch"): (log.statement(declared()),)})
    assert found.affiliates == {"birch": {THEIRS: "elm"}}
    plain = replace(declared(), sites=declared().sites[:1])
    silent = reconcile(held, {name("birch"): (log.statement(plain),)})
    assert silent.affiliates == {"birch": {}}
