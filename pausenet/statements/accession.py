"""How labs come to an agreement that is in force: what its parties say of who accedes (C25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pausenet.statements.forms import Flag, Hex, Record, Word
from pausenet.values import Digest, ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance(Record):
    """A party accepts, or accepts no longer, that a lab accedes to the agreement.

    Of each party the last word on a lab counts, until the lab has been let in.
    """

    agreement: Annotated[Digest, Hex(Digest)]
    lab: Annotated[ParticipantId, Word(ParticipantId)]
    accepts: Annotated[bool, Flag()]
