"""Who may open which stream and say what on it; decided before any machine hears of it."""

from __future__ import annotations

from typing import Final

from pausenet.protocol.messages import (
    Cosigned,
    Disclosed,
    Entries,
    Evidence,
    Fetch,
    Heads,
    Hello,
    Inspect,
    Message,
    Publish,
    Refusal,
    Refused,
    Stored,
)
from pausenet.protocol.register import Member
from pausenet.values import Role
from pausenet.wire.status import Denial, Reason

PUBLICATION: Final = "/pausenet.wire.v1.Publication/Stream"
EXCHANGE: Final = "/pausenet.wire.v1.Verification/Exchange"

STREAM_ROLES: Final = {
    PUBLICATION: frozenset(Role) - {Role.VERIFIER, Role.REGISTRAR},
    EXCHANGE: frozenset({Role.VERIFIER}),
}
"""Who may open each stream."""

EVERYBODY: Final = frozenset(Role)

_OWNERS_WORDS: Final = (Hello, Publish, Fetch, Stored, Refused)
_VERIFIERS_WORDS: Final = (*_OWNERS_WORDS, Cosigned, Heads, Entries, Evidence, Inspect)
_WORDS: Final[dict[Role, tuple[type[Message], ...]]] = {
    Role.LAB: (*_OWNERS_WORDS, Disclosed),
    Role.METER: _OWNERS_WORDS,
    Role.VERIFIER: _VERIFIERS_WORDS,
    Role.REGISTRAR: (),
    Role.ADJUDICATOR: _OWNERS_WORDS,
    Role.EVALUATOR: _OWNERS_WORDS,
    Role.HOST: _OWNERS_WORDS,
    Role.AUTHORITY: _OWNERS_WORDS,
}


def judge(sender: Member, message: Message) -> Reason | None:
    """Why this member may not say this; None when it may.

    A log's batches come from its owner alone: others' entries travel as `Entries`, which only
    verifiers send.
    """
    if not isinstance(message, _WORDS[sender.role]):
        return Denial.WRONG_MESSAGE
    if isinstance(message, Hello | Publish) and message.origin != sender.origin:
        return Refusal.NOT_YOURS
    return None
