"""The race of chance with private and with public information, on grids (see `contest`).

1. Public: the lead D = c_1 - c_2 is known. A profile (s_1, s_2) is an equilibrium where s_1 is a
   best response to s_2 and s_2 to s_1: where s_2 = BR_2(BR_1(s_2)).
2. BR_1 and BR_2 are computed on a grid of safeties, with a parabola through the best point and its
   two neighbours. s_2 - BR_2(BR_1(s_2)) is 0 or less at 0 and 0 or more at 1; each change of sign
   is a candidate, and an equilibrium if both labs' regret there is at most `REGRET_MAX`. A jump
   over 0 is none: the labs' best responses go round.
3. P is averaged over D with the density 2 (mu - D) / mu^2, by Gauss and Legendre. Where several
   equilibria exist, the safest and the most dangerous are both reported, and nothing is selected.
4. Private: a lab knows its own c. A symmetric s(c) is sought at the nodes of Gauss and Legendre,
   from the closed form of Armstrong, Bostrom and Shulman, a share of the way towards the best
   response at a time, until no s moves by more than `_SETTLED`; it is an equilibrium if no
   capability's regret exceeds `_REGRET_PRIVATE`, wider as a capability that is all but indifferent
   stands for many beside it. One is reported; there may be others.

Tolerance of P: 0.001 for noise of a twentieth of mu and more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pausenet.game.answer import NotFound
from pausenet.game.race.contest import REGRET_MAX, Contest, payoff
from pausenet.inference.arrays import Floats, below_of

_LEADS: Final = 16
_TYPES: Final = 20
_SAFETIES: Final = 101
_STEPS_MAX: Final = 80
_SETTLED: Final = 2e-4
_REGRET_PRIVATE: Final = 5e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The chance of a disaster in the safest and in the most dangerous equilibrium found."""

    safest: float
    worst: float


def public(race: Contest) -> Known | NotFound:
    """P when capabilities are known to both (steps 1 to 3)."""
    safest = worst = 0.0
    for share, part in zip(*_nodes(_LEADS), strict=True):
        lead = race.capability * float(share)
        weight = 2.0 * (1.0 - float(share)) * float(part)
        found = at_lead(race, lead)
        if not found:
            return NotFound(
                f"at a lead of {lead:.3g} there is no pure equilibrium: best responses go round"
            )
        dangers = [_danger(race, lead, *profile) for profile in found]
        safest, worst = safest + weight * min(dangers), worst + weight * max(dangers)
    return Known(safest=safest, worst=worst)


def at_lead(race: Contest, lead: float) -> tuple[tuple[float, float], ...]:
    """All pure equilibria (s_1, s_2) found where 1 leads by so much (steps 1 and 2)."""
    grid = np.linspace(0.0, 1.0, _SAFETIES)
    first = _responses(race, lead, grid, grid)
    again = _responses(race, -lead, first, grid)
    gap = grid - again
    found: list[tuple[float, float]] = []
    for place in range(_SAFETIES):
        if gap[place] == 0.0:
            near = float(grid[place])
        elif place + 1 < _SAFETIES and gap[place] * gap[place + 1] < 0.0:
            share = gap[place] / (gap[place] - gap[place + 1])
            near = float(grid[place] + share * (grid[place + 1] - grid[place]))
        else:
            continue
        profile = _polished(race, lead, near, grid)
        if _regret(race, lead, profile, grid) <= REGRET_MAX:
            found.append(profile)
    return tuple(found)


def _polished(race: Contest, lead: float, second: float, grid: Floats) -> tuple[float, float]:
    """The first lab's response to what the second does, and the second's to that."""
    first = _responses(race, lead, np.array([second]), grid)
    again = _responses(race, -lead, first, grid)
    return float(first[0]), float(again[0])


def _table(race: Contest, lead: float, own: Floats, others: Floats) -> Floats:
    """u of a lab that leads by so much, shape (others, own)."""
    ahead = lead - own[None, :] + others[:, None]
    win = below_of(ahead / race.noise)
    mine, theirs = np.broadcast_arrays(own[None, :], others[:, None])
    return payoff(race, win, mine, theirs)


