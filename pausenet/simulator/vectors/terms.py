"""Cases of agreements: every kind of clause and condition, and what binds them to each other.

The smallest clause of each kind is written from its own form (`statements.forms`), so that a new
kind, or a new term of one, makes its cases by itself.
"""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any, Final

from pausenet.errors import MalformedStatement, Misuse
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64
from pausenet.simulator.vectors.edits import Value, payload_of, written
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.networks import AURORA
from pausenet.statements import codec
from pausenet.statements.clauses import CLAUSE, CLAUSES
from pausenet.statements.clauses.limits import Milestone
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
from pausenet.statements.rule import CONDITION, CONDITIONS, IncidentReported
from pausenet.values import ParticipantId

_ACTIVATIONS: Final[tuple[Value, ...]] = (
    {"kind": "all-named", "need": 0},
    {"kind": "k-of-n", "need": 1},
    {"kind": "coverage", "need": 1},
)


def agreement_cases() -> list[Case]:
    """Each clause, each condition, then section 6 rule by rule."""
    area = Area("agreement", CaseKind.STATEMENT)
    value = _agreement()
    area.accept("as-registered", "statements 6.1", payload=b64(written(value)))
    for clause in CLAUSES:
        _add_clause(area, value, _plain(CLAUSE, clause))
    for condition in CONDITIONS:
        _add_condition(area, value, _plain(CONDITION, condition))
    for name, rule, change in _TOGETHER:
        changed = copy.deepcopy(value)
        change(changed["predicate"]["body"])
        area.refuse(name, rule, payload=b64(written(changed)))
    return area.cases


def _agreement() -> Value:
    """The statement of the honest run's agreement, to be changed."""
    payload = payload_of(run_of("honest").register.entries[-1])
    value: Value = json.loads(payload)
    return value


def _least(form: Form) -> Any:
    """A small member that this form allows; numbers are 1 where they may be."""
    match form:
        case Whole(low=low, of=of):
            return of(max(low, 1))
        case Flag():
            return True
        case Text():
            return "words"
        case Word(of=of, among=among):
            # Words but for names are closed sets, which mypy cannot tell from their types.
            return AURORA if of is ParticipantId else (among or tuple(of))[0]  # type: ignore[arg-type]
        case Part(of=of) | Maybe(of=of):
            return _record(of)
        case OneOf(of=of):
            return _record(of[0])
        case Many(item=item):
            return (_least(item),)
        case _:
            raise Misuse(f"vectors: no specimen for {form}")


def _plain(form: OneOf, record: type[Record]) -> Value:
    """The canonical form of a small record of a union."""
    value: Value = json.loads(written(form.write(_record(record))))
    return value


def _record(record: type[Record]) -> Record:
    members = {name: _least(form) for name, form in forms_of(record).items()}
    if record is Milestone:  # it waits for measurements and incidents alone
        members["rule"] = replace(members["rule"], conditions=(_record(IncidentReported),))
    return record(**members)


def _with(value: Value, **members: Any) -> Value:
    changed = copy.deepcopy(value)
    changed["predicate"]["body"].update(members)
    return changed


def _add_clause(area: Area, value: Value, clause: Value) -> None:
    """A clause alone, under the first activation that it may stand with; then each term changed."""
    kind = clause["clause"]

    def payload(changed: Value) -> bytes:
        for activation in _ACTIVATIONS:
            data = written(_with(value, clauses=[changed], activation=activation))
            if _decodes(data):
                return data
        return data

    area.accept(f"clause-{kind}", "statements 6.1", payload=b64(payload(clause)))
    area.refuse(
        f"clause-{kind}-twice",
        "statements 6.1",
        payload=b64(written(_with(value, clauses=[clause, clause]))),
    )

    def refuse(name: str, changed: Value) -> None:
        area.refuse(f"clause-{kind}-{name}", "statements 5.1", payload=b64(payload(changed)))

    refuse("term-added", {**clause, "more": 1})
    for term, member in clause.items():
        name = term.replace("_", "-")
        refuse(f"{name}-missing", {each: clause[each] for each in clause if each != term})
        other: object = "1" if isinstance(member, int) else 1
        refuse(f"{name}-of-another-type", {**clause, term: other})


def _decodes(payload: bytes) -> bool:
    try:
        codec.decode(payload)
    except MalformedStatement:
        return False
    return True


def _add_condition(area: Area, value: Value, condition: Value) -> None:
    """A condition in the place of the trigger's."""
    kind = condition["condition"]

    def add(accept: bool, name: str, changed: Value) -> None:
        rule = {"words": "words", "conditions": [changed], "need": 1}
        data = written(_with(value, trigger=rule))
        put = area.accept if accept else area.refuse
        put(f"condition-{kind}{name}", "statements 5.1", payload=b64(data))

    add(True, "", condition)
    add(False, "-member-added", {**condition, "more": 1})
    add(False, "-kind-unknown", {**condition, "condition": "another"})
    add(False, "-as-text", {**condition, "condition": [kind]})
    for member in condition:
        name = member.replace("_", "-")
        rest = {each: condition[each] for each in condition if each != member}
        add(False, f"-{name}-missing", rest)


