"""Child processes that cannot outlive their parent.

Only processes started here are ended, by their own ids: first asked (SIGTERM), then killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_PR_SET_PDEATHSIG: Final = 1
_STOP_S: Final = 3.0


@dataclass(slots=True)
class Children:
    """Processes by name; leaving the context ends them all, whatever happened inside."""

    logs: Path
    """The directory of their outputs, one file a process."""
    bound: bool = True
    """Whether they end with this process, even where it is killed."""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start `pausenet` with these arguments, its output in `<name>.log`."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log, signals_noted():
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "pausenet", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **(environment or {})},
                start_new_session=True,  # Ctrl-C reaches the parent alone, which then asks them
                preexec_fn=_die_with_parent() if self.bound else None,  # noqa: PLW1509  # no threads here
            )

    def dead(self) -> dict[str, int]:
        """The exit codes of those that have ended by themselves."""
        codes = {name: child.poll() for name, child in self.running.items()}
        return {name: code for name, code in codes.items() if code is not None}

    def last_words(self, name: str) -> str:
        """The last line that a process printed."""
        with contextlib.suppress(OSError):
            text = (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
            lines = [line for line in text.splitlines() if line.strip()]
            return lines[-1][:300] if lines else ""
        return ""

    def stop(self) -> None:
        """Ask all to end, and kill those that have not after three seconds."""
        living = [child for child in self.running.values() if child.poll() is None]
        for child in living:
            child.terminate()
            child.send_signal(signal.SIGCONT)  # a stopped one hears nothing else
        until = time.monotonic() + _STOP_S
        for child in living:
            try:
                child.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with _signals_held():
            self.stop()


@contextlib.contextmanager
def terminated_as_interrupt() -> Iterator[None]:
    """Treat SIGTERM and SIGHUP as Ctrl-C inside, so that children are ended then too."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for number in before:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold back a second Ctrl-C while children are being ended."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def signals_noted() -> Iterator[None]:
    """Let signals wait until a child is started.

    Python calls what follows a fork where an exception goes nowhere: an interrupt would be lost.
    """
    noted: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, lambda number, _: noted.append(number)) for each in numbers}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        for number in noted:
            signal.raise_signal(number)


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux: have the kernel kill the child when its parent is gone."""
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask
