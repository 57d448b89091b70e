"""Scenario files: every mistake is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from pausenet.errors import MalformedFile
from pausenet.files import (
    find_scenario,
    parse_scenario,
    read_scenario,
    scenario_digest,
    story_names,
    write_scenario,
)
from pausenet.files.agreement import parse_agreement
from pausenet.files.schemas import SCHEMAS, schema_text
from pausenet.files.stories import find_agreement
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan
from pausenet.scenario.plan import CheatKind
from pausenet.statements.finding import Fault, Status

GOOD = """\
question: Does a lab that shows two faces get caught?
labs:
  - name: aurora
    accelerators: 20000
  - {name: birch, accelerators: 100, utilisation: 60 %}
verifiers: [v1, {name: v2, bloc: x}, v3, v4]
cheats:
  - by: birch
    kind: two-faces
    from: 6
faults:
  - {kind: restore, of: aurora, to: 4, at: 8}
  - {kind: partition, of: v2, from: 5, until: 7}
expect:
  labs: {aurora: discrepancy}
  findings: [{accused: birch, fault: [F1, F2], grade: confirmed}]
"""

ACTS = "acts:\n  - {by: birch, at: 2, say: withdrawal}\nlabs:\n  -"
REFUSALS = [
    ("accelerators: 20000", "accelerator: 20000", '4:5 unknown key "accelerator" - did you mean'),
    ("    accelerators: 20000\n", "", '3:5 missing key "accelerators"'),
    ("rators: 20000", "rators: 20 to 5", "4:19 expected an interval that begins above 0 and ri"),
    ("rators: 20000", "rators: 0 to 5", "4:19 expected an interval that begins above 0"),
    ("rators: 20000", "rators: 5 to 5", "4:19 expected an interval that begins above 0"),
    ("rators: 20000", "rators: 5 to 9 to 20", "4:19 expected a whole number, found the interval"),
    ("rators: 20000", "rators: 5 to many", "4:19 expected the unit at both ends"),
    ("rators: 20000", "rators: 5 to", "4:19 expected a whole number such as 12, found '5 to'"),
    ("rators: 20000", "rators: 5 to 99999999", "4:19 accelerators: expected one a site at least "),
    (
        "rators: 20000",
        "rators: 1 to 9\n    sites: 2",
        "4:19 accelerators: expected one a site at l",
    ),
    (
        "rators: 20000",
        "rators: 20000\n    sites: 1 to 2",
        "5:12 expected a whole number, found the",
    ),
    ("tion: 60 %", "tion: 60 % to 150 %", "utilisation: expected 0..100 %, found 150 %"),
    ("tion: 60 %", "tion: 5 to 20 %", 'expected the unit at both ends, such as "5 % to 20 %"'),
    ("tion: 60 %", "tion: 0.1 to 20 %", 'expected the unit at both ends, such as "5 % to 20 %"'),
    ("tion: 60 %", "tion: 5 % to 20", 'expected the unit at both ends, such as "5 % to 20 %"'),
    ("from: 6", "from: 6 to 8", "10:11 expected a whole number, found the interval '6 to 8': this"),
    (
        "from: 6",
        "from: 6\n    amount: 50 % to 120 %",
        "11:13 amount: hides more than all, found 120",
    ),
    ("labs:\n  -", "seed: 1 to 9\nlabs:\n  -", "2:7 expected a whole number, found the interval"),
    ("labs:\n  -", "periods: 14 to 20\nlabs:\n  -", "2:10 expected a whole number, found the int"),
    ("labs:\n  -", "period: 1 day to 2 days\nlabs:\n  -", "2:9 expected a span of time, found the"),
    (
        "labs:\n  -",
        "agreement: {run_cap: 1e25 to 1e26}\nlabs:\n  -",
        "2:22 expected a number of op",
    ),
    ("labs:\n  -", "agreement: {sample_quota: 1 to 4}\nlabs:\n  -", "found the interval '1 to 4'"),
    (
        "labs:\n  -",
        "agreement: {sample_sites: 1 % to 4 %}\nlabs:\n  -",
        "expected a share, found t",
    ),
    ("[v1, {name: v2, bloc: x}, v3, v4]", "4 to 6", "6:12 expected a whole number, found the int"),
    ("accelerators: 20000", "accelerators:", "4:5 expected one value"),
    ("rators: 20000", "rators: 20000\n    affiliates: [a, b]", "5:17 affiliates: more than sites"),
    ("rators: 20000", "rators: 20000\n    affiliates: [Oak]", "5:18 ParticipantId"),
    ("accelerators: 20000", "accelerators: 0", "4:19 accelerators: expected one a site"),
    ("utilisation: 60 %", "utilisation: 150 %", "utilisation: expected 0..100 %, found 150 %"),
    ("kind: two-faces", "kind: two-face", '- did you mean "two-faces"?'),
    ("by: birch", "by: brich", '8:9 no lab named "brich" - did you mean "birch"?'),
    ("by: birch", "by: v1", '8:9 no lab named "v1"'),
    ("by: birch", "by: [birch]", "8:9 expected one value such as aurora, found a list"),
    ("kind: two-faces", "kind: mute-verifier", '8:9 no verifier named "birch"'),
    ("from: 6", "from: 14", "10:11 expected a period before 14, found 14"),
    ("from: 6", "from: 6\n    until: 6", "11:12 until: not after from"),
    ("from: 6", "from: 6\n    amount: 120 %", "11:13 amount: hides more than all"),
    ("from: 6", "from: 6\n    amount: 30", "found 3000 %: 30 is 30 times the whole"),
    ("from: 6", "from: 6\n    amount: 5", "more than all, found 500 %: 5 is 5 times the whole"),
    ("from: 6", "from: 6\n    amount: 5", "write `5 %`"),
    ("utilisation: 60 %", "utilisation: 170 %", "found 170 %"),
    ("from: 5, until", "at: 5, until", "partition has kind, of, from, until"),
    (
        "labs:\n  -",
        ACTS.replace("}", ", terms: {reson: x}}", 1),
        ('3:49 unknown key "reson" - did you mean "reason"? - withdrawal has reason'),
    ),
    (
        "labs:\n  -",
        "evasions: [{by: birch, knd: E06}]\nlabs:\n  -",
        "this mapping has by, kind, from",
    ),
    (
        "labs:\n  -",
        "channels: [{knd: grid}]\nlabs:\n  -",
        'unknown key "knd" - did you mean "kind"',
    ),
    ("labs:\n  -", ACTS, "reason: missing"),
    (
        "labs:\n  -",
        "adjudicators: [judge]\nacts:\n  - {by: judge, at: 2, say: withdrawal}\nlabs:\n  -",
        "4:29 an adjudicator may not say withdrawal",
    ),
    (
        "labs:\n  - name: aurora\n    accelerators: 20000\n  - {name: birch, accelerators: 100, "
        "utilisation: 60 %}\n",
        "labs:\n",
        '2:1 expected a list under "labs"',
    ),
    ("to: 4, at: 8", "to: 8, at: 8", "12:44 at: not after to"),
    ("to: 4, at: 8", "to: 4, at: 14", "12:44 expected a period before 14"),
    ("of: v2", "of: v9", '13:27 no participant named "v9"'),
    (
        "kind: restore",
        "kind: reset",
        '12:12 expected one of partition, restore, rotation, typo; found "reset"',
    ),
    ("kind: restore, ", "", '12:5 missing key "kind"'),
    ("question: Does", "qestion: Does", '1:1 unknown key "qestion" - did you mean "question"?'),
    ("question: Does a lab", 'question: ""\nname: a', "1:11 expected a text, found nothing"),
    ("name: aurora", "name: Aurora", "3:11 ParticipantId"),
    ("name: aurora", "name: birch", '5:12 two participants named "birch": a lab and a lab'),
    ("[v1", "[aurora-meter", '6:13 two participants named "aurora-meter"'),
    ("[v1", "[registrar", '6:13 two participants named "registrar"'),
    ("name: aurora", f"name: {'a' * 27}", "3:11 lab name longer than 26"),
    ("[v1, ", "[", "6:12 verifiers: expected 1 or 4..64, found 3"),
    ("bloc: x", "blok: x", '6:28 unknown key "blok" - did you mean "bloc"?'),
    (
        "labs:\n  -",
        "grace: 1 day\nlabs:\n  -",
        "2:8 grace: expected 345601 s at least, found 86400",
    ),
    ("labs:\n  -", "periods: 11\nlabs:\n  -", "2:10 periods"),
    ("labs:\n  -", "notice: 1\nlabs:\n  -", "2:9 notice"),
    ("labs:\n  -", "clock: {speed: 0}\nlabs:\n  -", "2:16 speed"),
    ("labs:\n  -", "clock: {sped: 1}\nlabs:\n  -", '2:9 unknown key "sped"'),
    ("labs:\n  -", "agreement: {run_cap: much}\nlabs:\n  -", "2:22 expected a number of FLOP"),
    ("labs:\n  -", 'agreement: {lift: " "}\nlabs:\n  -', "2:19 expected a text"),
    ("labs:\n  -", "seed: 1\nseed: 2\nlabs:\n  -", '3:1 key "seed" stands here twice'),
    ("labs:\n  -", "meters: {random: 0, systematic: 0}\nlabs:\n  -", "2:9 meters: no error"),
    ("{aurora: disc", "{aurrora: disc", '15:10 no lab named "aurrora" - did you mean "aurora"?'),
    ("{aurora: disc", "{aurora: dics", "15:18 expected one of"),
    ("labs: {aurora: discrepancy}", "labs: [aurora]", "15:9 expected a mapping"),
    ("[F1, F2]", "[F1, F99]", "16:43 expected one of F1, F2"),
    ("[F1, F2]", "[]", "16:38 expected a list"),
    ("confirmed", "certain", "expected one of confirmed, plausible"),
    ("from: 6", "from: &x 6", "anchors and aliases are not read"),
    ("from: 6", "from: !python/object:os.system 6", "10:11 tags are not read"),
    ("question: Does", "? [a]\n: b\nquestion: Does", "1:3 expected a plain name"),
    ("verifiers: [v1", "verifiers: [[v1", "not YAML"),
]


def _parse(text: str) -> object:
    return parse_scenario(text, name="s.yaml", stem="s")


@pytest.mark.parametrize(("old", "new", "problem"), REFUSALS)
def test_a_mistake_is_refused_where_it_stands(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    with pytest.raises(MalformedFile) as refused:
        _parse(GOOD.replace(old, new, 1))
    assert problem in str(refused.value)
    assert str(refused.value).startswith("s.yaml:")
    assert refused.value.line >= 1
    assert refused.value.column >= 1


@pytest.mark.parametrize("text", ["", "- 1\n", "a: 1\n---\nb: 2\n", "\x00", "x: " + "[" * 2_000])
def test_what_is_no_yaml_mapping_is_refused(text: str) -> None:
    with pytest.raises(MalformedFile):
        _parse(text)


def test_a_file_of_a_million_bytes_is_refused() -> None:
    with pytest.raises(MalformedFile, match="at most"):
        _parse(GOOD + "#" * 1_000_000)


def test_a_scenario_is_read_into_the_simulators_terms() -> None:
    found = parse_scenario(GOOD, name="s.yaml", stem="my-story")
    assert found.name == "my-story"
    assert found.labs[1].utilisation_ppm == 600_000
    assert [verifier.bloc for verifier in found.verifiers] == ["bloc-1", "x", "bloc-3", "bloc-4"]
    assert found.cheats[0].kind is CheatKind.TWO_FACES
    assert found.faults == (
        RestorePlan(of=found.labs[0].name, to=found.faults[0].to, at=found.faults[0].at),
        PartitionPlan(of=found.verifiers[1].name, start=found.faults[1].start, until=7),
    )
    assert found.expect.labs == (("aurora", Status.DISCREPANCY),)
    assert found.expect.findings is not None
    assert found.expect.findings[0].faults == (Fault.F1, Fault.F2)


def test_norway_is_a_text_and_no_truth_value() -> None:
    found = parse_scenario(GOOD.replace("aurora", "no"), name="s.yaml", stem="s")
    assert found.labs[0].name == "no"


def test_a_cap_of_none_leaves_the_clause_out() -> None:
    text = GOOD.replace("labs:\n  -", "agreement: {run_cap: none}\nlabs:\n  -", 1)
    found = parse_scenario(text, name="s.yaml", stem="s")
    assert found.agreement.run_cap is None
    assert parse_scenario(write_scenario(found), name="r", stem="r") == found


def test_a_seed_above_what_json_carries_survives() -> None:
    text = GOOD.replace("labs:\n  -", f"seed: {2**63 - 1}\nlabs:\n  -", 1)
    found = parse_scenario(text, name="s.yaml", stem="s")
    assert parse_scenario(write_scenario(found), name="r", stem="r").seed == 2**63 - 1
    assert scenario_digest(found) != scenario_digest(parse_scenario(GOOD, name="s.yaml", stem="s"))


@pytest.mark.parametrize("name", story_names())
def test_every_story_that_ships_is_read_and_written_back(name: str) -> None:
    found = read_scenario(find_scenario(name))
    assert found.name == name
    assert found.question.endswith("?")
    assert found.expect.findings is not None
    assert {lab for lab, _ in found.expect.labs} == {lab.name for lab in found.labs}
    assert parse_scenario(write_scenario(found), name="r", stem="r") == found


def test_the_stories_of_the_plan_are_there_each_under_the_name_of_its_file() -> None:
    planned = {"demo", "honest", "over-cap", "partition", "restored-backup", "silent-lab"}
    planned |= {"two-faces", "under-declaration", "trigger-and-lift", "adjudicator-deadlocked"}
    planned |= {"key-stolen", "key-stolen-as-excuse", "restored-and-recovered"}
    names = story_names()
    assert planned <= set(names)
    assert [read_scenario(find_scenario(name)).name for name in names] == list(names)


def test_an_unknown_story_names_the_nearest() -> None:
    with pytest.raises(MalformedFile, match='did you mean "two-faces"'):
        find_scenario("two-face")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedFile, match="No such file"):
        read_scenario(tmp_path / "absent.yaml")


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_shipped_schema_is_the_models_own(name: str) -> None:
    import pausenet.files

    shipped = Path(pausenet.files.__file__).parent / name
    assert shipped.read_text(encoding="utf-8") == schema_text(SCHEMAS[name])


def test_an_agreement_is_told_what_reads_it_and_so_is_a_scenario() -> None:
    agreement = find_agreement("miri-2025")
    with pytest.raises(MalformedFile, match="this is an agreement: see `pausenet agreement expl"):
        read_scenario(agreement)
    with pytest.raises(MalformedFile, match="this is a scenario: see `pausenet run`"):
        parse_agreement(GOOD, name="s.yaml")
    text = agreement.read_text(encoding="utf-8")
    with pytest.raises(MalformedFile, match=r"expected a date such as 2027-06-01, found '1 June"):
        parse_agreement(text.replace("start: 2027-01-01", "start: 1 June 2027"), name="a.yaml")
    with pytest.raises(MalformedFile, match=r"expected 0 % to 100 %, found 1,000 %"):
        parse_agreement(text.replace("sample: 10 %", "sample: 10"), name="a.yaml")