# ------------------------------------------------------------------------------- section 6


def _clause(kind: str, **terms: Any) -> Value:
    found = next(each for each in CLAUSES if str(each.KIND) == kind)
    return {**_plain(CLAUSE, found), **terms}


def _bound(**terms: Any) -> Value:
    found = next(each for each in CONDITIONS if each.KIND == "indicator-bound")
    condition = {**_plain(CONDITION, found), **terms}
    return {"words": "words", "conditions": [condition], "need": 1}


def _put(*path: str, to: Any) -> Any:
    """Set the member at the end of a path."""

    def change(body: Value) -> None:
        for name in path[:-1]:
            body = body[name]
        body[path[-1]] = to

    return change


def _panel(*members: str, quorum: int) -> Any:
    def change(body: Value) -> None:
        body["adjudicator"].update(panel=list(members), quorum=quorum)

    return change


def _empty_anatomy(body: Value) -> None:
    body["clauses"][0]["anatomy"]["falsified_by"] = ""


def _other_party(body: Value) -> None:
    body["annex"]["channels"][0]["party"] = "cedar"


_POWER = {"random_ppm": 0, "systematic_ppm": 0, "strategic_wh": 1}
_HALF = {"kind": "k-of-n", "need": 1}
_LEVY = [{"from_pflop": 1, "rate_ppm": 2}, {"from_pflop": 2, "rate_ppm": 1}]
_LOSS = [{"grade": "confirmed", "amount_usd": 2}]
_BASIS = {"words": "", "voluntary": True, "exchange_of_information": ""}


def _only(kind: str, **terms: Any) -> Any:
    return _put("clauses", to=[_clause(kind, **terms)])


_TOGETHER: Final[tuple[tuple[str, str, Any], ...]] = (
    ("title-empty", "statements 5.2", _put("title", to="")),
    ("trigger-without-conditions", "statements 4.3", _put("trigger", "conditions", to=[])),
    ("trigger-without-words", "statements 4.3", _put("trigger", "words", to="")),
    ("lift-without-words", "statements 4.3", _put("lift", "words", to="")),
    ("adjudicator-without-words", "statements 4.3", _put("adjudicator", "words", to="")),
    ("clause-without-falsification", "statements 4.3", _empty_anatomy),
    ("clause-of-no-kind", "statements 5.1", _only("stock-cap", clause="another")),
    ("parties-out-of-order", "statements 5.1", _put("parties", to=["birch", "aurora"])),
    ("channel-of-no-party", "statements 6.2", _other_party),
    ("power-without-errors", "statements 6.3", _put("annex", "power", to=_POWER)),
    ("power-without-meters", "statements 6.3", _put("annex", "channels", to=[])),
    ("all-named-with-a-need", "statements 6.4", _put("activation", "need", to=1)),
    ("k-of-n-without-a-need", "statements 6.4", _put("activation", "kind", to="k-of-n")),
    ("k-of-more-than-all", "statements 6.4", _put("activation", to={**_HALF, "need": 3})),
    ("coverage-unlike-the-activation", "statements 6.4", _only("coverage-threshold")),
    ("panel-without-a-quorum", "statements 6.5", _panel("judge", quorum=0)),
    ("quorum-without-a-panel", "statements 6.5", _panel(quorum=1)),
    ("quorum-above-the-panel", "statements 6.5", _panel("judge", quorum=2)),
    ("party-on-the-panel", "statements 6.5", _panel("aurora", quorum=1)),
    ("meter-on-the-panel", "statements 6.5", _panel("aurora-meter", quorum=1)),
    ("need-above-the-conditions", "statements 6.6", _put("trigger", "need", to=2)),
    ("self-reported-unsaid", "statements 6.7", _put("lift", to=_bound(self_reported=False))),
    ("self-reported-from-outside", "statements 6.7", _put("lift", to=_bound(sources=["judge"]))),
    ("share-above-the-whole", "statements 6.7", _put("lift", to=_bound(bound=1_000_001))),
    (
        "self-reported-unsaid-in-a-clause",
        "statements 6.7",
        _only("trigger-activated", rule=_bound(self_reported=False)),
    ),
    (
        "rate-cap-of-no-line",
        "statements 6.8",
        _only(
            "cluster-rate-cap", rate_pflop_per_s=0, accelerators=0, link_mbit_per_s=0, memory_gb=0
        ),
    ),
    (
        "inference-cap-of-no-limit",
        "statements 6.8",
        _only("inference-cap", rate_pflop_per_s=0, egress_bytes_per_s=0),
    ),
    ("levy-that-falls", "statements 6.8", _only("research-budget", levy=_LEVY)),
    (
        "cooling-off-above-the-notice",
        "statements 6.8",
        _only("withdrawal", cooling_off_periods=2),
    ),
    (
        "loss-above-the-deposit",
        "statements 6.8",
        _only("stake", deposit_usd=1, losses=_LOSS),
    ),
    ("voluntary-without-words", "statements 6.9", _put("legal_basis", to=_BASIS)),
)
