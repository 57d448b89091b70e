"""What the cases have come to is told in words that say no more than the table of cases does."""

from __future__ import annotations

import pytest

from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.cases import Case, CaseStage, Charge, Review
from pausenet.protocol.proceedings import NOTHING, decided
from pausenet.statements.finding import Fault
from pausenet.values import Digest, ParticipantId, PeriodIndex

CEDAR, BIRCH = ParticipantId("cedar"), ParticipantId("birch")
F7: Charge = (Fault.F7, PeriodIndex(6))
S = CaseStage


def _life(*stages: CaseStage, charge: Charge = F7, party: ParticipantId = CEDAR) -> Lifecycle:
    moves = tuple(
        (
            PeriodIndex(at),
            Case(party=party, charge=charge, stage=stage, since=PeriodIndex(at)),
        )
        for at, stage in enumerate(stages)
    )
    return Lifecycle(parties={}, moves=moves)


@pytest.mark.parametrize(
    ("stages", "clause"),
    [
        ((S.QUERIED,), "the case of cedar over F7 of period 6 is not decided (queried)"),
        ((S.RIPE, S.FINAL), "a breach by cedar over F7 of period 6 is final"),
        (
            (S.RIPE, S.DETERMINED),
            "the panel found cedar in breach over F7 of period 6 (not final: an appeal is open)",
        ),
        (
            (S.RIPE, S.DETERMINED, S.APPEALED),
            "the panel found cedar in breach over F7 of period 6 "
            "(set aside until its appeal is heard)",
        ),
        (
            (S.RIPE, S.DETERMINED, S.APPEALED, S.FINAL),
            "the panel found cedar in breach over F7 of period 6 (final after its appeal)",
        ),
        (
            (S.RIPE, S.DETERMINED, S.FINAL),
            "the panel found cedar in breach over F7 of period 6 (final, with no appeal in time)",
        ),
        (
            (S.ANSWERED, S.CLOSED),
            "the panel cleared cedar over F7 of period 6",
        ),
        (
            (S.FINAL, S.CLOSED),
            "the breach found of cedar over F7 of period 6 stands no longer: its case is closed",
        ),
    ],
)
def test_a_case_is_told_by_its_whole_way(stages: tuple[CaseStage, ...], clause: str) -> None:
    assert decided(_life(*stages)) == (clause,)


def test_what_is_withdrawn_or_was_never_opened_is_not_told() -> None:
    assert decided(_life(S.QUERIED, S.NONE)) == ()
    assert decided(NOTHING) == ()


def test_a_refused_derogation_is_called_no_breach() -> None:
    (clause,) = decided(_life(S.DETERMINED, S.FINAL, charge=Review.OF_A_DEROGATION))
    assert clause == f"the case of cedar over {Review.OF_A_DEROGATION.value} is final"


def test_cases_with_one_end_are_told_together_and_a_bundle_by_its_files_name() -> None:
    digest = Digest(bytes(range(32)))
    first = _life(S.FINAL, charge=digest).moves
    more = [_life(S.FINAL, charge=(Fault.F6, PeriodIndex(at))).moves for at in (9, 4, 5)]
    other = _life(S.QUERIED, party=BIRCH).moves
    life = Lifecycle(parties={}, moves=(*first, *(move for each in more for move in each), *other))
    assert decided(life) == (
        "the case of birch over F7 of period 6 is not decided (queried)",
        f"a breach by cedar over bundle {digest.hex()[:16]} and F6 of 3 periods from 4 to 9 "
        "is final",
    )
