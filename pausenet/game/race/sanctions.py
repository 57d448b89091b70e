"""Peer sanctions (Han, Pereira, Lenaerts and Santos 2021) and commitments (Han et al. 2022).

1. A sanctioning lab PS is safe. After the first round it slows an unsafe opponent from s to
   s - s_beta, and itself from 1 to 1 - s_alpha; a speed of 0 or less means to stand still.
2. The race then ends after R = 1 + min((W - s) / (s - s_beta), (W - 1) / (1 - s_alpha)) rounds, or
   never where both stand still; who is first has the prize, who are first together half of it.
3. From the second round each earns by speed: the sanctioner (1 - p_fo) b v/(v + u) + p_fo b - c,
   the sanctioned (1 - p_fo) b u/(v + u), with v and u the new speeds; where one stands still the
   other has b (the sanctioned only while not found out).
4. Per round the sanctioner has (p12 + prize + (R - 1) x step 3) / R. The sanctioned has the like,
   times p if it has the prize or a part of it; an unsafe lab that loses is not struck.
5. Commitments: a lab joins (cost epsilon a round where the other joins too) or stays out. Who has
   joined is unsafe against who has not, so that it gains nothing from staying out; AS_out and
   AU_out stay out, AS_in and AU_in join and do as named, PS_in joins and sanctions an unsafe lab
   that had joined.

At a draw the prize is halved here; the group's published code gives all of it to both there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Number
from pausenet.game.checks import Paper
from pausenet.game.race.dsair import Matrix, Race, Risk, long_race

SANCTIONS: Final = Paper(
    key="han-2021",
    cite="T. A. Han, L. M. Pereira, T. Lenaerts and F. C. Santos, Mediating artificial "
    "intelligence developments through negative and positive incentives, PLoS ONE 16(1) (2021) "
    "e0244592",
    address="https://doi.org/10.1371/journal.pone.0244592",
)
COMMITMENTS: Final = Paper(
    key="han-2022",
    cite="T. A. Han, T. Lenaerts, F. C. Santos and L. M. Pereira, Voluntary safety commitments "
    "provide an escape from over-regulation in AI development, Technology in Society 68 (2022) "
    "101843",
    address="https://doi.org/10.1016/j.techsoc.2021.101843",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """What a sanction takes from the speed of who imposes it, and of whom it is imposed on."""

    own: Number
    other: Number

    def __post_init__(self) -> None:
        if not (self.own >= 0 and self.other >= 0):
            raise Misuse("Sanction: expected losses of speed of 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanctioned:
    """A race with a sanction, per round: PS against AU, and AU against PS."""

    sanctioner: Number
    unsafe: Number


def sanctioned(race: Race, disaster: Number, sanction: Sanction) -> Sanctioned:
    """What both earn (steps 1 to 4). Raises `Misuse` for collective risk, which has no formula."""
    if race.risk is Risk.COLLECTIVE:
        raise Misuse("sanctions: modelled for personal risk only")
    (_, p12), (p21, _) = race.one_round()
    v = _moving(1 - sanction.own)
    u = _moving(race.speed - sanction.other)
    to_go, to_go_unsafe = race.rounds - 1, race.rounds - race.speed
    later = _later(race, v, u)
    if v == 0 and u == 0:
        return Sanctioned(sanctioner=later.sanctioner - race.cost, unsafe=later.unsafe)
    safe_first, unsafe_first = to_go * u <= to_go_unsafe * v, to_go_unsafe * v <= to_go * u
    # 2. The winner has the finite time: its own way over its own speed.
    shorter = to_go / v if v > 0 and safe_first else to_go_unsafe / u
    share = 1 / (1 + shorter)
    half = race.prize / 2 if safe_first and unsafe_first else race.prize
    survives = 1 - disaster if unsafe_first else 1
    own = later.sanctioner - race.cost
    return Sanctioned(
        sanctioner=share * (p12 + (half if safe_first else 0)) + (1 - share) * own,
        unsafe=survives
        * (share * (p21 + (half if unsafe_first else 0)) + (1 - share) * later.unsafe),
    )


def _moving(speed: Number) -> Number:
    """A speed, 0 where it would be less (step 1)."""
    return speed if speed > 0 else 0 * speed


def _later(race: Race, v: Number, u: Number) -> Sanctioned:
    """Benefits of a round after the first, before cost and disaster (step 3)."""
    b, seen = race.benefit, race.found_out
    zero = 0 * b
    if v > 0 and u > 0:
        return Sanctioned(
            sanctioner=(1 - seen) * b * v / (v + u) + seen * b, unsafe=(1 - seen) * b * u / (v + u)
        )
    return Sanctioned(
        sanctioner=b if v > 0 else zero,
        unsafe=(1 - seen) * b if u > 0 else zero,
    )


def with_sanctions(race: Race, disaster: Number, sanction: Sanction) -> Matrix:
    """Payoffs per round of AS, AU and PS (steps 1 to 4)."""
    (safe, exposed, _), (ahead, unsafe, _), _ = long_race(race, disaster)
    found = sanctioned(race, disaster, sanction)
    return (
        (safe, exposed, safe),
        (ahead, unsafe, found.unsafe),
        (safe, found.sanctioner, safe),
    )


def with_commitments(race: Race, disaster: Number, sanction: Sanction, upkeep: Number) -> Matrix:
    """Payoffs per round of AS_out, AU_out, AS_in, AU_in and PS_in (step 5)."""
    (safe, exposed, _), (ahead, unsafe, _), _ = long_race(race, disaster)
    found = sanctioned(race, disaster, sanction)
    kept = safe - upkeep
    return (
        (safe, exposed, exposed, exposed, exposed),
        (ahead, unsafe, unsafe, unsafe, unsafe),
        (ahead, unsafe, kept, exposed - upkeep, kept),
        (ahead, unsafe, ahead - upkeep, unsafe - upkeep, found.unsafe - upkeep),
        (ahead, unsafe, kept, found.sanctioner - upkeep, kept),
    )
