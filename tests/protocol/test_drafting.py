"""An agreement is told whole, its mistakes are found by number, and its changes are named."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pausenet.errors import MalformedStatement
from pausenet.files.agreement import AgreementFile, parse_agreement, read_agreement
from pausenet.files.stories import agreement_names, find_agreement
from pausenet.protocol.drafting import Direction, diff, explain, problems
from pausenet.protocol.drafting.standard import STANDARD
from pausenet.scenario.physics import energy_wh_of, pflop_about
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import CLAUSES, ClauseKind
from pausenet.statements.forms import Word, forms_of
from pausenet.statements.indicator import IndicatorKind
from pausenet.values import WattHours
from tests.statements.agreements import OUTSIDE, PARTIES, plain, whole_agreements
from tests.statements.test_agreement import members

LINES_MAX = 110
COLUMNS_MAX = 80
FEW = settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
CHOICES = (
    *(
        tuple(map(str, inner.of))
        for kind in CLAUSES
        for form in forms_of(kind).values()
        for inner in (form, getattr(form, "item", form))
        if isinstance(inner, Word) and inner.of is not type(PARTIES[0])
    ),
    ("unconditional", "all-named", "k-of-n", "coverage"),
    ("at-least", "at-most"),
    tuple(map(str, IndicatorKind)),
    ("public", "parties", "verifiers", "inspector"),
)


def shipped() -> list[AgreementFile]:
    return [read_agreement(find_agreement(name)) for name in agreement_names()]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def others(value: Any) -> list[Any]:
    """Values that could stand in place of this one."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, value // 2]
    if isinstance(value, str):
        if " " in value:
            return [f"{value[:1_000]} otherwise"]
        words = [each for choice in CHOICES if value in choice for each in choice]
        people = [str(each) for each in (*PARTIES, *OUTSIDE)]
        return [
            *dict.fromkeys(words),
            *people,
            *([f"{value} otherwise"] if words else ["zeta", "z z"]),
        ]
    if isinstance(value, list) and len(value) > 1:
        return [value[:-1], value[1:]]
    return []


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another one at this path; nothing else is copied."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


def neighbours(agreement: Agreement) -> Iterator[tuple[tuple[Any, ...], Agreement]]:
    """For every member, an agreement that differs from this one there, where there is one."""
    whole = agreement.to_json()
    for path in members(whole):
        for new in others(at(whole, path)):
            if new == at(whole, path):
                continue
            try:
                found = Agreement.read_item(replaced(whole, path, new), "agreement")
            except MalformedStatement:
                continue
            yield path, found
            break


def leaves(agreement: Agreement) -> int:
    whole = agreement.to_json()
    return sum(not isinstance(at(whole, path), dict | list) for path in members(whole))


def all_told(agreement: Agreement) -> None:
    told, changed = explain(agreement), 0
    for path, other in neighbours(agreement):
        changed += 1
        assert explain(other) != told, path
        problems(other)
    assert changed > 0.75 * leaves(agreement), "too little was changed for this to mean anything"


@FEW
@given(whole_agreements())
def test_whatever_changes_in_an_agreement_of_all_kinds_changes_what_is_told(
    agreement: Agreement,
) -> None:
    all_told(agreement)


@pytest.mark.parametrize("found", shipped(), ids=agreement_names())
def test_whatever_changes_in_a_shipped_agreement_changes_what_is_told(
    found: AgreementFile,
) -> None:
    all_told(found.agreement)


@pytest.mark.parametrize("found", shipped(), ids=agreement_names())
def test_every_text_of_a_shipped_agreement_stands_in_its_two_pages(found: AgreementFile) -> None:
    told = found.explained()
    lines = told.splitlines()
    assert len(lines) <= LINES_MAX
    assert max(map(len, lines)) <= COLUMNS_MAX
    for clause in found.agreement.clauses:
        assert f"{clause.ID} " in told
        for text in clause.anatomy.to_json().values():
            assert str(text).removesuffix(".") in squeezed(told)
    for rule in (found.agreement.trigger, found.agreement.lift):
        assert rule.words in squeezed(told)


