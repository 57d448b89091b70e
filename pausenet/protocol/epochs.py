"""Epochs: who the verifiers are, period after period (protocol.md 5.2).

Two epochs in a row differ by exactly one verifier. So any k of the one and any k of the other
share more verifiers than may be faulty in either: what a network cut of the one rests on is
known to an honest endorser of the other (decision 0018).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from pausenet.crypto.strict import verify
from pausenet.errors import InvalidRegister
from pausenet.statements.membership import (
    VERIFIERS_MAX,
    Joining,
    Leaving,
    MembershipChange,
    approval_message,
    digest_of,
)
from pausenet.values import (
    Digest,
    NetworkId,
    ParticipantId,
    PeriodIndex,
    PublicKey,
    Quorum,
    TreeSize,
)

VERIFIERS_MIN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """The verifiers that count from a period on, in register order.

    `size` is how many entries of the register it takes to know of it.
    """

    number: int
    first: PeriodIndex
    verifiers: tuple[ParticipantId, ...]
    size: TreeSize

    @property
    def quorum(self) -> Quorum:
        """n, k and f over its verifiers."""
        return _quorum_of(len(self.verifiers))

    def after(self, change: Joining | Leaving, size: TreeSize) -> Self:
        """The epoch that a change begins; raise `InvalidRegister` where it cannot.

        Whether who joins is admitted is for the register to know.
        """
        who = change.verifier
        if change.epoch != self.number + 1:
            raise InvalidRegister(f"register: expected epoch {self.number + 1}")
        if change.first <= self.first:
            raise InvalidRegister("register: an epoch begins after the one before it")
        joins = isinstance(change, Joining)
        if joins == (who in self.verifiers):
            already = "counts already" if joins else "does not count"
            raise InvalidRegister(f"register: {who} {already}")
        verifiers = {*self.verifiers, who} if joins else {*self.verifiers} - {who}
        if not VERIFIERS_MIN <= min(len(verifiers), len(self.verifiers)) < VERIFIERS_MAX:
            raise InvalidRegister(f"register: expected {VERIFIERS_MIN}..{VERIFIERS_MAX} verifiers")
        return type(self)(
            number=change.epoch,
            first=change.first,
            verifiers=tuple(sorted(verifiers)),
            size=size,
        )


@lru_cache(maxsize=64)
def _quorum_of(verifiers: int) -> Quorum:
    """Remembered, since each cosignature that is counted asks for it."""
    return Quorum(n=verifiers)


def require_approved(
    network: NetworkId,
    body: MembershipChange,
    after: Digest,
    epoch: Epoch,
    recovery: Mapping[ParticipantId, PublicKey],
) -> None:
    """Require the approvals of exactly k verifiers of an epoch; raise `InvalidRegister`.

    `recovery` has the recovery key of everybody in it.
    """
    by = [each.by for each in body.approvals]
    if len(by) != epoch.quorum.k or not set(by) <= set(epoch.verifiers):
        raise InvalidRegister(f"register: expected approvals by {epoch.quorum.k} verifiers")
    message = approval_message(network, after, digest_of(body.change))
    for each in body.approvals:
        if not verify(recovery[each.by], each.signature, message):
            raise InvalidRegister(f"register: {each.by} did not approve this change here")
