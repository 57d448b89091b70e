"""Two labs that answer each other's last move, as they see it: their long run, exactly.

A strategy with a memory of one period says with which chance it means to pause after each pair of
its own last move and the other's, as it saw that (Nowak and Sigmund 1993).

1. What is meant is done but for slips: p' = p (1 - 2 e) + e, e the chance of a slip.
2. A race is seen as a pause with chance b (a miss), a pause as a race with chance a (a false
   alarm), by each lab anew. So after own move x and the other's y a lab pauses with chance
   q(x, y) = sum_s Pr(s | y) p'(x, s).
3. The pair of moves is a Markov chain of four states PP, PR, RP, RR. Its long run is the limit of
   the mean share of time in each from the opening on: the stationary distribution of the closed
   classes, weighed with the chances to end in them.
4. A lab's score is its mean payoff a period in the long run: R, S, T, P in those four states.

All numbers are rational and exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.checks import Paper

NOWAK_SIGMUND: Final = Paper(
    key="nowak-sigmund-1993",
    cite="M. Nowak and K. Sigmund, A strategy of win-stay, lose-shift that outperforms tit-for-tat "
    "in the Prisoner's Dilemma game, Nature 364 (1993) 56-58",
)
Row: TypeAlias = tuple[Fraction, Fraction, Fraction, Fraction]
"""A number for each of PP, PR, RP, RR: own move first."""
STATES: Final = ("PP", "PR", "RP", "RR")
_SWAPPED: Final = (0, 2, 1, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A name, the chance to pause in the first period, and after PP, PR, RP and RR."""

    name: str
    opening: Fraction
    after: Row

    def __post_init__(self) -> None:
        if not all(0 <= chance <= 1 for chance in (self.opening, *self.after)):
            raise Misuse(f"{self.name}: expected chances of 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How labs see and act: slips, misses, false alarms; each a chance a period."""

    slip: Fraction = Fraction(0)
    missed: Fraction = Fraction(0)
    false: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not all(0 <= chance <= 1 for chance in (self.slip, self.missed, self.false)):
            raise Misuse("Sight: expected chances of 0 to 1")

    def meant(self, chance: Fraction) -> Fraction:
        """The chance to pause of one who means to with this chance (step 1)."""
        return chance * (1 - 2 * self.slip) + self.slip

    def acted(self, strategy: Strategy) -> Row:
        """The chance to pause after each true pair of moves (step 2)."""
        kept, seen = (1 - self.false, self.false), (self.missed, 1 - self.missed)
        after = [self.meant(chance) for chance in strategy.after]
        found = [
            as_pause * after[2 * own] + as_race * after[2 * own + 1]
            for own, (as_pause, as_race) in product((0, 1), (kept, seen))
        ]
        return found[0], found[1], found[2], found[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a lab earns a period: T, R, P and S."""

    temptation: Fraction
    cooperation: Fraction
    punishment: Fraction
    betrayed: Fraction

    @property
    def row(self) -> Row:
        """By the state, own move first."""
        return self.cooperation, self.betrayed, self.temptation, self.punishment

    @property
    def generosity(self) -> Fraction:
        """How often one may forgive and still not be used: the largest (Nowak and Sigmund).

        Raises `Misuse` unless T > R > P > S.
        """
        if not self.temptation > self.cooperation > self.punishment > self.betrayed:
            raise Misuse("expected temptation > cooperation > punishment > betrayed")
        gain = self.temptation - self.cooperation
        return max(
            Fraction(0),
            min(
                1 - gain / (self.cooperation - self.betrayed),
                (self.cooperation - self.punishment) / (self.temptation - self.punishment),
            ),
        )


def long_run(first: Strategy, second: Strategy, sight: Sight) -> Row:
    """The share of time in PP, PR, RP, RR, the first's move first (step 3)."""
    mine, theirs = sight.acted(first), sight.acted(second)
    chain = [_pair(mine[state], theirs[_SWAPPED[state]]) for state in range(4)]
    start = _pair(sight.meant(first.opening), sight.meant(second.opening))
    found = limit(chain, start)
    return found[0], found[1], found[2], found[3]


def scores(
    first: Strategy, second: Strategy, stage: Stage, sight: Sight
) -> tuple[Fraction, Fraction]:
    """Each one's mean payoff a period in the long run (step 4)."""
    shares = long_run(first, second, sight)
    row = stage.row
    one = sum((share * row[state] for state, share in enumerate(shares)), Fraction(0))
    other = sum((share * row[_SWAPPED[state]] for state, share in enumerate(shares)), Fraction(0))
    return one, other


def _pair(mine: Fraction, theirs: Fraction) -> list[Fraction]:
    """The chances of PP, PR, RP, RR of two who choose apart."""
    return [
        mine * theirs,
        mine * (1 - theirs),
        (1 - mine) * theirs,
        (1 - mine) * (1 - theirs),
    ]


def limit(chain: Sequence[Sequence[Fraction]], start: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The limit of the mean share of time in each state of a finite chain, from a start (step 3).

    >>> half = Fraction(1, 2)
    >>> limit([[0, 1], [1, 0]], [1, 0]) == (half, half)
    True
    """
    size = len(chain)
    reached = [_reachable(chain, state) for state in range(size)]
    classes = {
        frozenset(reached[state])
        for state in range(size)
        if all(state in reached[other] for other in reached[state])
    }
    found = [Fraction(0)] * size
    for members in sorted(classes, key=min):
        inside = sorted(members)
        weight = _absorbed(chain, start, members, frozenset().union(*classes))
        for state, share in zip(inside, _stationary(chain, inside), strict=True):
            found[state] = weight * share
    return tuple(found)


def _reachable(chain: Sequence[Sequence[Fraction]], state: int) -> set[int]:
    seen, left = {state}, [state]
    while left:
        row = chain[left.pop()]
        new = {other for other, chance in enumerate(row) if chance and other not in seen}
        seen |= new
        left += new
    return seen


def _stationary(chain: Sequence[Sequence[Fraction]], inside: list[int]) -> list[Fraction]:
    """The stationary distribution within a closed class."""
    size = len(inside)
    rows = [
        [Fraction(chain[source][to]) - (source == to) for source in inside] + [Fraction(0)]
        for to in inside[1:]
    ]
    return _solved([[Fraction(1)] * size + [Fraction(1)], *rows])


def _absorbed(
    chain: Sequence[Sequence[Fraction]],
    start: Sequence[Fraction],
    members: frozenset[int],
    closed: frozenset[int],
) -> Fraction:
    """The chance to end in a closed class."""
    passing = [state for state in range(len(chain)) if state not in closed]
    direct = sum((Fraction(start[state]) for state in members), Fraction(0))
    if not passing:
        return direct
    rows = []
    for state in passing:
        row = [Fraction(state == other) - chain[state][other] for other in passing]
        rows.append([*row, sum((Fraction(chain[state][to]) for to in members), Fraction(0))])
    ended = _solved(rows)
    return direct + sum(
        (start[state] * chance for state, chance in zip(passing, ended, strict=True)), Fraction(0)
    )


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """The solution of a regular system of equations, each row with its right side last."""
    size = len(rows)
    for column in range(size):
        pivot = next(row for row in range(column, size) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [cell / lead for cell in rows[column]]
        for row in range(size):
            factor = rows[row][column]
            if row != column and factor:
                rows[row] = [
                    cell - factor * own for cell, own in zip(rows[row], rows[column], strict=True)
                ]
    return [row[-1] for row in rows]
