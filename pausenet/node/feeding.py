"""Feeds a node: a period's sample enters when the period has ended, an act when its begins.

After a restart all lines are read again: a machine passes over what stands in its log. A sample
that cannot be read stops the feeding, not the node; a lab without samples falls silent, and that
is seen.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from pausenet.errors import MalformedFile
from pausenet.files.acts import read_acts
from pausenet.files.samples import read_readings, read_usage
from pausenet.node.clock import NetworkClock
from pausenet.protocol.messages import Act, Sample
from pausenet.statements.agreement import Schedule
from pausenet.values import NetworkTime, Role, Salt

Parse: TypeAlias = Callable[[Iterable[str], str], Iterator[Sample]]
"""Reads lines; the second argument names them in errors."""

STANDARD_INPUT: Final = Path("-")
AHEAD_MAX: Final = 8
"""How many samples are read before their time."""
NAP_S: Final = 0.5


class Feeding:
    """Reads samples on a thread of its own, since a pipe may keep it waiting for ever."""

    def __init__(
        self, *, path: Path, parse: Parse, schedule: Schedule, clock: NetworkClock
    ) -> None:
        self._path, self._parse, self._schedule, self._clock = path, parse, schedule, clock
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Queue[Sample | str] = asyncio.Queue()
        self._room = threading.Semaphore(AHEAD_MAX)

    async def run(self, ingest: Callable[[Sample], None]) -> str:
        """Hand on every sample in its time; return what stopped it, empty for the end."""
        threading.Thread(target=self._read, name="samples", daemon=True).start()
        while True:
            sample = await self._ready.get()
            self._room.release()
            if isinstance(sample, str):
                return sample
            moment = moment_of(sample, self._schedule)
            while (wait_s := self._clock.seconds_until(moment)) > 0:
                await asyncio.sleep(min(wait_s, NAP_S))
            ingest(sample)

    def _read(self) -> None:
        stopped = ""
        try:
            for sample in self._samples():
                self._room.acquire()
                self._hand(sample)
        except (MalformedFile, OSError, UnicodeDecodeError) as error:
            stopped = str(error)
        self._hand(stopped)

    def _hand(self, what: Sample | str) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ready.put_nowait, what)

    def _samples(self) -> Iterator[Sample]:
        if self._path == STANDARD_INPUT:
            yield from self._parse(sys.stdin, "standard input")
            return
        with self._path.open(encoding="utf-8", newline="\n") as file:
            yield from self._parse(file, str(self._path))


def moment_of(sample: Sample, schedule: Schedule) -> NetworkTime:
    """When it is handed in: a sample at its period's end, an act at its period's start."""
    if isinstance(sample, Act):
        return schedule.period(sample.at).start
    return schedule.period(sample.period).end


def parse_samples(role: Role) -> Parse:
    """How the samples of a lab or a meter are read."""
    if role is Role.METER:
        return lambda lines, name: read_readings(lines, name=name)
    return lambda lines, name: read_usage(lines, name=name, salt=fresh_salt)


def parse_acts(lines: Iterable[str], name: str) -> Iterator[Sample]:
    """How acts are read."""
    return read_acts(lines, name=name)


def fresh_salt() -> Salt:
    """32 bytes that nobody can guess."""
    return Salt(secrets.token_bytes(Salt.LENGTH))
