"""Which limit a proof F6 holds a lab to: one that it signed, or one that came about since.

The sentence of the finding, which `verify` draws anew from the materials, says which kind of limit
it is, and how high. What the agreement itself says of it tells whether it has fallen since.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pausenet.protocol.amending import written
from pausenet.protocol.drafting.words import flop
from pausenet.protocol.easing import easable
from pausenet.statements.agreement import Agreement
from pausenet.statements.stage import Amendable, Easable

_LIMIT: Final = re.compile(r"the (?:(amended|staged) )?cap on (it|a run) is (\d+)")
_REPORT: Final = re.compile(r"has grown to \d+ PFLOP, and (?!was barred)")
_KNEW: Final = "of which its own log shows that it knew"


def rests_on(text: str, agreement: Agreement) -> str:
    """What the accused's own figures are held against, from the finding's sentence, as one."""
    return (
        f"Its own signed figures, held against {', and against '.join(_against(text, agreement))}."
    )


def _against(text: str, agreement: Agreement) -> Iterator[str]:
    if "was barred by an objection" in text:
        yield f"an objection that bars the run (C11, which it had signed), {_KNEW}"
    if _REPORT.search(text):
        yield "the duty to report a run in the band in time (C11), which it had signed itself"
    for kind, which, digits in _LIMIT.findall(text):
        clause = Amendable.RUN_CAP if which == "a run" else Amendable.TOTAL_CAP
        yield _of_limit(kind, clause, int(digits), agreement)


def _of_limit(kind: str, clause: Amendable, limit: int, agreement: Agreement) -> str:
    """One limit in words; `raised` only where the agreement lets anybody's limit be raised."""
    first = written(agreement, clause)
    if kind == "amended":
        started, lifted = easable(agreement)
        eased = Easable(clause) in started | lifted
        words = f"a limit of {flop(limit)} to which the parties had lowered it"
        more = ", raised by what C17 or C18 then allowed it," if eased else ""
        return f"{words}{more} (C27, which it had signed), and {_KNEW}"
    if kind == "staged":
        return (
            f"a limit of {flop(limit)}, a stage that had been reached of the staged cap (C10, "
            f"which it had signed), and {_KNEW}"
        )
    if first is not None and limit < first:
        return (
            f"a cap of {flop(limit)}: the {flop(first)} that it had signed itself, halved in step "
            "with time as the agreement says (C27, which it had signed)"
        )
    if first is not None and limit > first:
        return (
            f"a cap of {flop(limit)}: the {flop(first)} that it had signed itself, raised by what "
            "its own usage says that C17 or C18 then allowed it"
        )
    return f"a cap of {flop(limit)} that it had signed itself"
