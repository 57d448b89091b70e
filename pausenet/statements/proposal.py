"""A party's word on a limit of the agreement: what it proposes, or joins others in (C27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pausenet.statements.forms import Hex, Record, Whole, Word
from pausenet.statements.stage import Amendable
from pausenet.values import Digest, PeriodIndex, Pflop


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(Record):
    """A party wants the limit of a clause to be this one, from period `start` on at the earliest.

    To propose and to assent is the same word. Of each party the latest on a clause counts: who
    wants nothing of it any more proposes the limit as it is written.
    """

    agreement: Annotated[Digest, Hex(Digest)]
    clause: Annotated[Amendable, Word(Amendable)]
    limit_pflop: Annotated[Pflop, Whole(of=Pflop)]
    start: Annotated[PeriodIndex, Whole(of=PeriodIndex)]
