"""What an alarm says about a lab: Bayes's rule for repeated looks.

1. A lab cheats with the prior chance pi. A look raises an alarm with chance d = 1 - beta if it
   cheats and with chance alpha if it does not.
2. After a alarms and q quiet looks, each independent given what the lab does, the odds are
   pi / (1 - pi) (d / alpha)^a ((1 - d) / (1 - alpha))^q.
3. Alarms of one meter are not independent: then they count as one.

Exact fractions.
"""

from __future__ import annotations

from fractions import Fraction

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible


def cheats(
    prior: Fraction, detection: Fraction, false_alarm: Fraction, alarms: int, quiet: int = 0
) -> Fraction | Infeasible:
    """The chance that a lab cheats after so many alarms and quiet looks (steps 1 and 2).

    >>> cheats(Fraction(1, 20), Fraction(9, 10), Fraction(1, 20), 1)
    Fraction(18, 37)
    """
    if not all(0 <= each <= 1 for each in (prior, detection, false_alarm)):
        raise Misuse("cheats: expected chances")
    if alarms < 0 or quiet < 0:
        raise Misuse("cheats: expected numbers of looks of 0 or more")
    guilty = prior * detection**alarms * (1 - detection) ** quiet
    honest = (1 - prior) * false_alarm**alarms * (1 - false_alarm) ** quiet
    if guilty + honest == 0:
        return Infeasible("what was seen cannot happen, whether the lab cheats or not")
    return guilty / (guilty + honest)


def alarms_needed(
    prior: Fraction, detection: Fraction, false_alarm: Fraction, wanted: Fraction
) -> int | Infeasible:
    """The fewest independent alarms after which a lab cheats with the chance wanted."""
    if detection <= false_alarm or prior == 0 or wanted >= 1:
        if false_alarm == 0 < detection and prior > 0:
            return 1
        return Infeasible("no number of such alarms says so much")
    for count in range(1_000):
        found = cheats(prior, detection, false_alarm, count)
        if not isinstance(found, Infeasible) and found >= wanted:
            return count
    return Infeasible("a thousand such alarms do not say so much")
