"""The honest network's register as it grows: one verifier comes, another one goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from pausenet.crypto import SigningKey
from pausenet.protocol.keyring import Applicant, Keyring
from pausenet.protocol.membership import admission, approval, entered
from pausenet.protocol.register import Register
from pausenet.simulator.setting import Setting
from pausenet.simulator.vectors.edits import payload_of
from pausenet.simulator.vectors.ground import Pen, run_of
from pausenet.simulator.vectors.networks import AURORA, VERIFIERS
from pausenet.statements.codec import Head, Kind
from pausenet.statements.membership import (
    Approval,
    Change,
    Handover,
    Joining,
    Leaving,
)
from pausenet.statements.register import Purpose
from pausenet.values import Digest, ParticipantId, PeriodIndex, Role, TreeSize

NEWCOMER: Final = ParticipantId("verifier-5")
REGISTRAR: Final = ParticipantId("registrar")
GONE: Final = VERIFIERS[1]
COMES: Final = PeriodIndex(3)
"""The first period in which the newcomer counts."""
GOES: Final = PeriodIndex(5)
"""The first in which the second verifier counts no longer."""
HANDOVER: Final = Digest.of(b"the handover")


@lru_cache(maxsize=4)
def keys_of(who: ParticipantId) -> Keyring:
    """The keys of a verifier-to-be."""

    def key(purpose: Purpose) -> SigningKey:
        return SigningKey.from_seed(Digest.of(f"case {who} {purpose} first".encode()))

    return Keyring(
        id=who,
        role=Role.VERIFIER,
        statement=key(Purpose.STATEMENT),
        log=key(Purpose.LOG),
        recovery=key(Purpose.RECOVERY),
        storing=key(Purpose.STORING),
        witness=key(Purpose.WITNESS),
    )


def keys() -> Mapping[ParticipantId, Keyring]:
    """Everybody's keys, the newcomer's among them."""
    return {**run_of("honest").setting.keys, NEWCOMER: keys_of(NEWCOMER)}


def first() -> Register:
    """The register before anything changed."""
    return run_of("honest").register


def admits(held: Register, who: ParticipantId = NEWCOMER) -> Change:
    """The change that admits somebody."""
    tls = Digest.of(b"tls", who.encode())
    bloc = f"bloc of {who}"
    return admission(held, Applicant(keys=keys_of(who), bloc=bloc, group="five", tls_spki=tls))


def joins(held: Register, who: ParticipantId = NEWCOMER, begins: PeriodIndex = COMES) -> Joining:
    """The change by which somebody begins to count."""
    return Joining(epoch=len(held.epochs), first=begins, verifier=who, handover=HANDOVER)


def leaves(held: Register, who: ParticipantId = GONE, begins: PeriodIndex = GOES) -> Leaving:
    """The change by which somebody stops to count."""
    return Leaving(epoch=len(held.epochs), first=begins, verifier=who)


def approvals(
    held: Register, change: Change, by: Iterable[ParticipantId] | None = None
) -> dict[ParticipantId, Approval]:
    """The approvals of these; of all verifiers of the last epoch where none are named."""
    names = held.epochs[-1].verifiers if by is None else by
    return {name: approval(held, keys()[name], change) for name in names}


def changed(held: Register, change: Change) -> Register:
    """The register with a change that all approve."""
    signer = keys()[NEWCOMER] if not isinstance(change, Joining | Leaving) else None
    return entered(held, keys()[REGISTRAR], change, approvals(held, change), signer)


@lru_cache(maxsize=1)
def grown() -> tuple[Register, Register, Register]:
    """The newcomer admitted; counting; and the second verifier gone."""
    admitted = changed(first(), admits(first()))
    joined = changed(admitted, joins(admitted))
    return admitted, joined, changed(joined, leaves(joined))


def setting_with(held: Register) -> Setting:
    """The honest network's setting, with another register."""
    return replace(run_of("honest").setting, register=held, keys=keys())


def pen_of(who: ParticipantId, held: Register | None = None) -> Pen:
    """An empty log of somebody, the newcomer among them."""
    return Pen(setting=setting_with(held or grown()[-1]), who=who)


def membership_specimens() -> dict[Kind, bytes]:
    """A payload of each kind by which the verifiers change."""
    admitted = grown()[0]
    change = admits(first())
    heads = tuple(
        Head(origin=admitted.origin_of(who), size=TreeSize(8), root=Digest.of(who.encode()))
        for who in (AURORA, VERIFIERS[0])
    )
    approved = approval(first(), keys()[VERIFIERS[0]], change)
    return {
        Kind.MEMBERSHIP: payload_of(admitted.entries[-1]),
        Kind.APPROVAL: payload_of(pen_of(VERIFIERS[0]).say(approved)),
        Kind.HANDOVER: payload_of(pen_of(NEWCOMER).say(Handover(epoch=0, heads=heads))),
    }