def test_a_file_tells_its_verifiers_and_its_strategic_quantity_in_operations() -> None:
    found = parse_agreement(text_of("peer-conditional"), name="a")
    told, without = squeezed(found.explained()), squeezed(explain(found.agreement))
    assert f"{len(found.verifiers)} verifiers hold all the logs and appraise" in told
    assert "later; verifiers hold all the logs and appraise" in without
    quantity = "what must not stay hidden is"
    assert f"{quantity} about 1e25 FLOP (H100s at 35 % of peak), that is 9,793 MWh" in told
    assert "9,793 MWh (9,792,824,660 Wh), in a period" in told
    assert f"{quantity} 9,793 MWh (9,792,824,660 Wh), in a period" in without
    one = explain(found.agreement, verifiers=1)
    assert "1 verifier holds all the logs and appraises" in squeezed(one)


def test_an_h100_is_explained_where_one_is_named() -> None:
    for found in shipped():
        told = found.explained()
        assert told.count("H100: an AI chip of 2022.") == ("H100s" in squeezed(told))


@pytest.mark.parametrize("energy", [1, 979_282_466, 10**15])
def test_the_operations_of_an_energy_are_near_it_and_in_range(energy: int) -> None:
    found = pflop_about(WattHours(energy))
    assert 0 < found < pflop_about(WattHours(2**53 - 1)) < 2**53
    assert abs(energy_wh_of(found) - energy) <= energy / 20 + 1


def test_an_agreement_without_clauses_is_told_too() -> None:
    told = squeezed(explain(plain()))
    assert "It has no clauses: it only watches. Nothing shows a breach." in told
    assert "There is nothing to prove." in told


def test_every_kind_has_a_standard_anatomy_that_something_could_falsify() -> None:
    assert set(STANDARD) == set(ClauseKind)
    from pausenet.protocol.drafting.sight import named

    assert [kind for kind, texts in STANDARD.items() if not named(texts.falsified_by)] == []


def found_in(found: AgreementFile) -> list[tuple[str, str]]:
    blocs = tuple((each.name, each.bloc) for each in found.verifiers)
    return [(each.rule, found.place(each.path)) for each in problems(found.agreement, blocs)]


@cache
def text_of(name: str) -> str:
    return find_agreement(name).read_text()


def test_the_shipped_agreements_hold_but_for_those_that_nobody_watches_or_judges() -> None:
    rules = {
        name: [rule for rule, _ in found_in(parse_agreement(text_of(name), name=name))]
        for name in agreement_names()
    }
    assert rules.pop("six-month-letter") == ["1.6", "2.1", "2.2"]
    assert rules.pop("us-reporting") == ["1.23", "2.1", "2.2"]
    assert rules.pop("eu-notify") == ["1.23", "1.24"]
    assert rules.pop("coordinated-pausing") == ["1.23", "1.24"]
    assert set(map(tuple, rules.values())) == {()}


TOTAL = """  - clause: lab-total-cap
    limit: {limit}
    classes: [pre-training]
    anatomy: standard
"""
DEROGATION = """  - clause: derogation
    scope: war
    periods_max: {most}
    notice: 7 days
    review: 7 days
    reciprocal: true
    anatomy: standard
"""
STAGES = """  - clause: staged-cap
    metric: run
    stages:
      - {after: 0 days, limit: 1e25}
      - {after: 30 days, limit: 2e25}
    anatomy: standard
"""
DISPUTE = """  - clause: dispute
    clarification: 6 days
    evidence: plausible
    appeal: 14 days
    anatomy: standard
"""
EXEMPT = """  - clause: exemptions
    purposes: [inference]
    quota: 1e26
    labelled: true
    audit: 2
    anatomy: standard
"""
POST = """  - clause: post-training-cap
    limit: 2e26
    share_of_base: 0 %
    anatomy: standard
"""
BAND = """  - clause: approval-band
    report_from: 1e25
    approve_from: 1e24
    notice: 0 days
    silence: 30 days
    anatomy: standard
"""
PEER = "peer-conditional"


