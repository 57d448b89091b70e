"""`pausenet ledger` on a simulated run: who learned what, and what was withheld."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pausenet.cli import spoken
from pausenet.cli.spoken import WITHHELD_FILE, read_run
from pausenet.files import find_scenario
from pausenet.protocol.disclosure import Held
from pausenet.statements.codec import Kind
from pausenet.values import NetworkTime, ParticipantId, TreeSize
from tests.cli.conftest import Called
from tests.cli.test_stock import simulated

Call = Callable[..., Called]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story = find_scenario("hidden-before-day-one").read_text(encoding="utf-8")
    return simulated(tmp_path_factory.mktemp("ledger"), story)


def found(call: Call, run: Path, *more: str) -> dict[str, list[dict[str, object]]]:
    called = call("ledger", str(run), "--format", "json", *more)
    assert called.code == 0
    answer: dict[str, list[dict[str, object]]] = json.loads(called.out)
    return answer


def test_figures_reach_the_verifiers_and_verdicts_the_parties(run: Path, call: Call) -> None:
    answer = found(call, run)
    assert answer["left_out"] == []
    readers: dict[object, set[object]] = {}
    for row in answer["learned"]:
        assert row["allowed"] is True
        assert row["first"] != -1
        readers.setdefault(row["what"], set()).add(row["reader"])
    verifiers = {f"verifier-{number}" for number in range(1, 5)}
    assert (
        readers["period_totals"] == readers["site_figures"] == readers["job_records"] == verifiers
    )
    assert readers["verdicts"] >= {*verifiers, "aurora", "birch", "cedar", "cedar-meter"}
    assert {row["clause"] for row in answer["learned"]} == {
        "annex.sample_quota and tiers.job_records",
        "tiers.period_totals",
        "tiers.site_figures",
        "tiers.verdicts",
    }


def test_every_labs_job_records_stand_under_commitments(run: Path, call: Call) -> None:
    sealed = found(call, run)["sealed"]
    assert [row["of"] for row in sealed] == ["aurora", "birch", "cedar"]
    assert all(isinstance(row["records"], int) and row["records"] > 50 for row in sealed)
    assert {row["clause"] for row in sealed} == {"annex.sample_quota and tiers.job_records"}
    assert all(isinstance(row["opened"], int) and 0 < row["opened"] < 196 for row in sealed)
    assert found(call, run)["refused"] == []


def test_a_challenge_that_was_refused_is_told(tmp_path: Path, call: Call) -> None:
    story = find_scenario("challenge-refused").read_text(encoding="utf-8")
    refused = found(call, simulated(tmp_path, story))["refused"]
    assert [(row["of"], row["why"], row["told_by"]) for row in refused] == [
        ("birch", "refuse", "birch")
    ]


def test_what_is_signed_by_new_keys_after_a_recovery_counts_too(tmp_path: Path, call: Call) -> None:
    story = find_scenario("restored-and-recovered").read_text(encoding="utf-8")
    changed = simulated(tmp_path, story)
    assert any(
        each.kind is Kind.RECOVERY for log in read_run(changed).logs.values() for each in log
    )
    answer = found(call, changed)
    assert answer["left_out"] == []
    assert {tuple(row["periods"]) for row in answer["sealed"]} == {tuple(range(14))}


def test_a_strangers_log_in_the_same_directory_is_left_out_by_name(run: Path, call: Call) -> None:
    directory = run / "logs" / "stranger"
    shutil.copytree(run / "logs" / "harbour", directory)
    note = (directory / "checkpoint").read_bytes()
    (directory / "checkpoint").write_bytes(note.replace(b"/host/harbour", b"/Host/Har%bour", 1))
    try:
        answer = found(call, run)
        assert any("nobody of this network" in str(each) for each in answer["left_out"])
        assert call("stock", str(run)).code == 0
    finally:
        shutil.rmtree(directory)


def test_a_signature_on_another_face_tells_nothing_of_this_one(run: Path) -> None:
    spoken_run = read_run(run)
    name = ParticipantId("aurora")
    tree = spoken_run.trees[name]
    assert spoken_run.has(name, 3, tree.root(TreeSize(3)))
    assert not spoken_run.has(name, 3, tree.root(TreeSize(2)))
    assert not spoken_run.has(name, tree.size + 1, tree.root(tree.size))


def test_one_party_can_be_asked_about(run: Path, call: Call) -> None:
    answer = found(call, run, "--of", "birch")
    assert {row["of"] for row in answer["learned"]} == {"birch"}
    assert call("ledger", str(run), "--of", "nobody").code == 2


def test_what_was_withheld_is_told_and_a_line_that_is_none_is_refused(
    run: Path, call: Call
) -> None:
    assert found(call, run)["withheld"] == []
    path, register = run / WITHHELD_FILE, read_run(run).register
    line = {
        "event": "withheld",
        "node": "verifier-2",
        "about": register.origin_of(ParticipantId("aurora")),
        "fact_to": "birch",
        "now": 1_767_600_000,
    }
    try:
        path.write_text(json.dumps(line) + "\n", encoding="utf-8")
        (row,) = found(call, run)["withheld"]
        assert (row["by"], row["asker"], row["log"]) == ("verifier-2", "birch", "aurora")
        text = call("ledger", str(run)).out
        assert "withheld: verifier-2 did not give the log of aurora to birch" in text
        path.write_text(json.dumps({**line, "about": "nobody's"}) + "\n", encoding="utf-8")
        assert call("ledger", str(run)).code == 2
    finally:
        path.write_bytes(b"")


def test_a_live_nodes_log_says_what_it_withheld_among_other_lines(run: Path, call: Call) -> None:
    origin = read_run(run).register.origin_of(ParticipantId("aurora"))
    kept = run / "processes"
    kept.mkdir()
    try:
        line = {"event": "withheld", "node": "verifier-1", "about": origin, "now": 1_767_600_000}
        lines = [
            "not json",
            json.dumps({"event": "stored", "about": origin}),
            json.dumps({**line, "fact_to": "cedar"}),
        ]
        (kept / "verifier-1.log").write_text("\n".join(lines), encoding="utf-8")
        (row,) = found(call, run)["withheld"]
        assert (row["by"], row["asker"], row["log"]) == ("verifier-1", "cedar", "aurora")
    finally:
        (kept / "verifier-1.log").unlink()
        kept.rmdir()


def test_who_learned_beyond_its_tier_ends_the_command_with_1(
    run: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    leak = Held(
        reader=ParticipantId("birch"),
        log=ParticipantId("aurora"),
        size=2,
        time=NetworkTime(1_767_600_000),
    )
    monkeypatch.setattr(spoken, "read_held", lambda *_: (leak,))
    called = call("ledger", str(run), "--of", "aurora")
    assert called.code == 1
    told = [line for line in called.out.splitlines() if line.strip().startswith("birch")]
    assert any("BEYOND ITS TIER" in line for line in told)


def test_what_is_no_run_is_refused(tmp_path: Path, call: Call) -> None:
    assert call("ledger", str(tmp_path)).code == 2
