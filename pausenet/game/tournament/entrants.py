"""The strategies that enter, by Axelrod's names, in the words of a pause.

Axelrod 1980 for Tit For Tat and Random, Nowak and Sigmund 1992 and 1993 for Generous Tit For Tat
and Win-Stay Lose-Shift, Friedman 1971 for Grudger (here with a memory of one period: it pauses only
after a period in which both paused). P is a pause, R a race.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from pausenet.game.checks import Paper
from pausenet.game.tournament.memory_one import Strategy

AXELROD: Final = Paper(
    key="axelrod-1980",
    cite="R. Axelrod, Effective Choice in the Prisoner's Dilemma, Journal of Conflict Resolution "
    "24 (1980) 3-25",
)


def strategy(name: str, opening: int, after: Sequence[Fraction | int]) -> Strategy:
    """A strategy from its chances to pause after PP, PR, RP, RR."""
    a, b, c, d = (Fraction(chance) for chance in after)
    return Strategy(name=name, opening=Fraction(opening), after=(a, b, c, d))


ALWAYS: Final = strategy("Cooperator", 1, (1, 1, 1, 1))
NEVER: Final = strategy("Defector", 0, (0, 0, 0, 0))
TIT_FOR_TAT: Final = strategy("Tit For Tat", 1, (1, 0, 1, 0))
SUSPICIOUS: Final = strategy("Suspicious Tit For Tat", 0, (1, 0, 1, 0))
WIN_STAY: Final = strategy("Win-Stay Lose-Shift", 1, (1, 0, 0, 1))
GRUDGER: Final = strategy("Grudger", 1, (1, 0, 0, 0))
FIRM: Final = strategy("Firm But Fair", 1, (1, 0, 1, Fraction(2, 3)))
RANDOM: Final = strategy("Random", 0, (Fraction(1, 2),) * 4)


def generous(share: Fraction) -> Strategy:
    """Tit For Tat that forgives a race in this share of the cases."""
    return strategy("Generous Tit For Tat", 1, (1, share, 1, share))


def entrants(generosity: Fraction) -> tuple[Strategy, ...]:
    """All that enter."""
    return (
        *(ALWAYS, NEVER, TIT_FOR_TAT, SUSPICIOUS, generous(generosity)),
        *(WIN_STAY, GRUDGER, FIRM, RANDOM),
    )
