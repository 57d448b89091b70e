"""Gaps that are not at random: do readings go missing just when it matters?

T slots, g of them without a reading, e of them marked beforehand as events (a power peak at the
neighbour's meter, a market move, a challenge). If gaps fall at random, the number j of gaps in
event slots is hypergeometric; all answers are exact.

Outages last, and events do too, so slots are seldom exchangeable. `shifted_p_value` keeps both
patterns as they are and only turns one against the other: it asks for a stationary course and
little else. Use it wherever gaps come in runs.

| symbol | here | meaning | unit |
|---|---|---|---|
| T, g, e | `slots`, `gaps`, `events` | slots, those without reading, those of events | slots |
| j | `both` | gaps in event slots | slots |
| w | `odds_ratio` | odds of a gap in an event slot over those elsewhere | 1 |
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from pausenet.errors import Misuse


def _checked(slots: int, gaps: int, events: int) -> None:
    if not (0 <= gaps <= slots and 0 <= events <= slots):
        raise Misuse(f"expected gaps and events within {slots} slots, found {gaps}, {events}")


def gaps_p_value(slots: int, gaps: int, events: int, both: int) -> Fraction:
    """P(j >= both) if gaps fall at random: the exact upper hypergeometric tail (Fisher).

    Fisher's tea (The Design of Experiments, 1935): 8 cups, 4 and 4, all 4 named rightly.

    >>> gaps_p_value(8, 4, 4, 4)
    Fraction(1, 70)
    """
    _checked(slots, gaps, events)
    ways = sum(
        math.comb(events, j) * math.comb(slots - events, gaps - j)
        for j in range(max(both, 0), min(gaps, events) + 1)
        if gaps - j <= slots - events
    )
    return Fraction(ways, math.comb(slots, gaps))


def gaps_needed(slots: int, gaps: int, events: int, alpha: Fraction) -> int:
    """The fewest gaps in event slots that raise an alarm; one more than can be, if none do."""
    both = max(0, gaps + events - slots)
    while both <= min(gaps, events) and gaps_p_value(slots, gaps, events, both) > alpha:
        both += 1
    return both


def gaps_power(
    slots: int, gaps: int, events: int, *, odds_ratio: Fraction, alpha: Fraction
) -> Fraction:
    """P(alarm) where the odds of a gap are w times as high in event slots, given g gaps in all.

    Fisher's noncentral hypergeometric distribution: chances proportional to C(e, j) C(T - e,
    g - j) w^j. With w = 1 it is the test's true false-alarm rate, at or below alpha.
    """
    _checked(slots, gaps, events)
    if odds_ratio < 0:
        raise Misuse(f"gaps_power: expected an odds ratio from 0, found {odds_ratio}")
    weights = {
        j: math.comb(events, j) * math.comb(slots - events, gaps - j) * odds_ratio**j
        for j in range(max(0, gaps + events - slots), min(gaps, events) + 1)
    }
    needed = gaps_needed(slots, gaps, events, alpha)
    alarms = sum((weight for j, weight in weights.items() if j >= needed), Fraction(0))
    return Fraction(alarms, sum(weights.values()))


def shifted_p_value(gap: Sequence[bool], event: Sequence[bool]) -> Fraction:
    """The share of all T rotations under which as many gaps meet events, or more.

    The unshifted one counts, so p is never below 1 / T. It is exact where every rotation of the
    gaps against the events was as likely, as for a stationary course that closes in a ring; the
    seam where end meets beginning makes it approximate for others.
    """
    slots = len(gap)
    if slots == 0 or len(event) != slots:
        raise Misuse("shifted_p_value: expected gaps and events over the same slots")
    marked = [slot for slot, is_event in enumerate(event) if is_event]
    met = [sum(gap[(slot + turn) % slots] for slot in marked) for turn in range(slots)]
    return Fraction(sum(count >= met[0] for count in met), slots)
