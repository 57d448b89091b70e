"""What the two accounts cannot see. Every report of an account ends with these lines.

The numbers of the evasions are those of the design document (domain.md 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Account(StrEnum):
    """Which of the two accounts; they are never mixed."""

    CHIP = "chip account"
    USE = "use account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """One evasion under which an account stays balanced, and what may see it instead."""

    evasion: str
    what: str
    instead: str
    accounts: tuple[Account, ...]


_BOTH: Final = (Account.CHIP, Account.USE)

UNSEEN: Final = (
    Unseen(
        evasion="E02",
        what="labels swapped, training declared as inference: the balance stays at zero, and it "
        "is the likely cheat while inference is legal",
        instead="workload evidence, recompute challenges",
        accounts=_BOTH,
    ),
    Unseen(
        evasion="E05",
        what="training spread over machines below the threshold of declaration",
        instead="chip sales, periodic traffic",
        accounts=_BOTH,
    ),
    Unseen(
        evasion="E06",
        what="a site that nobody declared",
        instead="remote sensing, the grid, people",
        accounts=_BOTH,
    ),
    Unseen(
        evasion="E16",
        what="weights that were bought, stolen or distilled instead of trained",
        instead="evaluations of what is deployed",
        accounts=_BOTH,
    ),
    Unseen(
        evasion="E22",
        what="utilisation understated: the balance is in occupied time, the cap in operations",
        instead="recompute challenges, profiling counters; never power",
        accounts=(Account.USE,),
    ),
)


def cannot_see(account: Account) -> tuple[str, ...]:
    """The lines that end a report of this account."""
    lines = (
        f"- {unseen.evasion}: {unseen.what} (instead: {unseen.instead})"
        for unseen in UNSEEN
        if account in unseen.accounts
    )
    return (f"The {account} cannot see:", *lines)
