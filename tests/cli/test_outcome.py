"""What a run says: the quorum decides the status, and every finding must be expected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pausenet.cli.ending import (
    NOT_COUNTED,
    detected_sentence,
    finding_sentence,
    next_command,
    not_shown_sentence,
    print_ending,
    why_sentence,
)
from pausenet.cli.options import Display
from pausenet.cli.outcome import Outcome, StoredBundle, agreed, differences
from pausenet.cli.output import Screen
from pausenet.files import find_scenario, read_scenario
from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.cases import Case, CaseStage
from pausenet.scenario.evasions import ChannelKind
from pausenet.scenario.expect import Expectation, ExpectedFinding
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.simulator.record import Sighting
from pausenet.statements.finding import Appraisal, Claim, Fault, Finding, Grade, Status, Support
from pausenet.statements.stage import PartyStage, Span
from pausenet.values import Digest, NetworkId, ParticipantId, PeriodIndex

STORY = read_scenario(find_scenario("two-faces"))
CEDAR = ParticipantId("cedar")
LAST = PeriodIndex(STORY.periods - 1)
FORK = Finding(
    fault=Fault.F3,
    grade=Grade.CONFIRMED,
    claim="c",
    accused=CEDAR,
    periods=(PeriodIndex(6),),
    bundle=Digest(bytes(32)),
)


def _appraisal(lab: str, status: Status, *findings: Finding, period: int = LAST) -> Appraisal:
    return Appraisal(
        period=PeriodIndex(period),
        view=0,
        stage=PartyStage.IN_FORCE,
        bound=(Span(start=PeriodIndex(4), until=None),),
        corrections=0,
        lowered=(),
        cut=Digest(bytes(32)),
        rules=Digest(bytes(32)),
        agreement=Digest(bytes(32)),
        lab=ParticipantId(lab),
        status=status,
        claims=tuple((claim, Support.NO_CONCLUSION) for claim in Claim),
        findings=findings,
    )


def _everybody(*items: Appraisal, of: int = 4) -> dict[ParticipantId, tuple[Appraisal, ...]]:
    return {plan.name: items if n < of else () for n, plan in enumerate(STORY.verifiers)}


ALL = (
    _appraisal("aurora", Status.NO_BREACH_FOUND),
    _appraisal("birch", Status.NO_BREACH_FOUND),
    _appraisal("cedar", Status.BREACH_PROVEN, FORK),
)


def _outcome(*items: Appraisal, of: int = 4, story: Scenario = STORY) -> Outcome:
    return Outcome(
        network=NetworkId(bytes(32)),
        labs=agreed(story, _everybody(*items, of=of)),
        bundles=(
            StoredBundle(
                digest=FORK.bundle, path=Path("/run/b.json"), fault=Fault.F3, accused=CEDAR
            ),
        ),
        verifiers=tuple(plan.name for plan in story.verifiers),
        seed=7,
        sightings=(Sighting(accused=CEDAR, fault=Fault.F3, period=PeriodIndex(6)),),
    )


def test_what_three_of_four_verifiers_hold_is_the_networks() -> None:
    assert [lab.status for lab in _outcome(*ALL, of=3).labs] == [
        Status.NO_BREACH_FOUND,
        Status.NO_BREACH_FOUND,
        Status.BREACH_PROVEN,
    ]


def test_a_breach_that_verifiers_assert_without_a_proof_is_not_said_to_be_proven() -> None:
    """More than f lying verifiers can make a status, and never a proof."""
    bare = _outcome(*ALL[:2], _appraisal("cedar", Status.BREACH_PROVEN))
    told = finding_sentence(bare)
    assert "proven by" not in told
    assert "erifiers call cedar in breach, and show no proof of it" in told
    assert "proven by its own signatures" in finding_sentence(_outcome(*ALL))


def test_what_two_of_four_verifiers_hold_demonstrates_nothing() -> None:
    labs = _outcome(*ALL, of=2).labs
    assert {lab.status for lab in labs} == {Status.NOT_DEMONSTRATED}
    assert {support for lab in labs for _, support in lab.claims} == {Support.NO_CONCLUSION}


def test_an_appraisal_that_differs_in_one_finding_does_not_count() -> None:
    held = _everybody(*ALL)
    first, second = STORY.verifiers[0].name, STORY.verifiers[1].name
    held[first] = held[second] = (replace(ALL[2], findings=()),)
    assert {lab.status for lab in agreed(STORY, held)} == {Status.NOT_DEMONSTRATED}


def test_an_old_appraisal_says_nothing_of_now_but_a_proof_stands() -> None:
    old = [replace(item, period=PeriodIndex(LAST - 1)) for item in ALL]
    assert [lab.status for lab in _outcome(*old).labs] == [
        Status.NOT_DEMONSTRATED,
        Status.NOT_DEMONSTRATED,
        Status.BREACH_PROVEN,
    ]


def test_the_expected_outcome_has_no_differences() -> None:
    assert differences(STORY.expect, _outcome(*ALL)) == ()


@pytest.mark.parametrize(
    ("expected", "problem"),
    [
        (ExpectedFinding(accused=CEDAR, faults=(Fault.F1,), grade=Grade.CONFIRMED), "F3"),
        (ExpectedFinding(accused=CEDAR, faults=(Fault.F3,), grade=Grade.PLAUSIBLE), "F3"),
        (
            ExpectedFinding(
                accused=CEDAR, faults=(Fault.F3,), grade=Grade.CONFIRMED, withdrawn=True
            ),
            "withdrawal",
        ),
    ],
)
def test_a_finding_that_is_not_expected_is_a_difference(
    expected: ExpectedFinding, problem: str
) -> None:
    found = differences(Expectation(findings=(expected,)), _outcome(*ALL))
    assert any(problem in text for text in found)


def test_an_unexpected_finding_against_another_lab_is_a_difference() -> None:
    other = replace(FORK, accused=ParticipantId("aurora"))
    items = (_appraisal("aurora", Status.BREACH_PROVEN, other), *ALL[1:])
    assert any("aurora" in text for text in differences(STORY.expect, _outcome(*items)))


def test_a_withdrawn_warrant_must_have_been_seen_and_be_gone() -> None:
    expect = Expectation(
        findings=(
            ExpectedFinding(
                accused=CEDAR, faults=(Fault.F5,), grade=Grade.UNRESOLVED, withdrawn=True
            ),
        )
    )
    clear = (*ALL[:2], _appraisal("cedar", Status.NO_BREACH_FOUND))
    never = replace(_outcome(*clear), sightings=())
    seen = replace(
        _outcome(*clear),
        sightings=(Sighting(accused=CEDAR, fault=Fault.F5, period=PeriodIndex(6)),),
    )
    assert differences(expect, seen) == ()
    assert differences(expect, never) != ()


def test_the_json_has_the_documented_members() -> None:
    found = _outcome(*ALL).to_json(Path("/run"))
    assert list(found) == [
        "run",
        "network_id",
        "labs",
        "bundles",
        "verifiers",
        "seed",
        "decided",
        "cases",
        "open_items",
        "leads",
    ]
    labs = found["labs"]
    assert isinstance(labs, dict)
    assert labs["cedar"] == {
        "status": "breach-proven",
        "stage": "in-force",
        "claims": {str(claim): "no-conclusion" for claim in Claim},
        "findings": [
            {
                "fault": "F3",
                "class": "proof",
                "grade": "confirmed",
                "claim": "c",
                "accused": "cedar",
                "periods": [6],
                "bundle": "/run/b.json",
            }
        ],
    }
    assert found["bundles"] == [{"path": "/run/b.json", "fault": "F3", "class": "proof"}]
    assert found["cases"] == {"moves": [], "parties": []}


def test_the_ending_uses_the_fixed_words_only() -> None:
    outcome = _outcome(*ALL)
    text = " ".join(
        (
            finding_sentence(outcome),
            why_sentence(outcome),
            not_shown_sentence(STORY, outcome),
            detected_sentence(STORY, outcome),
        )
    )
    assert "no breach found in what was declared" in text
    assert "proven by its own signatures" in text
    assert NOT_COUNTED in text
    assert "0 of 2 labs" in text
    assert "F3 in the cut of period 6, the same period" in text
    for word in ("compliant", "convicted", "guilty", "honest"):
        assert word not in text


def test_a_bloc_that_can_block_the_quorum_alone_is_warned_of() -> None:
    outcome = _outcome(*ALL)
    assert "bloc" not in not_shown_sentence(STORY, outcome)
    first, second, *rest = STORY.verifiers
    allied = (first, replace(second, bloc=first.bloc), *rest)
    text = not_shown_sentence(replace(STORY, verifiers=allied), outcome)
    assert f"the bloc {first.bloc!r} alone can block" in text


def test_an_answered_warrant_is_withdrawn_and_no_false_alarm() -> None:
    answered = replace(FORK, fault=Fault.F5, grade=Grade.UNSUPPORTED)
    outcome = _outcome(*ALL[:2], _appraisal("cedar", Status.NO_BREACH_FOUND, answered))
    assert (CEDAR, Fault.F5) in outcome.withdrawn()
    assert outcome.findings == ()
    story = read_scenario(find_scenario("partition"))
    assert "0 of 3 labs" in detected_sentence(story, outcome)
    assert differences(story.expect, replace(outcome, sightings=())) == ()


def test_network_time_is_told_of_a_live_run_and_not_of_a_simulation() -> None:
    outcome = _outcome(*ALL)
    told = f"{STORY.speed} times real time"
    assert told in not_shown_sentence(STORY, replace(outcome, live=True))
    assert told not in not_shown_sentence(STORY, outcome)


def _bundle(mark: int, fault: Fault) -> StoredBundle:
    digest = Digest(bytes([mark]) * 32)
    return StoredBundle(digest=digest, path=Path(f"/run/{mark}.json"), fault=fault, accused=CEDAR)


def test_a_stranger_is_sent_to_a_proof_then_to_what_stands_and_never_to_what_was_answered() -> None:
    gone, warrant, proof = _bundle(1, Fault.F5), _bundle(2, Fault.F7), _bundle(3, Fault.F3)
    answered = replace(FORK, fault=Fault.F5, grade=Grade.UNSUPPORTED, bundle=gone.digest)
    stands = replace(FORK, fault=Fault.F7, grade=Grade.PLAUSIBLE, bundle=warrant.digest)
    items = (
        _appraisal("aurora", Status.NO_BREACH_FOUND, answered),
        _appraisal("birch", Status.DISCREPANCY, stands),
        _appraisal("cedar", Status.BREACH_PROVEN, replace(FORK, bundle=proof.digest)),
    )
    outcome = replace(_outcome(*items), bundles=(gone, warrant, proof))
    assert outcome.evidence == (proof, warrant, gone)
    assert outcome.answered == {gone.digest}
    assert "/run/3.json" in next_command(outcome, Path("/my"))
    assert "/run/2.json" in next_command(replace(outcome, bundles=(gone, warrant)), Path("/my"))
    only_gone = replace(outcome, bundles=(gone,))
    assert next_command(only_gone, Path("/my")).endswith("ledger /my")
    nothing = replace(only_gone, bundles=())
    assert next_command(nothing, Path("/my")).endswith("ledger /my"), "not to another story"
    at = PeriodIndex(4)
    case = Case(party=CEDAR, charge=(Fault.F5, at), stage=CaseStage.CLOSED, since=at)
    heard = Lifecycle(parties={}, moves=((at, case),))
    assert next_command(replace(only_gone, life=heard), Path("/my")).endswith("cases /my")


def test_evidence_that_was_answered_is_called_withdrawn(capsys: pytest.CaptureFixture[str]) -> None:
    answered = replace(FORK, fault=Fault.F5, grade=Grade.UNSUPPORTED)
    bundle = StoredBundle(
        digest=FORK.bundle, path=Path("/run/b.json"), fault=Fault.F5, accused=CEDAR
    )
    outcome = _outcome(*ALL[:2], _appraisal("cedar", Status.NO_BREACH_FOUND, answered))
    told = {}
    for name, found in (("gone", outcome), ("stands", _outcome(*ALL))):
        each = replace(found, bundles=(bundle,))
        print_ending(Screen(Display.NONE), STORY, each, run=Path("/run"), repeat="again")
        told[name] = capsys.readouterr().out
    assert "F5 warrant, withdrawn /run/b.json" in told["gone"]
    assert "withdrawn /run" not in told["stands"]


def test_the_finding_says_what_the_panel_decided() -> None:
    outcome = _outcome(*ALL)
    told = replace(outcome, decided=("the panel closed the case of birch", "cedar owes"))
    assert finding_sentence(told).endswith(". The panel closed the case of birch; cedar owes.")
    assert "panel" not in finding_sentence(outcome)


def test_what_the_chip_account_leaves_open_is_told_and_called_no_fault() -> None:
    clear = (*ALL[:2], _appraisal("cedar", Status.NO_BREACH_FOUND))
    outcome = replace(_outcome(*clear), bundles=())
    open_too = replace(outcome, open_items=("before period 0, harbour: one", "two", "three"))
    assert "in the chip account" not in why_sentence(outcome)
    assert why_sentence(open_too).endswith(
        "open in the chip account, a question and no fault: before period 0, harbour: one "
        "(and 2 more)."
    )
    honest = replace(STORY, cheats=())
    assert "no lab cheats in what it attests" in detected_sentence(honest, open_too)
    assert "no lab cheats in this scenario" in detected_sentence(honest, outcome)
    assert next_command(open_too, Path("/my")).endswith("stock /my")
    assert "stock" not in next_command(outcome, Path("/my"))


def test_what_was_done_before_any_period_that_a_finding_names_is_not_said_to_be_found() -> None:
    late = replace(FORK, accused=CEDAR, periods=(PeriodIndex(14),))
    outcome = _outcome(*ALL[:2], _appraisal("cedar", Status.BREACH_PROVEN, late))
    (cheat,) = (each for each in STORY.cheats if each.by == CEDAR)
    early = replace(cheat, start=PeriodIndex(4), until=PeriodIndex(6))
    told = detected_sentence(replace(STORY, cheats=(early,)), outcome)
    assert "no finding is of these periods" in told
    told = detected_sentence(replace(STORY, cheats=(replace(early, until=None),)), outcome)
    assert "no finding" not in told


def test_a_pace_that_no_limit_forbids_is_said_to_break_none_and_not_to_be_missed() -> None:
    cheat = CheatPlan(by=CEDAR, kind=CheatKind.OLD_PACE, start=PeriodIndex(6))
    kept_on = replace(STORY, cheats=(cheat,))
    clear = replace(_outcome(*ALL[:2], _appraisal("cedar", Status.NO_BREACH_FOUND)), sightings=())
    assert "from period 6): no limit in force was broken" in detected_sentence(kept_on, clear)
    unknown = replace(
        _outcome(*ALL[:2], _appraisal("cedar", Status.NOT_DEMONSTRATED)), sightings=()
    )
    assert "from period 6): not found" in detected_sentence(kept_on, unknown)


def test_leads_are_said_and_said_to_prove_nothing() -> None:
    led = replace(_outcome(*ALL), leads=((CEDAR, ChannelKind.SATELLITE),))
    said = detected_sentence(STORY, led)
    kind = ChannelKind.SATELLITE
    assert f"leads from outside the protocol, which prove nothing: cedar by {kind}" in said
    assert "leads" not in detected_sentence(STORY, _outcome(*ALL))
