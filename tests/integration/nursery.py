"""A process that has loaded everything, and forks one `pausenet` process for each order.

A node so started is a process of its own like any other, but it is up in a tenth of a second: a
test can kill and restart nodes as fast as it likes. One JSON object a line:

    {"do": "start", "arguments": [...], "log": PATH, "plant": NAME or ""}  ->  {"pid": N}
    {"do": "poll", "pid": N}                                               ->  {"code": N or null}

All children end with this process, and it ends when its standard input does.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pausenet.cli.processes import Children
from tests.house.source import ROOT

_PR_SET_PDEATHSIG = 1
_LOOK_S = 0.005


# ---------------------------------------------------------------------- the test's side


@dataclass(slots=True)
class Child:
    """One node's process, in as much of `subprocess.Popen` as is used of it."""

    nursery: Nursery
    pid: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.returncode is None:
            self.returncode = self.nursery.order(do="poll", pid=self.pid)["code"]
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal; nobody else can have the pid before `poll` has seen the end."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float = 20) -> int:
        """Wait for the end; raise `subprocess.TimeoutExpired` if it does not come."""
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(["pausenet"], timeout)
            time.sleep(_LOOK_S)
        return code


class Nursery:
    """Starts the process above and gives it orders; leaving the context ends it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        return self

    def order(self, **what: object) -> dict[str, Any]:
        """Give one order and take the answer."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(what).encode() + b"\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        return answer

    def start(self, arguments: Sequence[str], log: Path, plant: str = "") -> Child:
        """Start `pausenet` with these arguments, its output in a file."""
        found = self.order(do="start", arguments=list(arguments), log=str(log), plant=plant)
        return Child(nursery=self, pid=found["pid"])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@dataclass(slots=True)
class Recorded(Children):
    """Children of a nursery that record every step: one file a start, beside the outputs.

    `plants` names the mistake that is built into a participant's process. `replaced` counts, for
    each start of those whose keys stand under `network`, the sets of keys that it found there
    beside the first.
    """

    nursery: Nursery = field(default_factory=Nursery)
    plants: dict[str, str] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    recording: bool = True
    network: Path | None = None
    replaced: dict[tuple[str, int], int] = field(default_factory=dict)

    def start(self, name: str, arguments: Sequence[str], environment: object = None) -> None:
        """Start one; its output is in `<name>.log`."""
        assert environment is None
        self.logs.mkdir(parents=True, exist_ok=True)
        number = self.starts[name] = self.starts.get(name, 0) + 1
        if self.network is not None:
            later = self.network / name / "keys" / "later"
            self.replaced[name, number] = len(list(later.glob("[0-9]*")))
        more = ["--recording", str(self.recording_of(name, number))] if self.recording else []
        self.running[name] = self.nursery.start(
            [*arguments, *more], self.logs / f"{name}.log", self.plants.get(name, "")
        )

    def recording_of(self, name: str, number: int) -> Path:
        """Where the steps of a participant's n-th start stand, counted from 1."""
        return self.logs / f"{name}.{number}.jsonl"

    def settle(self) -> dict[str, int]:
        """Ask all to end, and wait until they have; their exit codes."""
        for child in self.running.values():
            child.terminate()
            child.send_signal(signal.SIGCONT)
        return {name: child.wait(timeout=30) for name, child in self.running.items()}


# ---------------------------------------------------------------------- the nursery's side


def _main() -> None:
    import pausenet.cli.serve  # noqa: F401  # what a node needs, loaded once for all
    from tests.integration import plants

    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "start":
            pid = os.fork()
            if pid == 0:
                _become(order, plants.PLANTS.get(order["plant"], _nothing))
            answer: dict[str, int | None] = {"pid": pid}
        else:
            found, status = os.waitpid(order["pid"], os.WNOHANG)
            answer = {"code": os.waitstatus_to_exitcode(status) if found else None}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _become(order: dict[str, Any], plant: Any) -> None:
    """In the child: be `pausenet` with these arguments, and end."""
    code = 70
    try:
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        null = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((null, 0), (log, 1), (log, 2)):
            os.dup2(old, new)
        if os.getppid() == parent:
            from pausenet.cli.main import invoke

            plant()
            code = invoke(order["arguments"], debug=True)
    finally:
        os._exit(code)


def _nothing() -> None:
    """The plant of an honest build."""


if __name__ == "__main__":
    _main()
