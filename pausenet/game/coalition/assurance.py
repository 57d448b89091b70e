"""Assurance: "I pause only if all do", how much trust that needs, and what verified exit changes.

Each of n labs has R if all pause, T if it races while all others pause, P if it races with others,
S if it pauses while another races. With R > T a common pause is an equilibrium; so is a common
race.

1. A lab pauses if it thinks that all others pause with a chance of at least
   q = (P - S) / ((R - T) + (P - S)), its risk. Trust in each other lab alone must then be
   q^(1/(n-1)), chances being independent.
2. Under complete strategic uncertainty (the limit of a global game: the number of others that pause
   is thought to be uniform) a lab stays in if 1/n >= q.
3. With a verified exit a pauser is exposed only until it learns of a defection: S = P - L D, with L
   the loss a period and D the discounted number of periods of exposure. Then
   q = L D / ((R - T) + L D).
4. So step 2 says n <= 1 + (R - T) / (L D) = n_max. This is a rule of thumb for *staying in* under
   complete strategic uncertainty. It does not limit how many can sign: where an agreement takes
   effect only when all named labs have signed, nobody is exposed before, S = P, q = 0, and to sign
   is never worse than not to (step 5).
5. Signing under all-named activation: if another does not sign, a lab has P either way; if all
   others do, it has R with and P without its signature (without it nothing takes effect). So
   signing is weakly dominant where R >= P.
6. Labs may differ: each has its own R - T, L and D; all stay in if each does.
7. The weakest link (Van Huyck, Battalio and Beil 1990) is the graded case: a payoff of
   a min(e) - b e_i has all e_i equal at any level as an equilibrium where a > b, and q = b / a.

Exact but for roots. Own derivation from standard global-game arguments (Carlsson and van Damme
1993, Morris and Shin 2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.checks import Paper

MORRIS_SHIN: Final = Paper(
    key="morris-shin-2003",
    cite="S. Morris and H. S. Shin, Global Games: Theory and Applications, in Advances in "
    "Economics and Econometrics, Eighth World Congress (Cambridge 2003)",
)
VAN_HUYCK: Final = Paper(
    key="van-huyck-1990",
    cite="J. B. Van Huyck, R. C. Battalio and R. O. Beil, Tacit Coordination Games, Strategic "
    "Uncertainty, and Coordination Failure, American Economic Review 80 (1990) 234-248",
)
Share: TypeAlias = Fraction | Infeasible


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """A lab's R - T, its loss L a period while alone in pausing, and its exposure D in periods."""

    gain: Fraction
    loss: Fraction
    exposure: Fraction

    def __post_init__(self) -> None:
        if self.loss < 0 or self.exposure < 0:
            raise Misuse("Stake: expected a loss and an exposure of 0 or more")

    @property
    def risk(self) -> Share:
        """q, the chance that all others pause from which this lab does (steps 1 and 3).

        >>> Stake(gain=Fraction(1), loss=Fraction(2), exposure=Fraction(1)).risk
        Fraction(2, 3)
        """
        exposed = self.loss * self.exposure
        if self.gain < 0 or (self.gain == 0 and exposed > 0):
            return Infeasible(
                "racing while all others pause pays as much as the pause: a matter of deterrence, "
                "and not of assurance"
            )
        return Fraction(0) if exposed == 0 else exposed / (self.gain + exposed)


def risk_of(
    reward: Fraction, temptation: Fraction, punishment: Fraction, sucker: Fraction
) -> Share:
    """q for payoffs R, T, P and S (step 1).

    >>> risk_of(Fraction(4), Fraction(3), Fraction(2), Fraction(0))
    Fraction(2, 3)
    """
    if punishment < sucker:
        raise Misuse("assurance: expected S of P at most")
    return Stake(gain=reward - temptation, loss=punishment - sucker, exposure=Fraction(1)).risk


def trust(risk: Fraction, labs: int) -> float:
    """The trust in each other lab alone that the risk demands (step 1).

    >>> round(trust(Fraction(2, 3), 5), 4)
    0.9036
    """
    return 1.0 if risk == 1 else float(risk) ** (1.0 / (labs - 1))


def labs_that_stay(stake: Stake) -> int | Infeasible:
    """n_max: so many alike stay in under complete strategic uncertainty (step 4).

    >>> labs_that_stay(Stake(gain=Fraction(1), loss=Fraction(2), exposure=Fraction(1, 20)))
    11
    """
    risk = stake.risk
    if isinstance(risk, Infeasible):
        return risk
    if risk == 0:
        return Infeasible("nobody is exposed, so that there is no such number")
    return int(1 / risk)


def exposure_borne(stake: Stake, labs: int) -> Fraction | Infeasible:
    """The longest exposure, in periods, at which so many stay in (step 4 solved for D)."""
    if stake.gain < 0:
        return Infeasible("racing while all others pause pays more than the pause")
    if stake.loss == 0:
        return Infeasible("nothing is lost by being exposed, so that no exposure is too long")
    return stake.gain / (stake.loss * (labs - 1))


def all_stay(stakes: tuple[Stake, ...]) -> bool:
    """Whether each of labs that differ stays in under complete strategic uncertainty (step 6)."""
    return all(
        not isinstance(stake.risk, Infeasible) and Fraction(1, len(stakes)) >= stake.risk
        for stake in stakes
    )


def weakest_link(labs: int, value: Fraction, cost: Fraction) -> Share:
    """q of a step up where the least effort counts, a min(e) - b e_i (step 7)."""
    if labs < 2 or not (value > 0 and cost > 0):
        raise Misuse("weakest link: expected two labs or more, a and b above 0")
    if cost >= value:
        return Infeasible("a step costs as much as it is worth, even if all take it")
    return cost / value


def signing_never_hurts(reward: Fraction, punishment: Fraction) -> bool:
    """Whether to sign under all-named activation is weakly dominant (step 5)."""
    return reward >= punishment
