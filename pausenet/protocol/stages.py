"""The life of an agreement for one party, as a table; `docs/images/lifecycle.svg` is drawn from it.

A sign is what a network cut shows. Signs of one cut come in the order in which `Sign` lists them,
and each is looked up once; where the table has no move, the stage stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pausenet.statements.stage import PartyStage

_S = PartyStage


class Sign(StrEnum):
    """What a network cut shows of one party, in the order in which signs are taken."""

    TABLED = "tabled"
    RATIFIED = "ratified"
    REVOKED = "withdrawn in the same cut"
    LAPSED = "not met in time"
    RETURNS = "takes its notice back"
    BINDS = "binds from this period"
    SNAPS_BACK = "comes back by snap-back"
    RELEASED = "binds no longer"
    DEROGATES = "derogation begins"
    RESUMES = "derogation ends"
    DOUBTED = "something is not demonstrated"
    CLEARED = "nothing is open any more"
    BREACHED = "breach is determined"
    APPEALED = "an appeal is heard"
    RESTORED = "restored, or no breach determined"
    WITHDRAWN = "gives notice"
    EXITS = "notice has run"


_BOUND: Final = (_S.IN_FORCE, _S.DEROGATED, _S.SUSPECTED, _S.FOUND, _S.SNAPPED_BACK)

TRANSITIONS: Final[Mapping[tuple[PartyStage, Sign], PartyStage]] = {
    (_S.DRAFTED, Sign.TABLED): _S.OPEN,
    (_S.OPEN, Sign.RATIFIED): _S.CONDITIONAL,
    (_S.OPEN, Sign.LAPSED): _S.VOID,
    (_S.CONDITIONAL, Sign.REVOKED): _S.OPEN,
    (_S.CONDITIONAL, Sign.LAPSED): _S.VOID,
    (_S.CONDITIONAL, Sign.BINDS): _S.IN_FORCE,
    (_S.IN_NOTICE, Sign.RETURNS): _S.SUSPENDED,
    (_S.SUSPENDED, Sign.BINDS): _S.IN_FORCE,
    (_S.SUSPENDED, Sign.SNAPS_BACK): _S.SNAPPED_BACK,
    **{(stage, Sign.RELEASED): _S.SUSPENDED for stage in _BOUND if stage is not _S.FOUND},
    **{
        (stage, Sign.DEROGATES): _S.DEROGATED
        for stage in (_S.IN_FORCE, _S.SUSPECTED, _S.SNAPPED_BACK)
    },
    (_S.DEROGATED, Sign.RESUMES): _S.IN_FORCE,
    (_S.IN_FORCE, Sign.DOUBTED): _S.SUSPECTED,
    (_S.SUSPECTED, Sign.CLEARED): _S.IN_FORCE,
    (_S.SUSPECTED, Sign.RESTORED): _S.IN_FORCE,
    **{
        (stage, Sign.BREACHED): _S.FOUND
        for stage in (*_BOUND, _S.SUSPENDED, _S.IN_NOTICE)
        if stage is not _S.FOUND
    },
    (_S.FOUND, Sign.APPEALED): _S.SUSPECTED,
    (_S.FOUND, Sign.RESTORED): _S.IN_FORCE,
    **{(stage, Sign.WITHDRAWN): _S.IN_NOTICE for stage in (_S.CONDITIONAL, _S.SUSPENDED, *_BOUND)},
    **{(stage, Sign.EXITS): _S.ENDED for stage in (_S.IN_NOTICE, _S.FOUND)},
}
"""Every move there is; `ENDED` and `VOID` are left by none."""


def move(stage: PartyStage, signs: frozenset[Sign]) -> PartyStage:
    """The stage after a cut that shows these signs."""
    for sign in Sign:
        if sign in signs:
            stage = TRANSITIONS.get((stage, sign), stage)
    return stage
