"""Which coalitions of labs hold by themselves: stability in the sense of d'Aspremont and others.

An outcome gives every lab a payoff for every set S of labs that have signed.

1. S is internally stable if no member gains by leaving: v_i(S) >= v_i(S - i) for each i in S.
2. S is externally stable if nobody outside gains by joining: v_j(S) >= v_j(S + j) for each j.
3. S is stable if both (d'Aspremont, Jacquemin, Gabszewicz and Weymark 1983). All 2^n sets of up to
   12 labs are looked at, so that the list is complete.
4. Side payments: member i must be given v_i(S - i) - v_i(S) at least, if that is above 0, and can
   give as much as it is below 0. S can be made internally stable if the members together have as
   much in S as they would each have on leaving; the least that must change hands is the sum of what
   is lacking. Here each giver gives in proportion to what it can spare.
5. A clause on participation: with fewer than m signatories nobody is bound, as if S were empty.

Payoffs are exact where the outcome's are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.checks import Paper

ASPREMONT: Final = Paper(
    key="daspremont-1983",
    cite="C. d'Aspremont, A. Jacquemin, J. J. Gabszewicz and J. A. Weymark, On the Stability of "
    "Collusive Price Leadership, Canadian Journal of Economics 16 (1983) 17-25",
)
LABS_MAX: Final = 12
Coalition: TypeAlias = frozenset[int]
Outcome: TypeAlias = Callable[[Coalition], tuple[Fraction, ...]]
"""The payoff of every lab, by its place, for a set of signatories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """A set of signatories, whether nobody leaves, and whether nobody joins."""

    members: Coalition
    internal: bool
    external: bool

    @property
    def stable(self) -> bool:
        """Both (step 3)."""
        return self.internal and self.external


def leavers(outcome: Outcome, members: Coalition) -> tuple[int, ...]:
    """The members that gain by leaving, in order (step 1)."""
    now = outcome(members)
    return tuple(lab for lab in sorted(members) if outcome(members - {lab})[lab] > now[lab])


def joiners(outcome: Outcome, members: Coalition, labs: int) -> tuple[int, ...]:
    """The others that gain by joining, in order (step 2)."""
    now = outcome(members)
    return tuple(
        lab
        for lab in range(labs)
        if lab not in members and outcome(members | {lab})[lab] > now[lab]
    )


def stability(outcome: Outcome, members: Coalition, labs: int) -> Stability:
    """Whether a set of signatories holds (steps 1 to 3)."""
    return Stability(
        members=members,
        internal=not leavers(outcome, members),
        external=not joiners(outcome, members, labs),
    )


def every_coalition(labs: int) -> tuple[Coalition, ...]:
    """All sets of labs, the empty one too, small ones first. Raises `Misuse` above 12 labs."""
    if not 1 <= labs <= LABS_MAX:
        raise Misuse(f"coalitions: expected 1 to {LABS_MAX} labs, found {labs}")
    return tuple(
        frozenset(members)
        for size in range(labs + 1)
        for members in combinations(range(labs), size)
    )


def stable_coalitions(outcome: Outcome, labs: int) -> tuple[Coalition, ...]:
    """All stable sets of signatories, small ones first (step 3).

    >>> def outcome(members):
    ...     return tuple(Fraction(3 * len(members) - 5 * (lab in members)) for lab in range(3))
    >>> stable_coalitions(outcome, 3)
    (frozenset(),)
    """
    known: dict[Coalition, tuple[Fraction, ...]] = {
        members: outcome(members) for members in every_coalition(labs)
    }
    return tuple(members for members in known if stability(known.__getitem__, members, labs).stable)


def side_payments(outcome: Outcome, members: Coalition) -> tuple[Fraction, ...] | Infeasible:
    """What each member receives (below 0: gives) so that nobody leaves, the least (step 4).

    In the order of the members' places; adds up to 0.
    """
    now = outcome(members)
    order = sorted(members)
    lacking = [outcome(members - {lab})[lab] - now[lab] for lab in order]
    needed = sum((gap for gap in lacking if gap > 0), Fraction(0))
    spare = -sum((gap for gap in lacking if gap < 0), Fraction(0))
    if needed > spare:
        return Infeasible(
            f"the members lack {float(needed):.4g} and can spare {float(spare):.4g} together"
        )
    share = needed / spare if spare else Fraction(0)
    return tuple(gap if gap > 0 else gap * share for gap in lacking)


def with_clause(outcome: Outcome, least: int) -> Outcome:
    """The outcome if nobody is bound before so many have signed (step 5)."""

    def bound(members: Coalition) -> tuple[Fraction, ...]:
        return outcome(members if len(members) >= least else frozenset())

    return bound