@pytest.mark.parametrize(
    ("rule", "name", "old", "new"),
    [
        ("1.1", PEER, "clauses:\n", "clauses:\n" + TOTAL.format(limit="1e25")),
        ("1.2", PEER, "clauses:\n", "clauses:\n" + BAND),
        ("1.3", PEER, "clauses:\n", "clauses:\n" + STAGES),
        ("1.4", PEER, "clauses:\n", "clauses:\n" + TOTAL.format(limit="1e26") + EXEMPT),
        ("1.5", PEER, "clauses:\n", "clauses:\n" + POST),
        ("1.6", PEER, "notice: 84 days", "notice: 14 days"),
        ("1.6", "six-month-letter", "# P3", "# P 3"),
        ("1.7", PEER, "notice: 84 days", "notice: 182 days"),
        ("1.8", PEER, "clauses:\n", "clauses:\n" + DEROGATION.format(most="182 days")),
        ("1.9", PEER, "deadline_period: 26", "deadline_period: 0"),
        ("1.10", PEER, "clauses:\n", "clauses:\n" + DISPUTE),
        ("1.11", PEER, "starts: [release-hold]", "starts: [stake]"),
        ("1.12", PEER, "quorum: 2 # [A]\n      debounce", "quorum: 3 # [A]\n      debounce"),
        (
            "1.13",
            "close-the-gates",
            "- {condition: parties-assent, need: 75 %}",
            "- on-ratification",
        ),
        ("1.14", PEER, "short_notice: 5 %", "short_notice: 6 %"),
        ("1.15", PEER, "clauses:\n", "tiers: {job_records: public}\nclauses:\n"),
        ("1.17", PEER, "clauses:\n", "tiers: {site_figures: parties}\nclauses:\n"),
        ("1.18", PEER, "clauses:\n", "tiers: {period_totals: inspector}\nclauses:\n"),
        ("1.19", PEER, "clauses:\n", "tiers: {verdicts: verifiers}\nclauses:\n"),
        ("1.20", PEER, "  notice: 21 days # [A]\n", "  notice: 14 days # [A]\n"),
        (
            "1.21",
            PEER,
            "        - condition: incident-reported\n"
            "          sources: [evaluator-1, evaluator-2] # [A]\n"
            "          quorum: 2 # [A]\n",
            "        - adjudicator-determines\n",
        ),
        (
            "1.16",
            "compute-start",
            "  conditions: [on-ratification]",
            "  conditions: [{condition: after-periods, periods: 10 days}]",
        ),
        ("1.22", "close-the-gates", "floor: 1e25 FLOP", "floor: 1e27 FLOP"),
        ("1.23", PEER, "  panel: [arbiter-1, arbiter-2, arbiter-3] # [A]\n", "@panelless"),
        ("1.24", "coordinated-pausing", "# P", "# P "),
        ("2.1", "close-the-gates", "  - clause: amendment\n", "@falsified"),
        (
            "3.1",
            "compute-start",
            "  power: {random: 1 %, systematic: 0.3 %, strategic: 1e26 FLOP}",
            "@meterless",
        ),
        ("3.2", "close-the-gates", "    - {meter: aurora-meter, party: aurora}\n", "@unread"),
        ("3.3", PEER, "sources: [evaluator-1,", "sources: [verifier-1,"),
        ("4.1", PEER, "  - {name: verifier-4, bloc: west}\n", ""),
        ("4.2", PEER, "verifiers: # [A]\n", "@three"),
        ("4.3", PEER, "bloc: north", "bloc: east"),
        ("5.1", PEER, "clauses:\n", "clauses:\n" + TOTAL.format(limit="1e28")),
    ],
)
def test_a_mistake_is_found_where_it_stands(rule: str, name: str, old: str, new: str) -> None:
    text = text_of(name)
    assert text.count(old) >= 1
    match new:
        case "@falsified":
            assert "    floor: 1e25 FLOP # [A]\n    anatomy: standard" in text
            texts = "".join(
                f"      {key}: none\n" for key in forms_of(type(next(iter(STANDARD.values()))))
            )
            changed = text.replace(
                "floor: 1e25 FLOP # [A]\n    anatomy: standard\n",
                f"floor: 1e25\n    anatomy:\n{texts}",
            )
        case "@meterless":
            start = text.index("  channels: # [A]")
            end = text.index("  baseline:")
            changed = text[:start] + "  channels: []\n  power: none\n" + text[end:]
        case "@unread":
            power = next(line for line in text.splitlines() if line.startswith("  power:"))
            changed = text.replace(old, "").replace(power, "  power: none")
        case "@panelless":
            changed = text.replace(old, "").replace(
                "  quorum: 2 # [A]\n  clarification", "  clarification"
            )
        case "@three":
            changed = text
            for bloc in ("north", "south"):
                changed = changed.replace(f"bloc: {bloc}", "bloc: east")
        case _:
            changed = text.replace(old, new, 1)
    assert changed != text
    found = found_in(parse_agreement(changed, name="x.yaml"))
    assert rule in [each for each, _ in found], found
    for _, place in found:
        line, column = map(int, place.removeprefix("x.yaml:").split(":"))
        assert len(changed.splitlines()[line - 1]) >= column > 0


