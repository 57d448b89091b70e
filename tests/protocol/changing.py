"""Registers on paper whose verifiers change."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pausenet.protocol.membership import admission, approval, entered
from pausenet.protocol.register import Register
from pausenet.statements.membership import Approval, Change, Joining, Leaving
from pausenet.values import Digest, ParticipantId, Role
from tests.protocol.paper import applicant, index, keyring, name, register

HANDOVER = Digest.of(b"the handover")


def approvals(
    held: Register, change: Change, by: Iterable[ParticipantId] | None = None
) -> dict[ParticipantId, Approval]:
    """The approvals of these verifiers; of all of the last epoch where none are named."""
    verifiers = held.epochs[-1].verifiers if by is None else by
    return {who: approval(held, keyring(who, Role.VERIFIER), change) for who in verifiers}


def changed(held: Register, change: Change) -> Register:
    """The register with a change that all approve."""
    registrar = keyring("registrar", Role.REGISTRAR)
    return entered(held, registrar, change, approvals(held, change))


def admitted(held: Register, who: str) -> Register:
    """The register in which a newcomer is admitted."""
    registrar, newcomer = keyring("registrar", Role.REGISTRAR), keyring(who, Role.VERIFIER)
    change = admission(held, applicant(who, Role.VERIFIER, ""))
    return entered(held, registrar, change, approvals(held, change), newcomer)


def joining(held: Register, who: str, first: int) -> Joining:
    return Joining(
        epoch=len(held.epochs), first=index(first), verifier=name(who), handover=HANDOVER
    )


def leaving(held: Register, who: str, first: int) -> Leaving:
    return Leaving(epoch=len(held.epochs), first=index(first), verifier=name(who))


@cache
def grown() -> tuple[Register, Register, Register, Register]:
    """The register at first; with verifier-5 admitted; joined from 3; verifier-2 gone from 5."""
    first = register()
    second = admitted(first, "verifier-5")
    third = changed(second, joining(second, "verifier-5", 3))
    return first, second, third, changed(third, leaving(third, "verifier-2", 5))
