"""A small real network and the world outside: logs over HTTP, witnesses asked, receipts taken."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pausenet.cli.main import invoke
from pausenet.log.addcheckpoint import SIZE_TYPE, Submission, decode_lines, origin_hash
from pausenet.log.bundle import Receipt, verify_receipt
from pausenet.log.checkpoint import Note
from pausenet.log.cose import CoseReceipt, verify_cose
from pausenet.log.merkle import leaf_hash
from pausenet.log.opened import open_note
from pausenet.log.tiles import decode_entries
from pausenet.log.vkey import VerifierKey
from pausenet.node.config import read_register
from pausenet.node.init import make_network, start_network
from pausenet.node.keystore import load_key
from pausenet.protocol.register import Register
from pausenet.values import ParticipantId, Role, TreeSize
from tests.node.networks import AURORA, METER, VERIFIERS, plan, reading_line, usage_line
from tests.node.test_processes import ports, until
from tests.node.witnesses import Got, Log, WitnessProcess, fetch, post

pytestmark = pytest.mark.processes

PERIODS = 1
NODE = """
import asyncio, sys
from pathlib import Path
from pausenet.node.config import NodeConfig
from pausenet.node.run import run_node
from pausenet.protocol.attester import LabMachine, MeterMachine
from pausenet.protocol.verifier import VerifierMachine
from pausenet.values import ParticipantId, Role
MACHINES = {Role.LAB: LabMachine, Role.METER: MeterMachine, Role.VERIFIER: VerifierMachine}
root, name, policy = Path(sys.argv[1]), ParticipantId(sys.argv[2]), Path(sys.argv[3])
config = NodeConfig(id=name, home=root / name, public=root, log_file=root / name / "node.log",
                    http="127.0.0.1:0", witness_policy=policy)
def factory(register, keys):
    return MACHINES[keys.role](register=register, keys=keys)
