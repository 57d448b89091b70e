"""Each story of the scenario table, told on paper and appraised."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pausenet.protocol import faults, rules
from pausenet.protocol.appraisal import Appraised
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.evidence import decode_bundle
from pausenet.statements.agreement import UNCONDITIONAL
from pausenet.statements.finding import (
    Claim,
    Fault,
    FaultNotice,
    Grade,
    Status,
    Support,
)
from pausenet.values import Digest, TreeSize
from tests.protocol.builders import Paper, of_lab, without_times
from tests.protocol.bundles import two_faces
from tests.protocol.paper import ENERGY, name, register, silence, usage
from tests.protocol.stories import told

HIDDEN = {"birch": ENERGY * 110 // 100}


def claims_of(found: tuple[Appraised, ...], lab: str) -> dict[Claim, Support]:
    return dict(of_lab(found, lab).appraisal.claims)


def test_an_honest_network_has_no_findings_and_nothing_is_ever_supported() -> None:
    paper = Paper()
    for number in range(6):
        found = paper.period(number)
        expected = Status.NOT_IN_FORCE if number < 2 else Status.NO_BREACH_FOUND
        for lab in ("aurora", "birch"):
            assert told(found, lab) == (expected, [])
            assert set(claims_of(found, lab).values()) == {Support.NO_CONCLUSION}
    assert {item.appraisal.rules for item in found} == {rules.RULES_DIGEST}


def test_under_declaration_is_a_discrepancy_and_never_a_proof() -> None:
    paper = Paper()
    for number in range(7):
        found = paper.period(number, metered=HIDDEN if number >= 3 else {})
        if number < 4:
            assert told(found, "birch")[1] == []
    assert told(found, "birch") == (Status.DISCREPANCY, [(Fault.F7, Grade.PLAUSIBLE)])
    assert told(found, "aurora") == (Status.NO_BREACH_FOUND, [])
    assert claims_of(found, "birch")[Claim.FLEET] is Support.CONTRADICTED
    assert claims_of(found, "birch")[Claim.CORRECTNESS] is Support.NO_CONCLUSION
    finding = of_lab(found, "birch").appraisal.findings[0]
    assert finding.periods == (3, 4)
    assert "z = 9.611 and 9.332, limit 2.326; alpha 50000 ppm for all 3 tests" in finding.claim
    assert "read by birch-meter (group birch-meter), declared by birch" in finding.claim
    assert "power against" in finding.claim


def test_a_single_anomaly_is_no_finding() -> None:
    paper = Paper()
    for number in range(12):
        found = paper.period(number, metered=HIDDEN if number == 3 else {})
    assert told(found, "birch") == (Status.NO_BREACH_FOUND, [])


def test_one_excess_is_one_finding_until_a_quarter_of_a_series_has_passed() -> None:
    """It alarms again in every second period; a finding names it anew after more than 13."""
    paper = Paper()
    for number in range(24):
        found = paper.period(number, metered=HIDDEN if number >= 5 else {})
    periods = [each.periods for each in of_lab(found, "birch").appraisal.findings]
    assert periods == [(5, 6), (19, 20)]


def test_hiding_in_every_other_period_is_found_all_the_same() -> None:
    paper = Paper()
    for number in range(12):
        found = paper.period(number, metered=HIDDEN if number in (3, 5, 7) else {})
    (finding,) = of_lab(found, "birch").appraisal.findings
    assert finding.periods == (3, 4, 5)
    assert "Page's test for a large shift, k = 1.000, stands at" in finding.claim


def test_one_percent_a_week_is_found_though_no_single_balance_is_remarkable() -> None:
    """No value passes the limit of two in a row; Page's sum for a small shift passes its own."""
    paper = Paper(register(calibration=4))
    for number in range(22):
        found = paper.period(number, metered={"birch": ENERGY * 101 // 100} if number >= 3 else {})
        if number == 16:
            assert told(found, "birch") == (Status.NO_BREACH_FOUND, [])
    bundle = of_lab(found, "birch")
    (finding,) = bundle.appraisal.findings
    assert (finding.periods[0], len(finding.periods)) == (3, 15)
    assert "Page's test for a small shift, k = 0.500, stands at 5." in finding.claim
    judged = verify_bundle(bundle.bundles[finding.bundle], paper.register.network_id)
    values = re.findall(r"z = (-?[0-9.]+),", "\n".join(line.text for line in judged.checks))
    assert len(values) == 16
    assert max(float(value) for value in values) < 1.0


def test_a_meter_that_is_never_recalibrated_takes_one_percent_for_its_own_error() -> None:
    paper = Paper()
    for number in range(30):
        found = paper.period(number, metered={"birch": ENERGY * 101 // 100} if number >= 3 else {})
    assert told(found, "birch") == (Status.NO_BREACH_FOUND, [])


def test_a_silent_period_begins_a_new_series() -> None:
    """The bundle shows consecutive periods only: what lies before a gap cannot be carried on."""
    paper, tenth = Paper(), {"birch": ENERGY * 103 // 100}
    for number in range(12):
        found = paper.period(number, metered=tenth, silent=("birch",) if number in (3, 5) else ())
        findings = of_lab(found, "birch").appraisal.findings
    periods = [each.periods for each in findings if each.fault is Fault.F7]
    assert periods == [(6, 7)]


def test_what_is_metered_before_the_agreement_binds_is_no_discrepancy() -> None:
    paper = Paper()
    for number in range(3):
        found = paper.period(number, metered=HIDDEN)
    assert told(found, "birch") == (Status.NO_BREACH_FOUND, [])
    assert told(paper.period(3, metered=HIDDEN), "birch")[0] is Status.DISCREPANCY


@pytest.mark.parametrize("over", [usage(run_pflop=50_001), usage(total_pflop=100_001)])
def test_over_cap_is_proven_two_cuts_later(over: object) -> None:
    paper = Paper()
    statuses = []
    for number in range(7):
        found = paper.period(number, used={"birch": over} if number == 3 else {})
        statuses.append(told(found, "birch")[0])
    assert statuses[3:5] == [Status.NO_BREACH_FOUND] * 2
    assert statuses[5:] == [Status.BREACH_PROVEN] * 2
    (finding,) = of_lab(found, "birch").appraisal.findings
    assert (finding.fault, finding.grade, finding.periods) == (Fault.F6, Grade.CONFIRMED, (3,))
    data = of_lab(found, "birch").bundles[finding.bundle]
    assert verify_bundle(data, paper.register.network_id).exit_code == 1
    assert told(found, "aurora") == (Status.NO_BREACH_FOUND, [])


def test_exactly_the_cap_is_no_breach() -> None:
    paper = Paper()
    at_cap = usage(run_pflop=50_000, total_pflop=100_000)
    for number in range(7):
        found = paper.period(number, used={"birch": at_cap})
    assert told(found, "birch") == (Status.NO_BREACH_FOUND, [])


def test_over_cap_before_the_agreement_binds_is_no_breach() -> None:
    paper = Paper()
    for number in range(6):
        found = paper.period(number, used={"birch": usage(run_pflop=9**9)} if number < 2 else {})
    assert told(found, "birch") == (Status.NO_BREACH_FOUND, [])


def test_usage_that_does_not_name_the_agreement_in_force_is_not_given() -> None:
    paper = Paper()
    for number in range(3):
        paper.period(number)
    paper.in_force = {}
    found = paper.period(3, used={"birch": usage(run_pflop=9**9)})
    assert told(found, "birch")[0] is Status.NOT_DEMONSTRATED
    for number in range(4, 7):
        found = paper.period(number)
    assert Fault.F6 not in [fault for fault, _ in told(found, "birch")[1]]


def test_unconditional_over_cap_rests_on_the_accuseds_own_ratification_alone() -> None:
    held = register(activation=UNCONDITIONAL)
    paper = Paper(held, ratify=False)
    paper.ratify("birch")
    for number in range(6):
        found = paper.period(number, used={"birch": usage(run_pflop=60_000)} if number >= 2 else {})
    assert told(found, "birch") == (Status.BREACH_PROVEN, [(Fault.F6, Grade.CONFIRMED)])
    assert told(found, "aurora") == (Status.NOT_IN_FORCE, [])


def test_a_silent_lab_is_not_demonstrated_by_one_open_warrant() -> None:
    paper = Paper()
    for number in range(6):
        found = paper.period(number, silent={"birch"} if number >= 3 else ())
    assert told(found, "birch") == (Status.NOT_DEMONSTRATED, [(Fault.F5, Grade.UNRESOLVED)])
    finding = of_lab(found, "birch").appraisal.findings[0]
    assert finding.periods == (3, 4, 5)
    assert told(found, "aurora") == (Status.NO_BREACH_FOUND, [])
    assert claims_of(found, "birch")[Claim.COMPLETENESS] is Support.NO_CONCLUSION


def test_a_lab_cut_off_is_clear_once_it_has_answered() -> None:
    paper = Paper()
    cut_off = {"birch", "birch-meter"}
    for number in range(5):
        found = paper.period(number, silent=cut_off if number >= 3 else ())
    status, listed = told(found, "birch")
    assert (status, set(listed)) == (Status.NOT_DEMONSTRATED, {(Fault.F5, Grade.UNRESOLVED)})
    for number in (3, 4):
        paper.use("birch", number)
        paper.read("birch", number)
    found = paper.period(5)
    status, listed = told(found, "birch")
    assert (status, set(listed)) == (Status.NO_BREACH_FOUND, {(Fault.F5, Grade.UNSUPPORTED)})
    for finding in of_lab(found, "birch").appraisal.findings:
        assert finding.claim.startswith("withdrawn: ")
        assert finding.periods == (3, 4)


def test_a_period_half_answered_leaves_the_rest_open() -> None:
    paper = Paper()
    for number in range(5):
        paper.period(number, silent={"birch"} if number >= 3 else ())
    paper.use("birch", 3)
    found = paper.period(5)
    status, listed = told(found, "birch")
    assert status is Status.NOT_DEMONSTRATED
    assert listed == [(Fault.F5, Grade.UNRESOLVED), (Fault.F5, Grade.UNSUPPORTED)]
    assert [f.periods for f in of_lab(found, "birch").appraisal.findings] == [(4,), (3,)]


def test_a_statement_after_the_close_is_late_in_its_own_cut_and_clear_in_the_next() -> None:
    paper = Paper()
    for number in range(3):
        paper.period(number)
    found = paper.period(3, late={"birch"})
    assert told(found, "birch")[0] is Status.NOT_DEMONSTRATED
    found = paper.period(4)
    assert told(found, "birch") == (Status.NO_BREACH_FOUND, [(Fault.F5, Grade.UNSUPPORTED)])


def test_f_verifiers_alone_raise_no_warrant_of_silence() -> None:
    paper = Paper()
    for number in range(3):
        paper.period(number)
    mute = set(paper.register.verifiers[1:])
    paper.period(3, silent={"birch"}, mute=mute)
    found = paper.close(4)
    assert told(found, "birch") == (Status.NOT_DEMONSTRATED, [])


def test_silences_do_not_stand_against_evidence_of_time() -> None:
    paper = Paper()
    for number in range(3):
        paper.period(number)
    paper.period(3, silent=())
    for verifier in paper.register.verifiers:
        log = paper.log("birch")
        paper.log(verifier).say(silence(paper.register, log.origin, 3, log.size))
    assert told(paper.period(4), "birch") == (Status.NO_BREACH_FOUND, [])


def test_a_missing_reading_leaves_the_lab_not_demonstrated() -> None:
    paper = Paper()
    for number in range(4):
        found = paper.period(number, silent={"birch-meter"} if number == 3 else ())
    assert told(found, "birch") == (Status.NOT_DEMONSTRATED, [(Fault.F5, Grade.UNRESOLVED)])
    assert of_lab(found, "birch").appraisal.findings[0].accused == "birch-meter"


def test_missing_statements_before_the_agreement_binds_are_not_demonstrated_too() -> None:
    paper = Paper()
    found = paper.period(0, silent={"birch"})
    assert told(found, "birch")[0] is Status.NOT_DEMONSTRATED
    assert told(found, "aurora")[0] is Status.NOT_IN_FORCE


def test_a_cut_without_evidence_of_time_demonstrates_nothing() -> None:
    paper = Paper()
    for number in range(4):
        paper.period(number)
    paper.use("birch", 4)
    for lab in ("aurora", "birch"):
        paper.read(lab, 4)
    paper.use("aurora", 4)
    cut = paper.cut(4)
    birch = paper.log("birch").origin
    assert told(paper.appraise(cut), "birch")[0] is Status.NO_BREACH_FOUND
    assert told(paper.appraise(without_times(cut, birch)), "birch")[0] is Status.NOT_DEMONSTRATED


@pytest.mark.parametrize("spoil", ["one", "signature", "size", "root", "nobody"])
def test_evidence_of_time_counts_only_when_true_and_by_f_plus_one(spoil: str) -> None:
    paper = Paper()
    paper.use("birch", 0)
    cut = paper.cut(0)
    place = next(i for i, item in enumerate(cut.origins) if item.origin.endswith("/birch"))
    item = cut.origins[place]
    first, second = item.times
    changed = {
        "one": (first,),
        "signature": (first, replace(second, signature=first.signature)),
        "size": (first, replace(second, size=TreeSize(1))),
        "root": (first, replace(second, root=Digest(bytes(32)))),
        "nobody": (first, replace(second, by=name("aurora"))),
    }[spoil]
    for lab in ("aurora", "birch"):
        paper.read(lab, 0)
    whole = paper.cut(0)
    spoilt = replace(
        whole,
        origins=tuple(
            replace(each, times=changed) if each.origin == item.origin else each
            for each in whole.origins
        ),
    )
    assert told(paper.appraise(whole), "birch")[0] is Status.NOT_IN_FORCE
    assert told(paper.appraise(spoilt), "birch")[0] is Status.NOT_DEMONSTRATED


def test_a_proof_that_verifiers_name_alike_makes_a_breach() -> None:
    paper, bundle = _with_two_faces()
    found = paper.period(3)
    assert told(found, "birch") == (Status.BREACH_PROVEN, [(Fault.F1, Grade.CONFIRMED)])
    finding = of_lab(found, "birch").appraisal.findings[0]
    assert finding.bundle == decode_bundle(bundle).digest
    assert finding.claim == decode_bundle(bundle).accusation.text
    claims = claims_of(found, "birch")
    assert claims[Claim.CORRECTNESS] is claims[Claim.COMPLETENESS] is Support.CONTRADICTED
    assert claims[Claim.FLEET] is Support.NO_CONCLUSION
    assert told(found, "aurora") == (Status.NO_BREACH_FOUND, [])


def test_a_proof_is_never_dropped() -> None:
    paper, _ = _with_two_faces()
    for number in range(3, 7):
        assert told(paper.period(number), "birch")[0] is Status.BREACH_PROVEN


def test_f_verifiers_cannot_put_a_proof_under_another_name() -> None:
    paper, bundle = _with_two_faces()
    digest = decode_bundle(bundle).digest
    liar = paper.log(paper.register.verifiers[0])
    liar.say(FaultNotice(fault=Fault.F1, accused=name("aurora"), bundle=digest))
    found = paper.period(3)
    assert told(found, "aurora") == (Status.NO_BREACH_FOUND, [])
    assert told(found, "birch")[0] is Status.BREACH_PROVEN


def test_a_notice_that_the_cut_does_not_list_changes_nothing() -> None:
    paper, _ = _with_two_faces()
    paper.faults = ()
    assert told(paper.period(3), "birch") == (Status.NO_BREACH_FOUND, [])


def test_a_meter_with_a_proven_fault_demonstrates_nothing_and_accuses_nobody() -> None:
    paper, _ = _with_two_faces("birch-meter")
    paper.period(3, metered=HIDDEN)
    found = paper.period(4, metered=HIDDEN)
    assert told(found, "birch") == (Status.NOT_DEMONSTRATED, [(Fault.F1, Grade.CONFIRMED)])
    assert of_lab(found, "birch").appraisal.findings[0].accused == "birch-meter"
    assert set(claims_of(found, "birch").values()) == {Support.NO_CONCLUSION}


def test_a_mute_verifier_changes_no_appraisal() -> None:
    whole, muted = Paper(), Paper()
    for number in range(6):
        story = {"metered": HIDDEN if number >= 3 else {}}
        one = whole.period(number, **story)
        other = muted.period(number, mute={"verifier-4"}, **story)
    for left, right in zip(one, other, strict=True):
        assert left.appraisal.findings == right.appraisal.findings
        assert left.appraisal.status is right.appraisal.status


def test_without_k_endorsements_a_cut_is_not_the_networks_and_nothing_comes_into_force() -> None:
    paper = Paper()
    first = paper.period(0, mute={"verifier-3", "verifier-4"})
    assert {item.appraisal.in_force_from for item in first} == {2}
    second = paper.period(1, mute={"verifier-3", "verifier-4"})
    assert {item.appraisal.in_force_from for item in second} == {3}


def _with_two_faces(who: str = "birch") -> tuple[Paper, bytes]:
    """A network in force in which all verifiers know F1 of one participant."""
    paper = Paper()
    for number in range(3):
        paper.period(number)
    one, other = two_faces(Paper(paper.register), who)
    place = one.size - 1
    bundle = faults.equivocation(paper.register, one.entries[place], other.entries[place])
    assert bundle is not None
    digest = decode_bundle(bundle).digest
    paper.faults = (digest,)
    for verifier in paper.register.verifiers:
        paper.log(verifier).say(FaultNotice(fault=Fault.F1, accused=name(who), bundle=digest))
    return paper, bundle
