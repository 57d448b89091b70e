"""The reference kernel: a pause of labs that are watched, one run at a time, in plain Python.

1. While the pause stands each lab keeps it or, in the periods of its plan, cheats. In each period
   each lab is accused with its chance of a false alarm, or of detection if it cheats.
2. An accusation in period t ends the pause `delay` periods later: from t + 1 + delay on all race,
   for `length` periods, and then the pause begins anew. Accusations while an answer is under way
   or all race change nothing.
3. A lab that cheats earns T where another keeps the pause, else P; one that keeps it earns R where
   all do, else S; where all race each earns P. Payoffs are discounted and normalised, (1 - delta)
   delta^t a period, and added up as whole numbers of 10^-12: the sum is the same in any order.

Chance is a counter, not a stream: the draw of run r, lab i and period t is mix(key(r) ^ mix(salt(i)
+ t)), with the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). So plain Python,
numpy and compiled code give the same whole numbers, on any number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.counter import WORD, mix

STRIDE: Final = 0x9E3779B97F4A7C15
UNIT: Final = 10**12
"""A payoff of 1 a period, for ever, is so many units."""
NEVER: Final = -1
_LARGEST: Final = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """One lab's stage payoffs T, R, P, S a period, how it is watched, and when it cheats.

    It cheats in the periods from `since` on and before `until`, while the pause stands.
    """

    temptation: float
    cooperation: float
    punishment: float
    betrayed: float
    discount: float
    detection: float
    false_alarm: float
    since: int = 0
    until: int = 0

    def __post_init__(self) -> None:
        if not (0.0 <= self.detection <= 1.0 and 0.0 <= self.false_alarm <= 1.0):
            raise Misuse("Lab: expected chances between 0 and 1")
        if not 0.0 < self.discount < 1.0:
            raise Misuse("Lab: expected a discount factor above 0 and below 1")
        payoffs = (self.temptation, self.cooperation, self.punishment, self.betrayed)
        if not all(-_LARGEST <= payoff <= _LARGEST for payoff in payoffs):
            raise Misuse(f"Lab: expected payoffs between -{_LARGEST} and {_LARGEST}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PausePlan:
    """Labs, how many periods are played, how late an accusation is answered, and for how long.

    A `length` of `periods` or more is a race for ever.
    """

    labs: tuple[Lab, ...]
    periods: int
    delay: int
    length: int

    def __post_init__(self) -> None:
        if not self.labs:
            raise Misuse("PausePlan: expected a lab")
        if self.periods < 1 or self.delay < 0 or self.length < 1:
            raise Misuse(
                "PausePlan: expected periods and length of 1 or more, a delay of 0 or more"
            )

    @property
    def tables(self) -> Tables:
        """What is the same for all runs."""
        cheats = tuple(
            tuple(lab.since <= at < lab.until for at in range(self.periods)) for lab in self.labs
        )
        cheaters = [sum(each) for each in zip(*cheats, strict=True)]
        paused, racing, limits = [], [], []
        for lab, cheat in zip(self.labs, cheats, strict=True):
            weights = [(1.0 - lab.discount) * lab.discount**at * UNIT for at in range(self.periods)]
            raced = [round(weight * lab.punishment) for weight in weights]
            kept = [
                round(weight * self._earned(lab, bad, count)) - less
                for weight, bad, count, less in zip(weights, cheat, cheaters, raced, strict=True)
            ]
            racing.append(sum(raced))
            paused.append(tuple(accumulate(kept, initial=0)))
            found = (_threshold(lab.false_alarm), _threshold(lab.detection))
            limits.append(tuple(found[bad] for bad in cheat))
        return Tables(
            paused=tuple(paused),
            racing=tuple(racing),
            limits=tuple(limits),
            places=tuple(_places(lab, self.periods) for lab in range(len(self.labs))),
        )

    def _earned(self, lab: Lab, cheats: bool, cheaters: int) -> float:
        """What a lab earns in a period of the pause in which so many cheat."""
        if cheats:
            others_keep = cheaters < len(self.labs) or len(self.labs) == 1
            return lab.temptation if others_keep else lab.punishment
        return lab.betrayed if cheaters else lab.cooperation


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What races earn from beginning to end, what pausing adds up to a period, and draws.

    `racing` has shape (labs,), `paused` (labs, periods + 1), `limits` and `places` (labs, periods).
    """

    racing: tuple[int, ...]
    paused: tuple[tuple[int, ...], ...]
    limits: tuple[tuple[int, ...], ...]
    places: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One run: payoffs in `UNIT` by lab, races begun, and the period of the first; -1 for none."""

    payoffs: tuple[int, ...]
    races: int
    first: int


def key_of(seed: int, run: int) -> int:
    """The key of a run: the draw number `run` of a SplitMix64 stream of this seed."""
    return mix((mix(seed & WORD) + (run + 1) * STRIDE) & WORD)


def play(plan: PausePlan, keys: Sequence[int]) -> tuple[Played, ...]:
    """Each run, one after the other."""
    tables = plan.tables
    watched = tuple(
        tuple(zip(places, limits, strict=True))
        for places, limits in zip(
            zip(*tables.places, strict=True), zip(*tables.limits, strict=True), strict=True
        )
    )
    return tuple(_run(plan, tables, watched, key) for key in keys)


def _run(
    plan: PausePlan, tables: Tables, watched: tuple[tuple[tuple[int, int], ...], ...], key: int
) -> Played:
    payoffs, races, first, begun = list(tables.racing), 0, NEVER, 0
    while begun < plan.periods:
        alarm = next(
            (
                at
                for at in range(begun, plan.periods)
                if any(mix(key ^ place) < limit for place, limit in watched[at])
            ),
            plan.periods,
        )
        end = min(plan.periods, alarm + 1 + plan.delay)
        anew = min(plan.periods, end + plan.length)
        for lab, paused in enumerate(tables.paused):
            payoffs[lab] += paused[end] - paused[begun]
        if end < plan.periods:
            first = end if races == 0 else first
            races += 1
        begun = anew
    return Played(payoffs=tuple(payoffs), races=races, first=first)


def _places(lab: int, periods: int) -> tuple[int, ...]:
    salt = mix((lab + 1) * STRIDE & WORD)
    return tuple(mix((salt + at) & WORD) for at in range(periods))


def _threshold(chance: float) -> int:
    return min(WORD, int(chance * 2.0**64))