sys.exit(asyncio.run(run_node(config, factory)))
"""
STRANGER = Log(7)


class Net:
    """A network whose lab stops after one period, and an outside witness for its log."""

    def __init__(self, root: Path) -> None:
        self.root = root
        addresses = {
            name: f"127.0.0.1:{port}" for name, port in zip(VERIFIERS, ports(4), strict=True)
        }
        samples = {
            AURORA: "".join(usage_line(period) for period in range(PERIODS)),
            METER: "".join(reading_line(period) for period in range(PERIODS)),
        }
        self.register: Register = make_network(root, plan(addresses, samples))
        self.log_key = self.register.members[AURORA].log_key
        logs = root / "logs.policy"
        logs.write_text(f"log {self.log_key.encode()}\nquorum none\n")
        self.witness = WitnessProcess(logs, root / "outside")
        self.witness.start()
        line = f"witness out {self.witness.vkey} http://127.0.0.1:{self.witness.port}\n"
        gone = self.register.members[VERIFIERS[0]].witness_key
        assert gone is not None
        self.ask = root / "ask.policy"
        self.ask.write_text(
            f"log {STRANGER.key.encode()}\n{line}"
            f"witness gone {gone.encode()} http://127.0.0.1:1/\n"
            "group both all out gone\nquorum both\n"
        )
        self.running: dict[ParticipantId, subprocess.Popen[bytes]] = {}
        start_network((root,), int(time.time()) + 1)
        for name in (*VERIFIERS, AURORA, METER):
            self.start(name)

    def start(self, name: ParticipantId) -> None:
        command = [sys.executable, "-c", NODE, str(self.root), str(name), str(self.ask)]
        self.running[name] = subprocess.Popen(command)

    def status(self, name: ParticipantId) -> dict[str, object]:
        path = self.root / name / "status.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def port(self, name: ParticipantId) -> int:
        return int(str(self.status(name)["http"]).rpartition(":")[2])

    def get(self, name: ParticipantId, path: str, **headers: str) -> Got:
        return fetch(self.port(name), "GET", path, headers=headers)

    def quiet(self) -> bool:
        """Whether the lab has said all and the outside witness has cosigned it."""
        found = self.status(AURORA)
        outside, logs = found.get("outside") or {}, found.get("logs") or {}
        assert isinstance(outside, dict)
        assert isinstance(logs, dict)
        size = logs.get(str(self.register.members[AURORA].origin), 0)
        at_end = size >= PERIODS + 2 and found.get("receipted") == size
        return at_end and outside.get("size") == size and outside.get("cosigned_by") == 1


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Net]:
    made = Net(tmp_path_factory.mktemp("edge") / "net")
    try:
        until(made.quiet, 90)
        time.sleep(1)
        yield made
    finally:
        for process in made.running.values():
            process.kill()
            process.wait()
        made.witness.kill()


def test_what_is_served_over_http_is_what_is_exported_byte_for_byte(
    net: Net, tmp_path: Path
) -> None:
    words = ["log", "export", "aurora", str(tmp_path / "x"), "--run", str(net.root)]
    assert invoke(words, debug=False) == 0
    files = [path for path in (tmp_path / "x").rglob("*") if path.is_file()]
    assert {path.name for path in files} > {"checkpoint"}
    for path in files:
        name = path.relative_to(tmp_path / "x").as_posix()
        got = net.get(AURORA, f"/{name}")
        assert (got.status, got.body) == (200, path.read_bytes()), name
        lasting = "immutable" in got.headers["cache-control"]
        assert lasting is (name != "checkpoint")
        kind = "text/plain; charset=utf-8" if name == "checkpoint" else "application/octet-stream"
        assert got.type == kind


def test_a_verifier_serves_the_register_as_it_is_exported(net: Net, tmp_path: Path) -> None:
    words = ["log", "export", "registrar", str(tmp_path / "x"), "--run", str(net.root)]
    assert invoke(words, debug=False) == 0
    note = Note.decode((tmp_path / "x" / "checkpoint").read_bytes())
    for path in (tmp_path / "x" / "tile").rglob("*"):
        if path.is_file():
            name = path.relative_to(tmp_path / "x").as_posix()
            assert net.get(VERIFIERS[0], f"/register/{name}").body == path.read_bytes()
    served = Note.decode(net.get(VERIFIERS[0], "/register/checkpoint").body)
    assert served.body == note.body
    assert served.body.size == len(net.register.entries)
    assert net.get(AURORA, "/register/checkpoint").status == 404


def test_earlier_partial_tiles_can_still_be_had_and_later_ones_not(net: Net) -> None:
    size = Note.decode(net.get(AURORA, "/checkpoint").body).body.size
    whole = net.get(AURORA, f"/tile/0/000.p/{size}").body
    entries = decode_entries(net.get(AURORA, f"/tile/entries/000.p/{size}").body, size)
    for width in range(1, size):
        assert net.get(AURORA, f"/tile/0/000.p/{width}").body == whole[: 32 * width]
        bundle = net.get(AURORA, f"/tile/entries/000.p/{width}").body
        assert decode_entries(bundle, width) == entries[:width]
    for path in (f"/tile/0/000.p/{size + 1}", "/tile/0/000", "/tile/1/000.p/1", "/tile/0/001.p/1"):
        assert net.get(AURORA, path).status == 404
    packed = fetch(
        net.port(AURORA), "GET", f"/tile/entries/000.p/{size}", headers={"Accept-Encoding": "gzip"}
    )
    assert packed.headers["content-encoding"] == "gzip"


def test_the_published_checkpoint_bears_storing_and_outside_cosignatures_apart(net: Net) -> None:
    note = Note.decode(net.get(AURORA, "/checkpoint").body)
    out = VerifierKey.decode(net.witness.vkey)
    opened = open_note(note, net.log_key, (*net.register.storing_keys(), out))
    names = {each.cosigner for each in opened.cosignatures}
    assert out.name in names
    assert len(names - {out.name}) >= net.register.quorum.k
    outside = net.status(AURORA)["outside"]
    assert isinstance(outside, dict)
    assert (outside["asked"], outside["cosigned_by"], outside["quorum"]) == (2, 1, "not met")
    assert outside["witnesses"]["gone"]["problem"]


def test_an_export_meets_a_policy_of_its_witnesses_and_not_one_of_more(
    net: Net, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "x")
    words = ["log", "export", "aurora", place, "--run", str(net.root), "--format", "json"]
    assert invoke(words, debug=False) == 0
    described = json.loads(capsys.readouterr().out)
    witness_keys = [key.encode() for key in net.register.witness_keys()]
    assert described["witness_vkeys"] == witness_keys
    assert len(witness_keys) == 4
    assert described["vkey"] == net.log_key.encode()
    lines = [f"log {described['vkey']}", f"witness out {net.witness.vkey}"]
    lines += [f"witness s{n} {key}" for n, key in enumerate(described["storing_vkeys"])]
    lines += [f"witness w0 {witness_keys[0]}", "group storing 3 s0 s1 s2 s3"]
    policy = tmp_path / "p"
    for quorum, code in (("group g all storing out", 0), ("group g all storing w0", 1)):
        policy.write_text("\n".join([*lines, quorum, "quorum g"]) + "\n")
        assert invoke(["log", "check", place, "--policy", str(policy)], debug=False) == code
    policy.write_text("quorum none\n")
    check = ["log", "check", place, "--policy", str(policy)]
    assert invoke(check, debug=False) == 1  # it names no log, and no key is given
    assert invoke([*check, "--vkey", described["vkey"]], debug=False) == 0


def test_a_receipt_is_had_in_both_forms_and_each_verifies(net: Net, tmp_path: Path) -> None:
    entry = decode_entries(net.get(AURORA, "/tile/entries/000.p/2").body, 2)[1]
    proof, cose, key = tmp_path / "proof", tmp_path / "cose", tmp_path / "key.pem"
    base = ["log", "receipt", "aurora#1", "--run", str(net.root)]
    assert invoke([*base, "--out", str(proof)], debug=False) == 0
    keys = net.register.storing_keys()
    found = Receipt.decode(proof.read_bytes())
    opened = verify_receipt(found, entry, net.log_key, keys, net.register.quorum.k)
    for _ in range(2):  # the second time with the key that the first has made
        words = [*base, "--format", "cose", "--key", str(key), "--out", str(cose)]
        assert invoke(words, debug=False) == 0
        issuer = load_key(key, None).public_key
        restated = CoseReceipt.decode(cose.read_bytes())
        assert verify_cose(restated, leaf_hash(entry), issuer) == opened.checkpoint.root
    assert invoke(["log", "receipt", "aurora#999", "--run", str(net.root)], debug=False) == 2
    assert invoke(["log", "receipt", "aurora", "--run", str(net.root)], debug=False) == 2


def test_a_verifier_witnesses_every_log_of_its_network_also_over_a_kill(net: Net) -> None:
    name, key = VERIFIERS[1], net.register.members[VERIFIERS[1]].witness_key
    assert key is not None
    note = Note.decode(net.get(AURORA, "/checkpoint").body)
    first = Submission(old=TreeSize(0), proof=(), note=note).encode()
    got = post(net.port(name), first)
    assert got.status == 200, got.body
    assert decode_lines(got.body, note.body, key).time > 1_700_000_000  # of the real clock
    assert post(net.port(name), STRANGER.body(0, 8)).status == 200  # of its policy file
    assert post(net.port(name), Log(8).body(0, 8)).status == 404
    process = net.running.pop(name)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (net.root / name / "status.json").unlink()
    net.start(name)
    until(lambda: bool(net.status(name).get("ready")), 90)
    again = post(net.port(name), first)
    assert (again.status, again.type, again.body) == (409, SIZE_TYPE, b"%d\n" % note.body.size)
    path = f"/{origin_hash(note.body.origin)}/checkpoint"
    shown = open_note(net.get(name, path).body, net.log_key, (key,))
    assert shown.checkpoint == note.body
    assert len(shown.cosignatures) == 1
    assert net.get(AURORA, path).status == 404  # a lab witnesses nothing
    assert read_register(net.root, None).members[AURORA].role is Role.LAB
