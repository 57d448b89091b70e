"""Is a call for a pause cheap talk? Sincere and strategic labs, costly commitments, exactly.

A lab is sincere (chance pi) or strategic. It makes a commitment, at a cost c_S or c_D by its type,
or none. Others then trust it or not: being trusted is worth V_S or V_D. They have g from trusting
a sincere and -l from trusting a strategic lab, -m from distrusting a sincere and h from
distrusting a strategic one.

1. They trust at a belief of mu* = (h + l) / (g + m + h + l) or more that the lab is sincere.
2. Separating: the sincere commit and are trusted, the strategic do not and are not. It stands where
   c_S <= V_S and c_D >= V_D (Spence 1973).
3. Pooling without commitment: both stay silent and are trusted if pi >= mu*. A commitment that is
   not expected may be believed to be a strategic lab's, and then deters nobody from silence.
4. Pooling with it: both commit and are trusted, pi >= mu*, c_S <= V_S and c_D <= V_D; silence is
   believed to be a strategic lab's.
5. Semi-separating, strategic labs mixing: pi < mu*. The sincere commit; the strategic do so with
   chance pi (1 - mu*) / ((1 - pi) mu*), so that others are indifferent, and are then trusted with
   chance c_D / V_D, so that they are indifferent. Needs 0 < c_D < V_D and V_S c_D >= c_S V_D.
6. Semi-separating, sincere labs mixing: pi > mu*. Strategic labs stay silent; the sincere do so
   with chance (1 - pi) mu* / (pi (1 - mu*)); who is silent is trusted with chance 1 - c_S / V_S.
   Needs 0 < c_S < V_S and V_D c_S <= c_D V_S.
7. The intuitive criterion (Cho and Kreps 1987) strikes pooling without commitment out where a
   strategic lab could not gain by committing even if it were trusted then, and a sincere lab would.
8. Talk costs nothing: c_S = c_D = 0. A word that helps one type helps the other; only pooling is
   left, whatever is said, and beliefs stay at pi.

Costs of 0 or more, V above 0. On boundaries (c_t = V_t, pi = mu*, equal ratios c_t / V_t) there are
families of further equilibria beside those listed. Exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.checks import Paper

SPENCE: Final = Paper(
    key="spence-1973",
    cite="M. Spence, Job Market Signaling, Quarterly Journal of Economics 87 (1973) 355-374",
)
CHO_KREPS: Final = Paper(
    key="cho-kreps-1987",
    cite="I.-K. Cho and D. M. Kreps, Signaling Games and Stable Equilibria, Quarterly Journal of "
    "Economics 102 (1987) 179-221",
)
KYDD: Final = Paper(
    key="kydd-2005",
    cite="A. H. Kydd, Trust and Mistrust in International Relations, Princeton University Press, "
    "2005",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """pi, c_S, c_D, V_S, V_D, g, l, m, h. Raises `Misuse` outside their ranges."""

    sincere: Fraction
    cost_sincere: Fraction
    cost_strategic: Fraction
    worth_sincere: Fraction
    worth_strategic: Fraction
    trusted_sincere: Fraction
    trusted_strategic: Fraction
    distrusted_sincere: Fraction
    distrusted_strategic: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.sincere < 1:
            raise Misuse(f"Call: expected a share of sincere labs between 0 and 1: {self.sincere}")
        if self.cost_sincere < 0 or self.cost_strategic < 0:
            raise Misuse("Call: expected costs of 0 or more")
        if not (self.worth_sincere > 0 and self.worth_strategic > 0):
            raise Misuse("Call: expected that trust is worth something to both types")
        if not (
            self.trusted_sincere > self.distrusted_sincere
            and self.distrusted_strategic > self.trusted_strategic
        ):
            raise Misuse("Call: expected that others want to trust the sincere, and no others")

    @property
    def belief_needed(self) -> Fraction:
        """mu* (step 1)."""
        wrong = self.distrusted_strategic - self.trusted_strategic
        right = self.trusted_sincere - self.distrusted_sincere
        return wrong / (right + wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibrium:
    """Chances to commit by type, to be trusted with and without it, and what all have.

    `payoff_labs` is that of a lab before it knows its type; `intuitive` whether it passes step 7.
    """

    name: str
    commits_sincere: Fraction
    commits_strategic: Fraction
    trust_committed: Fraction
    trust_silent: Fraction
    payoff_labs: Fraction
    payoff_others: Fraction
    intuitive: bool

    def belief(self, call: Call) -> Fraction | Infeasible:
        """The chance that a lab that commits is sincere, by Bayes's rule."""
        sincere = call.sincere * self.commits_sincere
        either = sincere + (1 - call.sincere) * self.commits_strategic
        return sincere / either if either else Infeasible("nobody commits")


