"""`pausenet witness` and `pausenet log receipt`, as a person starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pausenet.cli.logfiles import cosigned_notes, find_log, find_register
from pausenet.cli.main import invoke
from pausenet.log.addcheckpoint import decode_lines
from pausenet.log.bundle import Receipt
from pausenet.log.checkpoint import Note
from pausenet.log.cose import CoseReceipt
from pausenet.log.vkey import VerifierKey
from pausenet.protocol.logbook import LogBook
from pausenet.values import ParticipantId, Role, Seq
from tests.cli.conftest import Called
from tests.node.witnesses import Log, post, write_policy

Call = Callable[..., Called]
LOG = Log(1)


@pytest.mark.processes
def test_a_witness_says_its_key_and_url_cosigns_and_ends_when_told(tmp_path: Path) -> None:
    words = ["witness", "--policy", str(write_policy(tmp_path / "p", LOG))]
    words += ["--state", str(tmp_path / "state"), "--name", "witness.example/w"]
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "pausenet", *words], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        vkey = process.stdout.readline().removeprefix("witness: ").strip()
        url = process.stdout.readline().removeprefix("serves: ").strip()
        assert url.startswith("http://127.0.0.1:")
        got = post(int(url.rpartition(":")[2]), LOG.body(0, 8))
        decode_lines(got.body, LOG.note(8).body, VerifierKey.decode(vkey))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert (tmp_path / "state" / "witness.vkey").read_text().strip() == vkey


@pytest.mark.parametrize("listen", ["127.0.0.1", "127.0.0.1:99999", ":80", "a b:1"])
def test_a_witness_refuses_an_address_that_is_none(listen: str, tmp_path: Path, call: Call) -> None:
    policy = write_policy(tmp_path / "p", LOG)
    words = ("witness", "--policy", str(policy), "--state", str(tmp_path / "s"))
    assert call(*words, "--listen", listen).code == 2
    assert not (tmp_path / "s").exists()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("runs") / "over-cap"
    words = ["run", "over-cap", "--out", str(directory), "--display", "none", "--format", "json"]
    assert invoke(words, debug=False) == 0
    return directory


def test_a_simulated_run_gives_receipts_too_by_the_users_own_issuer_key(
    run: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "XDG_CONFIG_HOME", str(tmp_path / "config"))
    out, named = tmp_path / "receipt", ("log", "receipt", "aurora#2", "--run", str(run))
    assert call(*named, "--out", str(out)).code == 0
    receipt = Receipt.decode(out.read_bytes())
    signed_by = {str(line.name) for line in receipt.note.signatures}
    storing = {str(key.name) for key in find_register(run).storing_keys()}
    assert len(signed_by & storing) >= find_register(run).quorum.k
    called = call(*named, "--format", "cose", "--out", str(out))
    assert called.code == 0
    cose = CoseReceipt.decode(out.read_bytes())
    assert f"key id {cose.key_id}" in called.err
    assert (cose.index, cose.size, cose.proof) == (2, receipt.note.body.size, receipt.proof)
    assert (tmp_path / "config/pausenet/receipt-issuer.pem").stat().st_mode & 0o777 == 0o600


def test_a_checkpoint_without_a_quorum_gives_no_receipt(
    run: Path, call: Call, tmp_path: Path
) -> None:
    import shutil

    poor = tmp_path / "poor"
    shutil.copytree(run, poor)
    shutil.rmtree(poor / "cosigned")
    called = call("log", "receipt", "aurora#2", "--run", str(poor))
    assert called.code == 4
    assert "3 storing cosignatures" in called.err


def test_a_cosigned_checkpoint_has_the_lines_of_k_of_the_registers_verifiers(run: Path) -> None:
    register, log = find_register(run), find_log(run, "aurora")
    origin = register.members[ParticipantId("aurora")].origin
    note = cosigned_notes(run, "aurora", log)[0]
    storing = {str(key.name) for key in register.storing_keys()}
    lines = [line for line in note.signatures if str(line.name) in storing]
    own = [line for line in note.signatures if line.name == origin]
    book = LogBook(register, (Role.LAB,))
    assert book.cosigned(origin) is None
    bare = Note(body=note.body, signatures=tuple(own))
    book.mirror(origin).extend(Seq(0), log.entries()[: note.body.size], bare)
    assert len(lines) >= register.quorum.k
    for count, line in enumerate(lines, start=1):
        assert (book.cosigned(origin) is None) is (count <= register.quorum.k)
        book.judge(Note(body=note.body, signatures=(*own, line)).encode())
    found = book.cosigned(origin)
    assert found is not None
    assert set(found.signatures) == {*own, *lines}


@pytest.mark.parametrize("named", ["aurora", "aurora#", "aurora#-1", "aurora#x", "nobody#1"])
def test_a_receipt_of_no_entry_is_refused(named: str, run: Path, call: Call) -> None:
    assert call("log", "receipt", named, "--run", str(run)).code == 2