@FEW
@given(whole_agreements(), st.randoms(use_true_random=False))
def test_whatever_changes_is_named_and_backwards_the_other_way(
    agreement: Agreement, chance: Any
) -> None:
    assert diff(agreement, agreement) == ()
    back = {
        Direction.ADDED: Direction.REMOVED,
        Direction.REMOVED: Direction.ADDED,
        Direction.TIGHTENED: Direction.LOOSENED,
        Direction.LOOSENED: Direction.TIGHTENED,
        Direction.CHANGED: Direction.CHANGED,
    }
    for path, other in neighbours(agreement):
        if chance.random() < 0.5:
            continue
        there, again = diff(agreement, other), diff(other, agreement)
        assert there != (), path
        assert [back[each.direction] for each in there] == [each.direction for each in again], path


def test_the_direction_of_well_known_changes() -> None:
    before = text_of("miri-2025")
    cases = [
        ("limit: 1e24 FLOP", "limit: 1e23 FLOP", "C05", Direction.TIGHTENED),
        ("notice: 12 months", "notice: 6 months", "C21", Direction.LOOSENED),
        ("link: 25 Gbit/s", "link: 0", "C07", Direction.LOOSENED),
        ("challenge: true", "challenge: false", "C22", Direction.LOOSENED),
        ("embedded_auditors: 1", "embedded_auditors: 2", "C16", Direction.TIGHTENED),
        ("sample: 10 %", "sample: 5 %", "annex", Direction.LOOSENED),
        ("cedar, dogwood]", "cedar, dogwood, elm]", "parties", Direction.TIGHTENED),
        ("self_executing: [F1, F2, F3, F6]", "self_executing: [F6]", "adjud", Direction.LOOSENED),
    ]
    old = parse_agreement(before, name="a").agreement
    for left, right, where, direction in cases:
        text = before.replace(left, right, 1)
        assert text != before
        if where == "parties":
            text = text.replace("  power:\n", "    - {meter: elm-meter, party: elm}\n  power:\n")
        found = diff(old, parse_agreement(text, name="b").agreement)
        named = [each for each in found if each.where.startswith(where)]
        assert [each.direction for each in named] == [direction], (left, found)
