"""Witnesses in processes of their own, and logs that submit to them over real HTTP."""

from __future__ import annotations

import asyncio
import http.client
import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from pausenet.crypto.keys import SigningKey
from pausenet.log.addcheckpoint import Submission
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.policyfile import PolicyLog, WitnessPolicy, format_policy
from pausenet.log.vkey import KeyName, KeyType, VerifierKey
from pausenet.node.edge.alone import WitnessConfig, run_witness
from pausenet.values import TreeSize

WAIT_S = 20.0


class Log:
    """A log that knows two histories: the one it should show, and another."""

    def __init__(self, number: int, entries: int = 600) -> None:
        self.origin = KeyName(f"example.org/log{number}")
        self.signer = SigningKey.from_seed(bytes([100 + number]) * 32)
        self.key = VerifierKey(
            name=self.origin, type=KeyType.LOG, public_key=self.signer.public_key
        )
        shared = [leaf_hash(b"shared %d" % seq) for seq in range(5)]
        self.tree = Tree([*shared, *(leaf_hash(b"one %d" % seq) for seq in range(entries))])
        self.fork = Tree([*shared, *(leaf_hash(b"two %d" % seq) for seq in range(entries))])

    def note(self, size: int, tree: Tree | None = None) -> Note:
        count, shown = TreeSize(size), tree or self.tree
        head = Checkpoint(origin=self.origin, size=count, root=shown.root(count))
        return Note(body=head, signatures=(sign_checkpoint(head, self.signer),))

    def body(self, old: int, size: int, tree: Tree | None = None) -> bytes:
        proof = (tree or self.tree).consistency(TreeSize(old), TreeSize(size))
        return Submission(old=TreeSize(old), proof=proof, note=self.note(size, tree)).encode()


def write_policy(path: Path, *logs: Log) -> Path:
    policy = WitnessPolicy(
        logs=tuple(PolicyLog(key=log.key) for log in logs), witnesses=(), groups=(), quorum="none"
    )
    path.write_bytes(format_policy(policy))
    return path


@dataclass(frozen=True)
class Got:
    """What came back over HTTP."""

    status: int
    type: str
    body: bytes
    headers: dict[str, str]


def fetch(
    port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> Got:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Got(answer.status, found.get("content-type", ""), answer.read(), found)
    finally:
        connection.close()


def post(port: int, body: bytes) -> Got:
    return fetch(port, "POST", "/add-checkpoint", body)


def _serve(policy: Path, state: Path, said: Path) -> None:
    def ready(vkey: str, url: str) -> None:
        spare = said.with_suffix(".new")
        spare.write_text(f"{vkey}\n{url}\n")
        spare.rename(said)

    asyncio.run(run_witness(WitnessConfig(policy=policy, state=state), ready))


class WitnessProcess:
    """`pausenet witness` without the start of a Python: forked from a server that has it loaded."""

    def __init__(self, policy: Path, state: Path) -> None:
        self._policy, self.state, self._said = policy, state, state.with_name("said")
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.node.witnesses"])
        self.process: BaseProcess | None = None
        self.vkey, self.port = "", 0

    def start(self) -> None:
        self._said.unlink(missing_ok=True)
        self.process = self._context.Process(
            target=_serve, args=(self._policy, self.state, self._said), daemon=True
        )
        self.process.start()
        end = time.monotonic() + WAIT_S
        while not self._said.exists():
            assert self.process.is_alive(), "the witness did not start"
            assert time.monotonic() < end, "in vain"
            time.sleep(0.005)
        self.vkey, url = self._said.read_text().split()
        self.port = int(url.rpartition(":")[2])

    def kill(self) -> None:
        """SIGKILL."""
        assert self.process is not None
        self.process.kill()
        self.process.join(WAIT_S)
