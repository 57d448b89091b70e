"""A witness at its desk: the machine and its disk on one thread, one submission at a time.

Submissions are taken in the order in which they come. Each is judged against a state that is
durable, and its answer waits until its own record is: so nothing that was answered can be lost,
and of two submissions that race one is judged after the other (c2sp.org/tlog-witness).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from pausenet.errors import NodeError
from pausenet.node.store.witnessed import WitnessRecords
from pausenet.protocol.witness import Answer, Code, Witness
from pausenet.values import NetworkTime

T = TypeVar("T")

WAITING_MAX: Final = 256
"""Submissions that wait for the desk; a further one is answered by 503."""


def unix_time() -> NetworkTime:
    """The real clock in whole seconds: what a witness signs, whatever network time says."""
    return NetworkTime(int(time.time()))


class WitnessDesk:
    """Drives one witness. After a failure of the disk it signs nothing any more."""

    def __init__(
        self,
        witness: Witness,
        records: WitnessRecords,
        clock: Callable[[], NetworkTime] = unix_time,
        may_sign: Callable[[], bool] = lambda: True,
    ) -> None:
        self.witness, self._records, self._clock = witness, records, clock
        self._may_sign = may_sign
        self.cosigned = 0
        self.failed = ""
        self._waiting = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="witness")
        witness.load(records.records())

    async def submit(self, body: bytes) -> Answer:
        """Judge a submission and cosign it where all holds; durable when this returns."""
        if not self._may_sign():
            return Answer(code=Code.NOT_SIGNING, body=b"this node may not sign now\n")
        if self._waiting >= WAITING_MAX:
            return Answer(code=Code.NOT_SIGNING, body=b"too many submissions wait\n")
        self._waiting += 1
        try:
            # Shielded: what was begun is finished, also when the caller hangs up.
            return await asyncio.shield(self._run(lambda: self._transact(body)))
        finally:
            self._waiting -= 1

    async def latest(self, hashed: str) -> bytes | None:
        """The last cosigned checkpoint of a log, by its origin's hash; durable, or not shown."""
        return await self._run(lambda: None if self.failed else self.witness.latest(hashed))

    async def sizes(self) -> dict[str, int]:
        """How far it has cosigned each log, by origin."""
        return await self._run(
            lambda: {str(each.origin): int(each.size) for each in self.witness.held()}
        )

    async def close(self) -> None:
        """Finish what has come and let go of the disk."""
        await self._run(self._records.close)
        self._thread.shutdown(wait=True)

    def _transact(self, body: bytes) -> Answer:
        if self.failed:
            return Answer(code=Code.NOT_SIGNING, body=b"this witness signs nothing any more\n")
        record, answer = self.witness.submit(body, self._clock())
        if record is None:
            return answer
        try:
            self._records.write(record)
            if self._records.grown:
                self._records.renew(self.witness.held())
        except NodeError as error:
            # What the disk holds now is unknown, and the machine has moved on: neither may answer.
            self.failed = str(error)
            return Answer(code=Code.NOT_SIGNING, body=b"this witness signs nothing any more\n")
        self.cosigned += 1
        return answer

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
