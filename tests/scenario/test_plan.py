from dataclasses import replace

import pytest

from pausenet.scenario.expect import Expectation, ExpectedFinding
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan
from pausenet.scenario.plan import AgreementPlan, CheatKind, CheatPlan, LabPlan, MeterErrors
from pausenet.scenario.terms import agreement_of
from pausenet.statements import canonical
from pausenet.statements.agreement import decode_agreement
from pausenet.statements.finding import Grade, Status
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.small import AURORA, BIRCH, DAY, SMALL, VERIFIER, cheating

NOBODY = ParticipantId("nobody")


def index(number):
    return PeriodIndex(number)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"question": ""}, "question"),
        ({"periods": 11}, "periods"),
        ({"periods": 401}, "periods"),
        ({"speed": 0}, "speed"),
        ({"grace_s": 4 * DAY}, "grace"),
        ({"notice_periods": 1}, "notice"),
        ({"verifiers": SMALL.verifiers[:3]}, "verifiers"),
        ({"labs": SMALL.labs[:1]}, "labs"),
        ({"labs": (SMALL.labs[0], SMALL.labs[0])}, "one name"),
        ({"seed": -1}, "seed"),
        ({"faults": (PartitionPlan(of=NOBODY, start=index(1), until=index(2)),)}, "nobody"),
        ({"expect": Expectation(labs=((NOBODY, Status.DISCREPANCY),))}, "no lab"),
        (
            {
                "expect": Expectation(
                    findings=(ExpectedFinding(accused=AURORA, faults=(), grade=Grade.CONFIRMED),)
                )
            },
            "no fault",
        ),
    ],
)
def test_a_scenario_that_cannot_be_run_is_refused(change, problem):
    with pytest.raises(ValueError, match=problem):
        replace(SMALL, **change)


def test_a_verifier_does_not_cheat_as_a_lab_does():
    with pytest.raises(ValueError, match="for a lab"):
        cheating(CheatKind.TWO_FACES, by=VERIFIER)


def test_a_lab_does_not_cheat_as_a_verifier_does():
    with pytest.raises(ValueError, match="for a verifier"):
        cheating(CheatKind.MUTE_VERIFIER, by=AURORA)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (CheatPlan, {"by": BIRCH, "kind": CheatKind.SILENT, "start": index(3), "until": index(3)}),
        (
            CheatPlan,
            {
                "by": BIRCH,
                "kind": CheatKind.UNDER_DECLARATION,
                "start": index(3),
                "amount_ppm": 1_000_001,
            },
        ),
        (PartitionPlan, {"of": BIRCH, "start": index(3), "until": index(3)}),
        (RestorePlan, {"of": BIRCH, "to": index(3), "at": index(3)}),
        (MeterErrors, {"random_ppm": 0, "systematic_ppm": 0}),
        (AgreementPlan, {"trigger": ""}),
        (AgreementPlan, {"adjudicator": ""}),
        (AgreementPlan, {"lift": ""}),
        (
            LabPlan,
            {
                "name": ParticipantId("a" * 27),
                "accelerators": 10,
                "sites": 1,
                "utilisation_ppm": 1,
                "training_ppm": 1,
            },
        ),
        (
            LabPlan,
            {
                "name": BIRCH,
                "accelerators": 1,
                "sites": 2,
                "utilisation_ppm": 1,
                "training_ppm": 1,
            },
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused(kind, values):
    with pytest.raises(ValueError, match=r"expected|not after|mandatory|longer|no error|hides"):
        kind(**values)


def test_the_agreement_of_a_scenario_is_one_that_the_protocol_reads():
    agreement = agreement_of(SMALL)
    assert decode_agreement(canonical.encode(agreement.to_json())) == agreement
    assert all(text for clause in agreement.clauses for text in clause.anatomy.to_json().values())


def test_a_scenario_without_caps_has_no_clauses_for_them():
    agreement = agreement_of(replace(SMALL, agreement=AgreementPlan(run_cap=None, total_cap=None)))
    assert agreement.run_cap is None
    assert agreement.total_cap is None
    assert agreement.power_channel is not None


def test_clock_bounds_follow_from_the_speed_and_are_never_zero():
    assert (SMALL.epsilon_s, SMALL.delta_s, SMALL.heartbeat_s) == (8_640, 21_600, 21_600)
    slow = replace(SMALL, speed=1)
    assert min(slow.epsilon_s, slow.delta_s, slow.heartbeat_s) == 1


@pytest.mark.parametrize("kind", [CheatKind.TWO_FACES, CheatKind.OVER_CAP])
def test_a_cheat_of_nothing_is_no_cheat(kind):
    (plan,) = cheating(kind, amount_ppm=0).cheats
    assert not plan.real


def test_a_cheat_without_an_amount_is_always_one():
    (plan,) = cheating(CheatKind.SILENT, amount_ppm=0).cheats
    assert plan.real