def _responses(race: Contest, lead: float, others: Floats, grid: Floats) -> Floats:
    """The best response to each of the others' safeties (step 2)."""
    return _peaks(_table(race, lead, grid, others), grid)


def _peaks(table: Floats, grid: Floats) -> Floats:
    """Where each row is largest, a parabola laid through the best point and its neighbours."""
    rows = np.arange(len(table))
    place = np.argmax(table, axis=1)
    inside = np.clip(place, 1, len(grid) - 2)
    left, middle, right = (table[rows, inside + shift] for shift in (-1, 0, 1))
    bend = left - 2.0 * middle + right
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.where(bend < 0.0, 0.5 * (left - right) / bend, 0.0)
    width = grid[1] - grid[0]
    smooth = grid[inside] + width * np.clip(shift, -1.0, 1.0)
    found: Floats = np.where(place == inside, smooth, grid[place])
    return found


def _regret(race: Contest, lead: float, profile: tuple[float, float], grid: Floats) -> float:
    """The most that either gains by another safety."""
    found = 0.0
    for own, other, ahead in ((profile[0], profile[1], lead), (profile[1], profile[0], -lead)):
        table = _table(race, ahead, np.append(grid, own), np.array([other]))[0]
        found = max(found, float(np.max(table) - table[-1]))
    return found


def _danger(race: Contest, lead: float, first: float, second: float) -> float:
    """The chance of a disaster for a profile."""
    win = float(below_of(np.array([(lead - first + second) / race.noise]))[0])
    eta = race.loser
    safe = win * ((1.0 - eta) * first + eta * second)
    return 1.0 - safe - (1.0 - win) * ((1.0 - eta) * second + eta * first)


def _nodes(count: int) -> tuple[Floats, Floats]:
    """Places between 0 and 1 and their weights, which add up to 1."""
    x, weights = np.polynomial.legendre.leggauss(count)
    return (x + 1.0) / 2.0, weights / 2.0


def private(race: Contest) -> float | NotFound:
    """P when each knows its own capability only (step 4)."""
    grid = np.linspace(0.0, 1.0, _SAFETIES)
    shares, parts = _nodes(_TYPES)
    c = race.capability * shares
    s = np.minimum(1.0, c / (1.0 + race.enmity))
    for _ in range(_STEPS_MAX):
        moved = _peaks(_expected(race, c, c, s, parts, grid), grid) - s
        s = s + 0.4 * moved
        if float(np.max(np.abs(moved))) <= _SETTLED:
            break
    regret = private_regret(race, s, grid)
    if regret > _REGRET_PRIVATE:
        return NotFound(
            f"after {_STEPS_MAX} steps a lab still gains {regret:.2g} prizes: best responses go "
            "round"
        )
    win = below_of((c[:, None] - s[:, None] - c[None, :] + s[None, :]) / race.noise)
    eta = race.loser
    safe = win * ((1.0 - eta) * s[:, None] + eta * s[None, :])
    return 1.0 - 2.0 * float(parts @ safe @ parts)


def private_regret(race: Contest, s: Floats, grid: Floats) -> float:
    """The most that a capability gains by another safety against s at the nodes (step 4)."""
    shares, parts = _nodes(len(s))
    c = race.capability * shares
    best = _expected(race, c, c, s, parts, grid).max(axis=1)
    at = np.array([_expected(race, c[[i]], c, s, parts, s[[i]])[0, 0] for i in range(len(s))])
    return float(np.max(best - at))


def _expected(
    race: Contest, own: Floats, c: Floats, s: Floats, parts: Floats, grid: Floats
) -> Floats:
    """u of each of some capabilities for each safety, against s(c); shape (own, grid)."""
    ahead = own[:, None, None] - grid[None, :, None] - (c - s)[None, None, :]
    win = below_of(ahead / race.noise)
    mine, theirs = np.broadcast_arrays(grid[None, :, None], s[None, None, :])
    found: Floats = payoff(race, win, mine, theirs) @ parts
    return found