def equilibria(call: Call) -> tuple[Equilibrium, ...]:
    """All equilibria of steps 2 to 6, exactly."""
    pi, needed = call.sincere, call.belief_needed
    zero, one = Fraction(0), Fraction(1)
    c_s, c_d, v_s, v_d = (
        *(call.cost_sincere, call.cost_strategic),
        *(call.worth_sincere, call.worth_strategic),
    )
    found = []
    if c_s <= v_s and c_d >= v_d:
        found.append(_made(call, "separating", one, zero, one, zero))
    silent = one if pi >= needed else zero
    found.append(_made(call, "pooling, nobody commits", zero, zero, zero, silent))
    if pi >= needed and c_s <= v_s and c_d <= v_d:
        found.append(_made(call, "pooling, both commit", one, one, one, zero))
    if pi < needed and 0 < c_d < v_d and v_s * c_d >= c_s * v_d:
        chance = pi * (1 - needed) / ((1 - pi) * needed)
        found.append(
            _made(call, "semi-separating, strategic labs mix", one, chance, c_d / v_d, zero)
        )
    if pi > needed and 0 < c_s < v_s and v_d * c_s <= c_d * v_s:
        chance = 1 - (1 - pi) * needed / (pi * (1 - needed))
        found.append(
            _made(call, "semi-separating, sincere labs mix", chance, zero, one, 1 - c_s / v_s)
        )
    return tuple(found)


def _made(
    call: Call, name: str, sincere: Fraction, strategic: Fraction, yes: Fraction, no: Fraction
) -> Equilibrium:
    """An equilibrium with its payoffs and the intuitive criterion."""
    pi = call.sincere
    labs = pi * _earned(call.worth_sincere, call.cost_sincere, sincere, yes, no) + (
        1 - pi
    ) * _earned(call.worth_strategic, call.cost_strategic, strategic, yes, no)
    trusted_s = sincere * yes + (1 - sincere) * no
    trusted_d = strategic * yes + (1 - strategic) * no
    others = pi * (trusted_s * call.trusted_sincere + (1 - trusted_s) * call.distrusted_sincere) + (
        1 - pi
    ) * (trusted_d * call.trusted_strategic + (1 - trusted_d) * call.distrusted_strategic)
    return Equilibrium(
        name=name,
        commits_sincere=sincere,
        commits_strategic=strategic,
        trust_committed=yes,
        trust_silent=no,
        payoff_labs=labs,
        payoff_others=others,
        intuitive=sincere + strategic > 0 or not _tempting(call, no),
    )


def _earned(
    worth: Fraction, cost: Fraction, commits: Fraction, yes: Fraction, no: Fraction
) -> Fraction:
    return commits * (yes * worth - cost) + (1 - commits) * no * worth


def _tempting(call: Call, no: Fraction) -> bool:
    """Whether only a sincere lab could gain by committing, if it were trusted then (step 7)."""
    strategic = call.worth_strategic - call.cost_strategic < no * call.worth_strategic
    return strategic and call.worth_sincere - call.cost_sincere > no * call.worth_sincere


def separating_scales(call: Call) -> tuple[Fraction, Fraction] | Infeasible:
    """By which factors both costs may be multiplied so that the types separate (step 2)."""
    if call.cost_strategic == 0:
        return Infeasible("what costs a strategic lab nothing can tell nobody apart")
    least = call.worth_strategic / call.cost_strategic
    if call.cost_sincere == 0:
        return least, least * 1_000_000
    most = call.worth_sincere / call.cost_sincere
    if least > most:
        return Infeasible(
            "the commitment that is too dear for a strategic lab is too dear for a sincere one too"
        )
    return least, most
