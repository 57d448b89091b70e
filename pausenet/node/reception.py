"""The front desk of every call: who calls, may they, and how often; asked anew per call.

The identity comes from the connection's certificate and from nothing that the caller sends.
Interceptors of `grpc.aio` do not see it, and a connection outlives a change of trust, so each
handler asks here first (reliability.md 1, lesson 9).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final, Never

from grpc import aio

from pausenet.node.limits import Limits
from pausenet.node.metrics import Metrics
from pausenet.node.peer_identity import identify, read_pem
from pausenet.node.ways import LOG, Ear
from pausenet.protocol.register import Member, Register
from pausenet.values import ParticipantId, Role
from pausenet.wire.status import Denial, Reason, status_of

Context = aio.ServicerContext[Any, Any]

_KNOWN_MAX: Final = 1_024


class Reception:
    """Admits callers and refuses them, with one log line and one count for each refusal."""

    def __init__(self, *, register: Register, limits: Limits, metrics: Metrics, ear: Ear) -> None:
        self._register, self._limits, self._metrics, self._ear = register, limits, metrics, ear
        self._known: dict[bytes, Member | Denial] = {}
        self._under_way: dict[ParticipantId, int] = {}
        self.stopping = False

    async def admit(self, context: Context, method: str, roles: frozenset[Role]) -> Member:
        """The caller, if it may call this now; else the call is aborted. Pair with `leave`."""
        caller = self._caller(context)
        if not isinstance(caller, Member):
            await self.refuse(context, method, "?", caller)
        reason: Reason | None = None
        if caller.role not in roles:
            reason = Denial.WRONG_ROLE
        elif self.stopping:
            reason = Denial.STOPPING
        elif self._under_way.get(caller.id, 0) >= self._limits.rpcs_per_identity_max:
            reason = Denial.TOO_MANY
        elif not self._ear.bucket(caller).take(time.monotonic()):
            reason = Denial.TOO_FAST
        if reason is not None:
            await self.refuse(context, method, caller.id, reason, self.retry_ms(caller))
        self._under_way[caller.id] = self._under_way.get(caller.id, 0) + 1
        return caller

    def leave(self, caller: Member) -> None:
        """The call of a caller who was admitted is over."""
        self._under_way[caller.id] -= 1

    async def refuse(
        self, context: Context, method: str, who: str, reason: Reason, retry_ms: int = 0
    ) -> Never:
        """Abort a call with the fixed status of the reason."""
        self._metrics.refused(method, reason)
        LOG.warning("refused %s by %s: %s", method, who, reason)
        status = status_of(reason)
        trailing = (("retry-after-ms", str(retry_ms)),) if reason is Denial.TOO_FAST else ()
        await context.abort(status.code, status.text, trailing)

    def retry_ms(self, caller: Member) -> int:
        """When a caller that was too fast may come again."""
        return 1 + int(1000 * self._ear.bucket(caller).wait_s)

    def _caller(self, context: Context) -> Member | Denial:
        """The member for whom the connection's certificate speaks."""
        shown: Iterable[bytes] = context.auth_context().get("x509_pem_cert", ())
        pems = tuple(shown)
        if len(pems) != 1:
            return Denial.NO_IDENTITY
        pem = pems[0]
        if pem not in self._known:
            certificate = read_pem(pem)
            found = (
                certificate
                if isinstance(certificate, Denial)
                else identify(certificate, self._register)
            )
            if len(self._known) >= _KNOWN_MAX:
                self._known.clear()
            self._known[pem] = found
        return self._known[pem]
