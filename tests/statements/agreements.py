"""Agreements of every clause kind: one by hand-picked parts, and any at all by chance."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from pausenet.statements.agreement import ALL_NAMED, Activation, ActivationKind, Agreement, Schedule
from pausenet.statements.annex import Annex, Channel, PowerChannel
from pausenet.statements.clauses import (
    CLAUSES,
    Anatomy,
    Assurance,
    ClauseKind,
    Coverage,
    LiftCondition,
    Stake,
    Triggered,
    Withdrawal,
)
from pausenet.statements.clauses.course import Measure
from pausenet.statements.forms import (
    Flag,
    Form,
    Many,
    Maybe,
    OneOf,
    Part,
    Record,
    Text,
    Whole,
    Word,
    forms_of,
)
from pausenet.statements.rule import IndicatorBound, OnRatification, Rule
from pausenet.statements.settlement import Adjudicator, LegalBasis
from pausenet.statements.tiers import Tiers
from pausenet.values import NetworkTime, ParticipantId, WattHours

PARTIES = tuple(map(ParticipantId, ("aurora", "birch", "cedar")))
OUTSIDE = tuple(map(ParticipantId, ("evaluator-1", "evaluator-2")))
_WORDS = ("a", "the loop closes", "w" * 300, "\u00e9tat")


def drawn(form: Form) -> st.SearchStrategy[Any]:
    """Members that this form allows."""
    match form:
        case Whole(low=low, high=high, of=of):
            return st.integers(low, high).map(of)
        case Flag():
            return st.booleans()
        case Text():
            return st.sampled_from(_WORDS)
        case Word(of=of, among=among):
            if of is ParticipantId:
                return st.sampled_from(PARTIES + OUTSIDE)
            return st.sampled_from(among or tuple(of))
        case Part(of=of):
            return records(of)
        case Maybe(of=of):
            return st.none() | records(of)
        case OneOf(of=of):
            return st.one_of([records(each) for each in of])
        case Many(item=item, low=low, high=high, key=key):
            items = st.lists(drawn(item), min_size=low, max_size=min(high, low + 3), unique_by=key)
            return items.map(lambda found: tuple(sorted(found, key=key) if key else found))
        case _:
            raise AssertionError(form)


def _possible(record: type[Record], members: dict[str, Any]) -> bool:
    try:
        record(**members)
    except ValueError:
        return False
    return True


@cache
def records(record: type[Record]) -> st.SearchStrategy[Any]:
    """Records of this class that can be built; anatomies are one of two."""
    if record is Anatomy:
        return st.sampled_from((ANATOMY, replace(ANATOMY, response="the parties meet")))
    members = st.fixed_dictionaries({name: drawn(form) for name, form in forms_of(record).items()})
    if record in (Triggered, LiftCondition):
        members = members.map(_without_stages)
    if record is IndicatorBound:
        members = members.map(_honest)
    members = members.map(lambda found: _within(record, found))
    return members.filter(lambda found: _possible(record, found)).map(lambda m: record(**m))


def _within(record: type[Record], members: dict[str, Any]) -> dict[str, Any]:
    """What may not exceed another member is brought down to it: too few would be left otherwise."""
    if record is Rule:
        return {**members, "need": min(members["need"], len(members["conditions"]))}
    if record is Withdrawal:
        most = members["notice_periods"]
        return {**members, "cooling_off_periods": min(members["cooling_off_periods"], most)}
    if record is Stake:
        most = max(loss.amount_usd for loss in members["losses"])
        return {**members, "deposit_usd": max(members["deposit_usd"], most)}
    return members


def _honest(members: dict[str, Any]) -> dict[str, Any]:
    own = all(source in PARTIES for source in members["sources"])
    bound = min(members["bound"], members["indicator"].maximum)
    return {**members, "self_reported": own, "bound": bound}


def _without_stages(members: dict[str, Any]) -> dict[str, Any]:
    """C17 and C18 do not name C10: put another kind in its place."""
    names = {
        key: tuple(kind for kind in members[key] if kind is not ClauseKind.STAGED_CAP)
        or (ClauseKind.RUN_CAP,)
        for key in ("starts", "lifts")
        if key in members
    }
    return {**members, **names}


ANATOMY = Anatomy(
    prover="each lab",
    verifier="every verifier",
    declared="what it used",
    undeclared="counts as used",
    access="totals",
    confidentiality="no records",
    response="the adjudicator decides",
    falsified_by="a signed usage statement over the limit",
)


def plain(**over: Any) -> Agreement:
    """A small agreement without clauses, with what is given in place of its members."""
    members: dict[str, Any] = {
        "title": "A pause",
        "activation": ALL_NAMED,
        "parties": PARTIES,
        "trigger": Rule(words="now", conditions=(OnRatification(),), need=1),
        "lift": Rule(words="later", conditions=(OnRatification(),), need=1),
        "adjudicator": Adjudicator(words="the board"),
        "legal_basis": LegalBasis(words="none"),
        "schedule": Schedule(
            start=NetworkTime(0), period_s=100, deadline_s=10, grace_s=10, notice_periods=2
        ),
        "annex": Annex(
            channels=tuple(
                Channel(meter=ParticipantId(f"{party}-meter"), party=party) for party in PARTIES
            ),
            power=PowerChannel(
                random_ppm=10_000, systematic_ppm=3_000, strategic_wh=WattHours(60_000)
            ),
        ),
        "tiers": Tiers(),
        "clauses": (),
    }
    return Agreement(**{**members, **over})


@st.composite
def whole_agreements(draw: st.DrawFn) -> Agreement:
    """Agreements with all kinds of clause but the two that exclude each other's activation."""
    clauses = [draw(records(kind)) for kind in CLAUSES if kind not in (Assurance, Coverage)]
    activation = ALL_NAMED
    if draw(st.booleans()):
        clauses.append(draw(records(Assurance)))
    else:
        coverage = draw(records(Coverage))
        if coverage.measure is Measure.PARTIES:
            coverage = replace(coverage, need=draw(st.integers(1, len(PARTIES))))
        kind = {
            Measure.PARTIES: ActivationKind.K_OF_N,
            Measure.CAPACITY: ActivationKind.COVERAGE,
        }[coverage.measure]
        activation = Activation(kind=kind, need=coverage.need)
        clauses.append(coverage)
    return plain(
        activation=activation,
        trigger=draw(records(Rule)),
        lift=draw(records(Rule)),
        tiers=draw(records(Tiers)),
        clauses=tuple(clauses),
    )
