"""Every clause kind is read back as it was written, and nothing else is read."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pausenet.errors import MalformedStatement
from pausenet.statements import canonical
from pausenet.statements.agreement import (
    UNCONDITIONAL,
    Activation,
    ActivationKind,
    Agreement,
    decode_agreement,
)
from pausenet.statements.annex import Annex, Channel
from pausenet.statements.clauses import (
    CLAUSES,
    Assurance,
    Clause,
    ClauseKind,
    ClusterCap,
    Coverage,
    RunCap,
    Stake,
    Withdrawal,
    clause_to_json,
    read_clause,
)
from pausenet.statements.clauses.conduct import StakeLoss
from pausenet.statements.clauses.course import Measure
from pausenet.statements.clauses.limits import CapStage, Exceeding, Metric, StagedCap
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.indicator import Indicator, IndicatorKind
from pausenet.statements.rule import IndicatorBound, OnRatification, Rule, Side
from pausenet.statements.settlement import Adjudicator, LegalBasis
from pausenet.values import ParticipantId, PeriodIndex, Pflop
from tests.reference.second.agreement import CLAUSE_KINDS
from tests.reference.second.agreement import agreement as second_agreement
from tests.reference.second.spelling import Bad
from tests.statements.agreements import (
    ANATOMY,
    OUTSIDE,
    PARTIES,
    plain,
    records,
    whole_agreements,
)

FEW = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


def second_reads(value: Any) -> bool:
    try:
        second_agreement(value)
    except Bad:
        return False
    return True


def first_reads(value: Any) -> bool:
    try:
        decode_agreement(canonical.encode(value))
    except MalformedStatement:
        return False
    return True


def test_the_union_is_the_catalogue_in_its_order() -> None:
    assert [kind.ID for kind in CLAUSES] == [f"C{number:02d}" for number in range(1, 30)]
    assert [kind.KIND for kind in CLAUSES] == list(ClauseKind)
    assert [kind.id for kind in ClauseKind] == [kind.ID for kind in CLAUSES]
    assert list(CLAUSE_KINDS) == list(ClauseKind)


@FEW
@given(whole_agreements())
def test_an_agreement_of_all_kinds_is_read_back_by_both_readers(agreement: Agreement) -> None:
    assert decode_agreement(canonical.encode(agreement.to_json())) == agreement
    assert second_reads(agreement.to_json())


def members(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every member of a JSON value."""
    if not isinstance(value, dict | list):
        return []
    found = []
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        found += [(*path, key), *members(each, (*path, key))]
    return found


