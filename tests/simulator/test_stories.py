"""A story says who learned of what, and says what people do in the period in which they do it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from pausenet.files import find_scenario, read_scenario
from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.cases import Case, CaseStage
from pausenet.protocol.messages import Act
from pausenet.scenario.acts import ActPlan
from pausenet.simulator.endings import excused, halvings, told_of_finding
from pausenet.simulator.people import told_of
from pausenet.simulator.run import RunResult, simulate
from pausenet.statements.canonical import Json
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Fault, Finding, Grade
from pausenet.values import Digest, ParticipantId, PeriodIndex

AURORA, BIRCH, CEDAR = map(ParticipantId, ("aurora", "birch", "cedar"))
PLAIN = read_scenario(find_scenario("amended-limit"))
FAST = 5
"""A seed by which aurora's people act, by its own clock, before a period's true start."""


def proposal(at: int, start: int, by: ParticipantId = AURORA) -> ActPlan:
    terms: dict[str, Json] = {"clause": "lab-total-cap", "limit_pflop": 200_000_000, "start": start}
    return ActPlan.of(by, PeriodIndex(at), Kind.PROPOSAL, terms)


def words(run: RunResult) -> str:
    return " ".join(" ".join(run.transcript).split())


def of_cedar(fault: Fault, mark: int, claim: str = "c") -> Finding:
    return Finding(
        fault=fault,
        grade=Grade.CONFIRMED,
        claim=claim,
        accused=CEDAR,
        periods=(PeriodIndex(6), PeriodIndex(7)),
        bundle=Digest(bytes([mark]) * 32),
    )


def closed(fault: Fault, period: int, stage: CaseStage = CaseStage.CLOSED) -> Case:
    at = PeriodIndex(period)
    return Case(party=CEDAR, charge=(fault, at), stage=stage, since=PeriodIndex(12))


def life(*cases: Case) -> Lifecycle:
    return Lifecycle(parties={}, moves=tuple((case.since, case) for case in cases))


@cache
def amended() -> RunResult:
    return simulate(replace(PLAIN, periods=12))


def test_a_lab_that_then_breaks_a_limit_is_told_to_have_learned_of_it() -> None:
    assert "aurora, birch and cedar learn that the limit on a period falls" in words(amended())


def test_a_limit_that_people_want_is_told_as_agreements_have_it() -> None:
    assert "wants the limit of lab-total-cap to be 2e23 FLOP from period 12 on" in words(amended())
    assert "200000000 PFLOP" not in words(amended())


def test_people_with_a_fast_clock_are_told_of_in_the_period_by_which_they_act() -> None:
    acts = tuple(proposal(at, 20 + at) for at in range(1, 9))
    told = simulate(replace(PLAIN, periods=12, cheats=(), acts=acts), seed=FAST).transcript
    running, found = -1, dict[int, int]()
    for line in told:
        if begins := re.match(r"period (\d+)", line):
            running = int(begins[1])
        if wants := re.search(r"from period (\d+) on$", line):
            found[int(wants[1]) - 20] = running
    assert {at: found.get(at) for at in range(1, 9)} == {at: at for at in range(1, 9)}


def test_limits_are_told_to_halve_in_the_period_in_which_they_do_and_down_to_the_floor() -> None:
    assert "period 8: limits halve: 4e23 FLOP a period and 1e25 FLOP a run" in words(amended())
    told = dict(halvings(amended().register.agreement, 33))
    assert sorted(told) == [8, 16, 24, 32]
    assert told[24] == "limits halve: 1e23 FLOP a period and 2.5e24 FLOP a run"
    assert told[32] == "limits halve: 1.25e24 FLOP a run"  # the other is at its floor


def test_a_proposal_that_holds_is_not_told_to_have_failed() -> None:
    assert "needed: it stays" not in words(amended())


def test_proposals_with_too_few_behind_them_are_told_at_the_end() -> None:
    acts = (proposal(4, 12), proposal(5, 13, BIRCH))
    told = words(simulate(replace(PLAIN, periods=12, cheats=(), acts=acts)))
    for start in (12, 13):  # another start is another word
        wants = "1 of 3 of those held wants the limit of lab-total-cap to be 2e23 FLOP from period"
        assert f"end: {wants} {start} on, 60 % needed: it stays" in told
    assert "2 of 3 of those held" not in told


def test_an_accession_that_too_few_accept_is_told_at_the_end_and_one_that_succeeds_is_not() -> None:
    plain = read_scenario(find_scenario("accession"))
    story = replace(plain, periods=12, cheats=())
    alone = words(simulate(replace(story, acts=story.acts[:1])))
    assert "period 4: delta signs the agreement, to accede to it" in alone
    assert "aurora accepts that delta accedes" in alone
    accepts = "end: 1 of 3 of those held accepts that delta accedes"
    assert f"{accepts}, 60 % needed: it stays outside" in alone
    assert "it stays outside" not in words(simulate(story))


def test_only_a_party_whose_every_finding_the_panel_explained_is_told_to_be_excused() -> None:
    found, other = of_cedar(Fault.F7, 1), of_cedar(Fault.F6, 2)
    both = (closed(Fault.F7, 6), closed(Fault.F7, 7))
    assert excused(life(*both), (found,)) == {CEDAR}
    assert not excused(life(both[0]), (found,))
    assert not excused(life(*both), (found, other))
    assert not excused(life(*both, closed(Fault.F7, 7, CaseStage.QUERIED)), (found,))
    assert not excused(life(*both), ())


def test_amounts_of_an_f6_are_told_in_flop_beside_what_was_signed() -> None:
    claim = "run r-1234567 stands at 130000000000 PFLOP, the cap on a run is 100000000000"
    told = told_of_finding(of_cedar(Fault.F6, 1, claim))
    assert told.endswith(f"{claim} (in FLOP: 1.3e26 and 1e26)")
    assert told_of_finding(of_cedar(Fault.F7, 1, claim)).endswith(claim)


def test_what_is_notified_of_a_run_is_told_in_flop_and_of_chips_as_a_count() -> None:
    told = dict[str, str]()
    for what in ("new-run", "move"):
        terms: dict[str, Json] = {"what": what, "of": "peak", "amount": 2_000, "period": 12}
        terms["site"] = "birch-s01"
        plan = ActPlan.of(BIRCH, PeriodIndex(4), Kind.NOTIFICATION, terms)
        body = plan.body(Digest(bytes(32)))
        told[what] = told_of(Act(at=plan.at, kind=plan.kind, body=body))
    assert told["new-run"] == "notifies: new-run peak, 2e18 FLOP, in period 12"
    assert told["move"] == "notifies: move peak, 2000 accelerators, in period 12"
