"""A race whose winner is a matter of chance: a reconstruction after Emery-Xu, Park and Trager.

Their abstract says: more decisive races are more dangerous; public information is less dangerous
than private but where races are very decisive; the larger the losers' share in safety, the more
dangerous. The paper's exact contest function is not public. What stands here is a game of the same
shape that can be computed, and no replication of the paper is claimed.

Two labs have capabilities c_i, uniform on [0, mu], and choose a safety s_i in [0, 1].

1. x_i = c_i - s_i; i wins with chance Phi((x_i - x_j) / tau). 1 / tau is decisiveness; tau -> 0 is
   the race of Armstrong, Bostrom and Shulman.
2. The outcome is safe with chance (1 - eta) s_i + eta s_j if i wins: eta is the loser's share.
3. Payoffs are 1 (wins safely), 1 - e (the other does), 0 (disaster).
4. No information: in a symmetric point the derivative (1 - eta e) / 2 - g e s is 0, with
   g = E[phi_tau(c_1 - c_2)], so that s = min(1, (1 - eta e) / (2 g e)); P = 1 - s.
5. g = (2 / mu^2) (mu (Phi(mu / tau) - 1/2) - tau (phi(0) - phi(mu / tau))).
6. The point is an equilibrium only if no other s earns more: looked at on a grid of s; the payoff
   of a lab that deviates by v is computed with the exact E[Phi((D + v) / tau)], D = c_1 - c_2.

`contest_known` has private and public information.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.game.checks import Paper
from pausenet.inference.arrays import Floats, below_of, density_of
from pausenet.inference.normal import below, density

EMERY_XU: Final = Paper(
    key="emery-xu-2024",
    cite="N. Emery-Xu, A. Park and R. Trager, Uncertainty, Information, and Risk in International "
    "Technology Races, Journal of Conflict Resolution (2024)",
    address="https://nicholasemeryxu.com/publication/informationintechraces_2023/",
)
_GRID: Final = 501
_SMALL: Final = 1e-3
"""mu / tau below which two terms of the series are better than the closed form."""
REGRET_MAX: Final = 1e-4
"""The gain of the best deviation, in prizes, up to which a point is taken for an equilibrium."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """mu, e, tau and eta. Raises `Misuse` outside mu > 0, 0 < e <= 1, tau > 0, 0 <= eta <= 1."""

    capability: float
    enmity: float
    noise: float
    loser: float

    def __post_init__(self) -> None:
        if not (self.capability > 0.0 and self.noise > 0.0):
            raise Misuse("Contest: expected mu and tau above 0")
        if not (0.0 < self.enmity <= 1.0 and 0.0 <= self.loser <= 1.0):
            raise Misuse("Contest: expected e above 0 and up to 1, eta from 0 to 1")


def closeness(race: Contest) -> float:
    """g, the density of a tie as labs see it beforehand (step 5).

    >>> round(closeness(Contest(capability=1.0, enmity=1.0, noise=1e-6, loser=0.0)), 4)
    1.0
    """
    mu, tau = race.capability, race.noise
    z = mu / tau
    if z < _SMALL:
        return density(0.0) / tau * (1.0 - z * z / 12.0)
    return 2.0 / mu * (below(z) - 0.5 - (density(0.0) - density(z)) / z)


def winning(race: Contest, ahead: Floats) -> Floats:
    """E[Phi((D + v) / tau)] for each v, D the triangular difference of capabilities (step 6).

    With h''(x) = Phi(x), h(x) = ((x^2 + 1) Phi(x) + x phi(x)) / 2, it is
    tau^2 / mu^2 (h((v + mu) / tau) - 2 h(v / tau) + h((v - mu) / tau)). Where noise is all, the
    differences cancel: there it is Phi(x) + Phi''(x) mu^2 / (12 tau^2), with x = v / tau.
    """
    mu, tau = race.capability, race.noise
    v = np.asarray(ahead, dtype=np.float64)
    if mu / tau < _SMALL:
        x = v / tau
        wide: Floats = below_of(x) - x * density_of(x) * (mu / tau) ** 2 / 12.0
        return wide
    bent = [_twice((v + shift) / tau) for shift in (mu, 0.0, -mu)]
    found: Floats = (tau / mu) ** 2 * (bent[0] - 2.0 * bent[1] + bent[2])
    return found


def _twice(x: Floats) -> Floats:
    """The second antiderivative of Phi that vanishes far below."""
    found: Floats = 0.5 * ((x * x + 1.0) * below_of(x) + x * density_of(x))
    return found


def blind_safety(race: Contest) -> float | NotFound:
    """s without information, if it is an equilibrium (steps 4 and 6)."""
    e, eta = race.enmity, race.loser
    s = min(1.0, (1.0 - eta * e) / (2.0 * closeness(race) * e))
    found = blind_regret(race, s)
    if found > REGRET_MAX:
        return NotFound(
            f"at the symmetric point a lab gains {found:.2g} prizes by another safety, so that "
            "there is no pure symmetric equilibrium"
        )
    return s


def blind_regret(race: Contest, s: float) -> float:
    """What the best other safety gains where both choose s, without information (step 6)."""
    own = np.append(np.linspace(0.0, 1.0, _GRID), s)
    payoffs = payoff(race, winning(race, s - own), own, np.full_like(own, s))
    return max(0.0, float(np.max(payoffs) - payoffs[-1]))


def payoff(race: Contest, win: Floats, own: Floats, other: Floats) -> Floats:
    """u for a chance to win, one's own safety and the other's (steps 2 and 3)."""
    eta, e = race.loser, race.enmity
    ours = win * ((1.0 - eta) * own + eta * other)
    theirs = (1.0 - win) * (1.0 - e) * ((1.0 - eta) * other + eta * own)
    found: Floats = ours + theirs
    return found


def disaster(race: Contest) -> float | NotFound:
    """P without information (step 4).

    >>> round(disaster(Contest(capability=1.0, enmity=0.75, noise=0.1, loser=0.0)), 6)
    0.275529
    """
    s = blind_safety(race)
    return s if isinstance(s, NotFound) else 1.0 - s