def mutated(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    copy = canonical.decode(canonical.encode(value), maximum_bytes=10**6)
    at: Any = copy
    for key in path[:-1]:
        at = at[key]
    if new is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return copy


NEW = (..., "", "x", 0, 1, -1, 2**53 - 1, True, [], {}, ["x"])


@FEW
@given(whole_agreements(), st.randoms(use_true_random=False))
def test_both_readers_refuse_the_same_mutations(agreement: Agreement, chance: Random) -> None:
    whole = agreement.to_json()
    paths = members(whole)
    for _ in range(10):
        path, new = chance.choice(paths), chance.choice(NEW)
        changed = mutated(whole, path, new)
        assert first_reads(changed) == second_reads(changed), (path, new)


@pytest.mark.parametrize("kind", CLAUSES, ids=lambda kind: kind.KIND)
@FEW
@given(data=st.data())
def test_a_clause_without_one_of_its_members_is_refused(
    kind: type[Clause], data: st.DataObject
) -> None:
    clause = data.draw(records(kind))
    whole = clause_to_json(clause)
    assert isinstance(whole, dict)
    assert read_clause(whole, "clause") == clause
    assert isinstance(whole["anatomy"], dict)
    for text in whole["anatomy"]:
        for changed in ({**whole["anatomy"], text: ""}, {**whole["anatomy"]}):
            if changed[text]:
                del changed[text]
            with pytest.raises(MalformedStatement):
                read_clause({**whole, "anatomy": changed}, "clause")
    for name in whole:
        with pytest.raises(MalformedStatement):
            read_clause({key: each for key, each in whole.items() if key != name}, "clause")
    with pytest.raises(MalformedStatement):
        read_clause({**whole, "more": 1}, "clause")


def bound(sources: tuple[ParticipantId, ...], self_reported: bool, value: int = 1) -> Rule:
    return Rule(
        words="the loop closes",
        conditions=(
            IndicatorBound(
                indicator=IndicatorKind.MERGED_CODE,
                side=Side.AT_LEAST,
                bound=value,
                sources=sources,
                quorum=1,
                debounce_periods=1,
                self_reported=self_reported,
            ),
        ),
        need=1,
    )


def test_an_indicator_from_parties_alone_must_say_so() -> None:
    for rule in ("trigger", "lift"):
        with pytest.raises(ValueError, match=r"6.4 every source"):
            plain(**{rule: bound(PARTIES[:1], False)})
        with pytest.raises(ValueError, match=r"6.4 self_reported, and evaluator-1"):
            plain(**{rule: bound((*PARTIES, *OUTSIDE), True)})
        plain(**{rule: bound(PARTIES[:1], True)})
        plain(**{rule: bound((*PARTIES, *OUTSIDE), False)})


RUN = RunCap(limit_pflop=Pflop(1), anatomy=ANATOMY)
ASSURANCE = Assurance(deadline_period=PeriodIndex(3), unlinkable=True, anatomy=ANATOMY)
TWO = Activation(kind=ActivationKind.K_OF_N, need=2)
COVERAGE = Coverage(
    measure=Measure.PARTIES, need=2, deadline_period=PeriodIndex(3), anatomy=ANATOMY
)


@pytest.mark.parametrize(
    "over",
    [
        {"clauses": (RUN, replace(RUN, limit_pflop=Pflop(2)))},
        {"activation": Activation(kind=ActivationKind.K_OF_N, need=4)},
        {"activation": UNCONDITIONAL, "clauses": (ASSURANCE,)},
        {"activation": UNCONDITIONAL, "clauses": (COVERAGE,)},
        {"activation": TWO, "clauses": (replace(COVERAGE, need=3),)},
        {"activation": TWO, "clauses": (replace(COVERAGE, measure=Measure.CAPACITY),)},
        {"adjudicator": Adjudicator(words="w", panel=PARTIES[:1], quorum=1)},
        {"adjudicator": Adjudicator(words="w", panel=(ParticipantId("birch-meter"),), quorum=1)},
        {"annex": replace(plain().annex, channels=plain().annex.channels[1:])},
        {"annex": Annex(channels=(Channel(meter=OUTSIDE[0], party=OUTSIDE[1]),), power=None)},
        {"parties": PARTIES[::-1]},
        {"title": ""},
    ],
    ids=[
        *("a-kind-twice", "more-than-all", "assurance-alone", "coverage-alone", "other-need"),
        *("other-measure", "panel-of-parties", "panel-of-meters", "a-party-unread"),
        *("a-stranger-read", "unsorted", "untitled"),
    ],
)
def test_parts_that_cannot_stand_together_are_refused(over: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"clauses|activation|adjudicator|channels|Agreement"):
        plain(**over)


def test_parts_that_can_stand_together_are_not_refused() -> None:
    plain(clauses=(RUN, ASSURANCE))
    plain(activation=TWO, clauses=(COVERAGE,))
    plain(adjudicator=Adjudicator(words="w", panel=OUTSIDE, quorum=2))


@pytest.mark.parametrize(
    ("record", "over"),
    [
        (Activation, {"kind": ActivationKind.ALL_NAMED, "need": 1}),
        (Activation, {"kind": ActivationKind.K_OF_N, "need": 0}),
        (Adjudicator, {"words": ""}),
        (Adjudicator, {"words": "w", "panel": OUTSIDE, "quorum": 3}),
        (Adjudicator, {"words": "w", "panel": OUTSIDE, "quorum": 0}),
        (Adjudicator, {"words": "w", "quorum": 1}),
        (Adjudicator, {"words": "w", "self_executing": (Fault.F5,)}),
        (LegalBasis, {"words": "w", "voluntary": True}),
        (Rule, {"words": "", "conditions": (OnRatification(),), "need": 1}),
        (Rule, {"words": "w", "conditions": (OnRatification(),), "need": 2}),
        (Rule, {"words": "w", "conditions": (), "need": 1}),
        (
            Indicator,
            {"about": OUTSIDE[0], "indicator": IndicatorKind.AI_REVIEW, "value": 1_000_001},
        ),
        (
            Withdrawal,
            {
                "notice_periods": 2,
                "cooling_off_periods": 3,
                "duties": (),
                "anatomy": ANATOMY,
            },
        ),
        (
            Stake,
            {
                "deposit_usd": 5,
                "losses": (StakeLoss(grade=Grade.CONFIRMED, amount_usd=6),),
                "anatomy": ANATOMY,
            },
        ),
        (
            ClusterCap,
            {
                "rate_pflop_per_s": 0,
                "accelerators": 0,
                "link_mbit_per_s": 0,
                "memory_gb": 0,
                "exceeding": Exceeding.REPORTED,
                "anatomy": ANATOMY,
            },
        ),
        (
            StagedCap,
            {
                "metric": Metric.RUN,
                "stages": tuple(
                    CapStage(after_periods=after, limit_pflop=Pflop(1)) for after in (2, 2)
                ),
                "anatomy": ANATOMY,
            },
        ),
    ],
)
def test_a_record_that_cannot_be_is_not_born(record: Any, over: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        record(**over)
