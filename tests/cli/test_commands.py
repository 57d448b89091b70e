"""The commands that look at what a run left, on one simulated run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pausenet.cli.main import invoke
from pausenet.cli.network import attack_text, free_ports
from pausenet.files import find_scenario, read_scenario
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary import ABOUT
from pausenet.values import Role
from tests.cli.conftest import Called

Call = Callable[..., Called]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of one simulated run of a story that ends in a proof."""
    directory = tmp_path_factory.mktemp("runs") / "two-faces"
    code = invoke(
        ["run", "two-faces", "--out", str(directory), "--format", "json", "--display", "none"],
        debug=False,
    )
    assert code == 0
    return directory


def _described(run: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((run / "run.json").read_text(encoding="utf-8"))
    return found


def _bundle(run: Path) -> Path:
    return min((run / "evidence").glob("cedar-*.json"))


def test_a_run_keeps_all_it_promises(run: Path) -> None:
    import hashlib

    described = _described(run)
    files = described["files"]
    assert isinstance(files, dict)
    assert {"scenario.yaml", "results.csv", "transcript.txt"} <= set(files)
    for name, digest in files.items():
        assert hashlib.sha256((run / name).read_bytes()).hexdigest() == digest
    assert read_scenario(run / "scenario.yaml").name == "two-faces"


def test_a_run_is_never_written_over(run: Path, call: Call) -> None:
    called = call("run", "honest", "--out", str(run))
    assert called.code == 2
    assert "never written over" in called.err


def test_a_bundle_proves_its_claim_under_the_pinned_network_only(run: Path, call: Call) -> None:
    network = str(_described(run)["network_id"])
    bundle = str(_bundle(run))
    assert call("verify", bundle, "--network-id", network).code == 1
    assert call("verify", bundle).code == 3
    other = call("verify", bundle, "--network-id", "0" * 64)
    assert other.code == 3
    assert "unknown" in other.out


def test_a_changed_bundle_proves_nothing(run: Path, call: Call, tmp_path: Path) -> None:
    network = str(_described(run)["network_id"])
    data = _bundle(run).read_bytes()
    for place in (10, len(data) // 2, len(data) - 10):
        changed = tmp_path / "changed.json"
        changed.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert call("verify", str(changed), "--network-id", network).code in (2, 3)


def test_a_log_is_listed_exported_and_checked(run: Path, call: Call, tmp_path: Path) -> None:
    called = call("log", "list", "aurora", "--run", str(run), "--format", "json")
    row = json.loads(called.out)
    assert set(row) == {"log", "origin", "vkey", "size", "root"}
    out = tmp_path / "aurora"
    assert call("log", "export", "aurora", str(out), "--run", str(run)).code == 0
    assert call("log", "check", str(out)).code == 0
    assert call("log", "check", str(out), "--vkey", row["vkey"]).code == 0
    assert call("log", "export", "aurora", str(out), "--run", str(run)).code == 2


def test_a_log_with_one_changed_byte_does_not_hold(run: Path, call: Call, tmp_path: Path) -> None:
    out = tmp_path / "aurora"
    call("log", "export", "aurora", str(out), "--run", str(run))
    bundle = next((out / "tile" / "entries").rglob("*.p/*"))
    data = bundle.read_bytes()
    bundle.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    called = call("log", "check", str(out))
    assert called.code == 1
    assert "problem" in called.out


def test_a_log_signed_by_another_key_does_not_hold(run: Path, call: Call, tmp_path: Path) -> None:
    out = tmp_path / "aurora"
    call("log", "export", "aurora", str(out), "--run", str(run))
    other = json.loads(call("log", "list", "birch", "--run", str(run), "--format", "json").out)
    assert call("log", "check", str(out), "--vkey", other["vkey"]).code in (1, 2)


def test_an_unknown_log_names_the_nearest(run: Path, call: Call) -> None:
    called = call("log", "list", "aurra", "--run", str(run))
    assert called.code == 2
    assert 'did you mean "aurora"' in called.err


def test_a_statement_is_shown_with_the_judgement_of_its_signature(run: Path, call: Call) -> None:
    called = call("statement", "inspect", "aurora#0", "--run", str(run), "--format", "json")
    found = json.loads(called.out)
    assert found["signature"].startswith("valid")
    assert found["statement"]["predicate"]["author"] == "aurora"
    assert call("statement", "inspect", "aurora#99999", "--run", str(run)).code == 2


def test_evidence_is_listed_shown_and_exported(run: Path, call: Call, tmp_path: Path) -> None:
    listed = call("evidence", "list", "--run", str(run), "--format", "json").out.splitlines()
    row = json.loads(listed[0])
    assert row["accused"] == "cedar"
    assert call("evidence", "show", row["digest"][:16], "--run", str(run)).code == 0
    out = tmp_path / "bundle.json"
    assert call("evidence", "export", row["digest"], str(out), "--run", str(run)).code == 0
    assert out.read_bytes() == Path(row["path"]).read_bytes()
    assert call("evidence", "export", row["digest"], str(out), "--run", str(run)).code == 2


def test_a_run_whose_findings_are_not_expected_exits_3(call: Call, tmp_path: Path) -> None:
    text = find_scenario("honest").read_text(encoding="utf-8")
    story = tmp_path / "other.yaml"
    story.write_text(
        text.replace(
            "findings: []", "findings:\n    - {accused: birch, fault: F7, grade: plausible}"
        ),
        encoding="utf-8",
    )
    called = call("run", str(story), "--out", str(tmp_path / "run"), "--display", "none")
    assert called.code == 3
    assert "not as expected: birch" in called.err


def test_every_attack_is_listed_with_what_it_does(call: Call) -> None:
    rows = [
        json.loads(line)
        for line in call("attack", "list", "--format", "json").out.split("\n")
        if line
    ]
    assert [row["kind"] for row in rows] == [str(kind) for kind in CheatKind]
    assert all(row["about"] for row in rows)
    assert set(ABOUT) == set(CheatKind)


def test_an_attack_is_written_as_it_is_read() -> None:
    from pausenet.cli.attacker import parse_attack
    from pausenet.errors import Misuse

    for cheat in read_scenario(find_scenario("demo")).cheats:
        assert parse_attack(attack_text(cheat), cheat.by) == cheat
    for text in ("nothing", "silent:from=x", "silent:form=6", "two-faces:amount=120 %"):
        with pytest.raises(Misuse):
            parse_attack(text, cheat.by)


def test_keys_are_made_once_and_their_secrets_never_shown(call: Call, tmp_path: Path) -> None:
    keys = str(tmp_path / "keys")
    made = call("keys", "new", keys, "--id", "aurora", "--role", "lab", "--format", "json")
    shown = call("keys", "show", keys, "--id", "aurora", "--role", "lab", "--format", "json")
    assert made.code == shown.code == 0
    assert made.out == shown.out
    assert {json.loads(line)["purpose"] for line in made.out.splitlines()} == {
        "statement",
        "log",
        "recovery",
    }
    assert "PRIVATE" not in made.out
    assert call("keys", "new", keys, "--id", "aurora").code == 4


def test_a_passphrase_from_nowhere_is_refused_and_no_key_is_left_in_the_clear(
    tmp_path: Path, call: Call
) -> None:
    keys = tmp_path / "keys"
    called = call("keys", "new", str(keys), "--id", "aurora", "--passphrase-from", "")
    assert called.code == 4
    assert "expected fd:N, file:PATH or env:NAME" in called.err
    assert not keys.exists()


def test_a_role_that_is_none_is_told_which_there_are(call: Call, tmp_path: Path) -> None:
    for verb in ("new", "show"):
        called = call("keys", verb, str(tmp_path / "keys"), "--id", "aurora", "--role", "lbs")
        assert called.code == 2
        assert all(str(role) in called.err for role in Role)
        assert "found 'lbs' - did you mean \"lab\"?" in called.err
    told = " ".join(call("keys", "new", "--help").out.split())
    assert all(str(role) in told for role in Role)


def test_free_ports_are_different() -> None:
    assert len(set(free_ports(8))) == 8


def test_a_single_run_that_is_interrupted_leaves_nothing_and_says_so(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pausenet.cli.simulated_run.simulate_into", stopped)
    called = call("run", "honest", "--out", str(tmp_path / "run"))
    assert called.code == 130
    assert "nothing is kept" in called.err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("what", ["evasions", "channels"])
def test_lists_are_lists_in_json(what: str, call: Call) -> None:
    kind = {"evasions": "E06", "channels": "satellite"}[what]
    shown = json.loads(call(what, "show", kind, "--format", "json").out)
    listed = shown["seen_by" if what == "evasions" else "controlled_by"]
    assert isinstance(listed, list)
    assert all(word in call(what, "show", kind).out for word in listed)
