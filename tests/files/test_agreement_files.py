"""Agreement files: what a person writes is what is signed, and each mistake has its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pausenet.cli.main import invoke
from pausenet.errors import MalformedFile
from pausenet.files.agreement import parse_agreement, read_agreement
from pausenet.files.agreement_schema import agreement_schema
from pausenet.files.quantities import key_of
from pausenet.files.schemas import AGREEMENT_SCHEMA, agreement_schema_text
from pausenet.files.stories import agreement_names, find_agreement
from pausenet.statements import canonical
from pausenet.statements.agreement import Agreement, decode_agreement
from pausenet.statements.clauses import CLAUSES, RunCap, VerificationAccess, Withdrawal
from pausenet.statements.forms import forms_of
from pausenet.statements.indicator import IndicatorKind
from pausenet.statements.rule import CONDITIONS, IndicatorBound
from tests.house.source import ROOT

TEXT = find_agreement("peer-conditional").read_text()


@pytest.mark.parametrize("name", agreement_names())
def test_a_shipped_agreement_is_one_that_the_protocol_reads(name: str) -> None:
    found = read_agreement(find_agreement(name)).agreement
    assert decode_agreement(canonical.encode(found.to_json())) == found


@pytest.mark.parametrize("name", agreement_names())
def test_every_number_of_a_shipped_agreement_has_its_source(name: str) -> None:
    tag = re.compile(r"# .*\[(S(: .+)?|M|A|D)\]|# (not set|the letter)")
    bare = []
    for line in find_agreement(name).read_text().splitlines():
        said = line.split("#")[0]
        named = said.strip().startswith(("- {name:", "- {meter:", "sources:", "#"))
        if re.search(r"[0-9]", said) and not named and not tag.search(line):
            bare.append(line)
    assert bare == []


@pytest.mark.parametrize("record", [Agreement, *CLAUSES, *CONDITIONS], ids=lambda r: r.__name__)
def test_no_two_members_have_one_key(record: type) -> None:
    keys = [key_of(name) for name in forms_of(record)]
    assert len(set(keys)) == len(keys)


def test_values_are_read_in_the_units_that_people_use() -> None:
    found = parse_agreement(TEXT, name="x").agreement
    clauses = {type(each): each for each in found.clauses}
    run, leave = clauses[RunCap], clauses[Withdrawal]
    assert isinstance(run, RunCap)
    assert run.limit_pflop == 10**11
    assert isinstance(leave, Withdrawal)
    assert (leave.notice_periods, leave.cooling_off_periods) == (12, 2)
    access = clauses[VerificationAccess]
    assert isinstance(access, VerificationAccess)
    assert (access.notice_s, access.short_notice_ppm) == (43_200, 50_000)
    bound = found.trigger.conditions[0]
    assert isinstance(bound, IndicatorBound)
    assert (bound.indicator, bound.bound) == (IndicatorKind.CODE_SPEED_UP, 52_000)
    assert bound.debounce_periods == 2
    assert found.schedule.start == 1_799_020_800


def test_a_span_is_rounded_up_to_whole_periods() -> None:
    longer = TEXT.replace("notice: 84 days", "notice: 85 days")
    found = parse_agreement(longer, name="x").agreement
    assert [c.notice_periods for c in found.clauses if isinstance(c, Withdrawal)] == [13]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "    limit: 1e26 FLOP",
            "    limmit: 1e26 FLOP",
            'unknown key "limmit" - did you mean "limit"',
        ),
        ("limit: 1e26 FLOP", "limit: 1e26 FLOPS", "expected a number of FLOP"),
        ("limit: 1e26 FLOP", "limit: []", "expected one value"),
        ("clause: withdrawal", "clause: withdrawl", 'did you mean "withdrawal"'),
        ("clause: withdrawal", "claus: withdrawal", 'missing key "clause"'),
        (
            "acts: [deployment, weight-release]",
            "acts: [deployment, deployment]",
            "stands here twice",
        ),
        ("acts: [deployment, weight-release]", "acts: deployment", "expected a list"),
        ("acts: [deployment, weight-release]", "acts: [deploiment]", 'did you mean "deployment"'),
        ("challenge: true", "challenge: yes", "expected true or false"),
        ("short_notice: 5 %", "short_notice: 5", "expected 0 % to 100 %, found 500 %"),
        ("security_level: 3", "security_level: 6", "expected 0..5, found 6"),
        ("side: at-least", "side: above", "expected one of at-least, at-most"),
        ("      bound: 52", "      bound: 52 %", 'expected a value such as "1.5"'),
        ("self_reported: false", "self_reported: true", "6.4 self_reported"),
        ("quorum: 2 # [A]\n  clarification", "quorum: 4 # [A]\n  clarification", "quorum"),
        ("activation: all-named", "activation: unconditional", "C02"),
        (
            "activation: all-named",
            "activation: {kind: coverage, need: 3}",
            'expected a share such as "60 %"',
        ),
        (
            "activation: all-named",
            "activation: {kind: k-of-n, need: 60 %}",
            "expected a whole number",
        ),
        ("activation: all-named", "activation: all-namd", "expected all-named, unconditional, or"),
        ("activation: all-named", "activation: {kind: k-of-n}", "need: counted for k-of-n"),
        ("  start: 2027-01-04", "  start: 2027-13-04", "expected a date such as"),
        ("  - {name: verifier-4, bloc: west}", "  - {nam: verifier-4}", "expected a name"),
        ("      words: An incident has been reported. # [A]\n", "", 'missing key "words"'),
        ("title: A pause", "title: ''\nwhat: A pause", 'unknown key "what"'),
        ("arbiter-1, arbiter-2", "aurora, arbiter-2", "aurora is a party or a meter"),
        ("  need: 1 # [A] of the two\n", "", 'missing key "need"'),
    ],
)
def test_a_mistake_is_named_where_it_stands(old: str, new: str, problem: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    with pytest.raises(MalformedFile, match=re.escape(problem)) as refused:
        parse_agreement(text, name="pause.yaml")
    assert str(refused.value).startswith(f"pause.yaml:{refused.value.line}:{refused.value.column} ")
    changed = text[: text.index(new)].count("\n") + 1 if new else 0
    if problem.startswith(("unknown", "expected", "stands", "did")):
        assert changed <= refused.value.line <= changed + new.count("\n")


def test_the_shipped_schema_is_that_of_the_forms() -> None:
    import pausenet.files

    shipped = Path(pausenet.files.__file__).parent / AGREEMENT_SCHEMA
    assert shipped.read_text(encoding="utf-8") == agreement_schema_text()


def test_the_schema_knows_every_kind_of_clause_and_every_key() -> None:
    schema = agreement_schema()
    clauses = schema["properties"]["clauses"]["items"]["anyOf"]
    assert [each["properties"]["clause"]["const"] for each in clauses] == [
        str(kind.KIND) for kind in CLAUSES
    ]
    for kind, each in zip(CLAUSES, clauses, strict=True):
        assert set(each["properties"]) == {"clause", *map(key_of, forms_of(kind))}


def test_check_answers_with_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["agreement", "check", "miri-2025"], debug=False) == 0
    assert "holds" in capsys.readouterr().out
    assert invoke(["agreement", "check", "six-month-letter", "--format", "json"], debug=False) == 1
    found = json.loads(capsys.readouterr().out)
    assert [each["rule"] for each in found["problems"]] == ["1.6", "2.1", "2.2"]
    assert found["holds"] is False
    assert invoke(["agreement", "check", "miri-2026"], debug=False) == 2
    assert 'did you mean "miri-2025"' in capsys.readouterr().err


def test_explain_prints_the_text_and_the_statement(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["agreement", "explain", "cap.yaml"], debug=False) == 2
    assert invoke(["agreement", "explain", "compute-start"], debug=False) == 0
    told = capsys.readouterr().out
    assert invoke(["agreement", "explain", "compute-start", "--format", "json"], debug=False) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["text"] == told
    read = decode_agreement(canonical.encode(found["agreement"]))
    assert read.digest.hex() == found["digest"]


def test_diff_says_what_binds_less(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    later = tmp_path / "later.yaml"
    later.write_text(TEXT.replace("limit: 1e26 FLOP", "limit: 1e27 FLOP"))
    arguments = ["agreement", "diff", "peer-conditional", str(later)]
    assert invoke(arguments, debug=False) == 0
    assert "limit: loosened, from 1e26 FLOP to 1e27 FLOP" in capsys.readouterr().out
    assert invoke([*arguments, "--format", "json"], debug=False) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["direction"], change["after"]) == ("loosened", "1e27 FLOP")


TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}


def kept(schema: Any, value: Any) -> bool:
    """Whether a value keeps a schema, for the few words that ours uses."""
    if "anyOf" in schema:
        return any(kept(each, value) for each in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and {"number", "integer"} & set(kinds)) and not any(
        isinstance(value, TYPES[kind]) for kind in kinds if kind in TYPES
    ):
        return False
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return set(schema["required"]) <= set(value) <= set(known) and all(
            kept(known[key], each) for key, each in value.items()
        )
    if isinstance(value, list):
        few = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 99)
        return few and all(kept(schema["items"], each) for each in value)
    return not isinstance(value, str) or bool(re.search(schema.get("pattern", ""), value))


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value if isinstance(value, str | int | float) else str(value)


@pytest.mark.parametrize("name", agreement_names())
def test_a_shipped_agreement_keeps_the_schema_and_its_mutants_do_not(name: str) -> None:
    schema = agreement_schema()
    whole = plain(YAML(typ="safe").load(find_agreement(name).read_text()))
    assert kept(schema, whole)
    for key in whole:
        rest = {other: each for other, each in whole.items() if other != key}
        assert kept(schema, rest) == (key in ("verifiers", "tiers"))
        assert not kept(schema, {**whole, key: True})
    first, *others = whole["clauses"]
    assert not kept(schema, {**whole, "clauses": [{**first, "more": 1}, *others]})
    assert not kept(schema, {**whole, "clauses": [{**first, "clause": "cap"}, *others]})


ROW = re.compile(r"^\| \[([^]]+)\]\(agreements/\1\.yaml\) \|.*\| ([^|]+) \|$", re.MULTILINE)


@pytest.mark.parametrize("name", agreement_names())
def test_the_table_of_agreements_tells_what_the_check_finds(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table = dict(ROW.findall((ROOT / "sims/README.md").read_text()))
    assert set(table) == set(agreement_names())
    code = invoke(["agreement", "check", name], debug=False)
    found = re.findall(r" rule (\d\.\d+): ", capsys.readouterr().out)
    assert (table[name] == "holds") == (code == 0)
    assert re.findall(r"\((\d\.\d+)\)", table[name]) == found
