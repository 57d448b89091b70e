"""One equilibrium of a game of two by complementary pivoting; it always ends.

Lemke & Howson 1964, Equilibrium Points of Bimatrix Games, SIAM Journal 12: 413-423; ties are broken
as in von Stengel 2002, Computing Equilibria for Two-Person Games, section 2.6.

1. Two systems, B'x + s = 1 and Ay + r = 1, begin with their slack variables in the basis.
2. The variable with the label `dropped` enters; what leaves has a label whose twin enters the other
   system next.
3. The row that leaves is the first by the lexicographic order of (bound, slack columns) over the
   entering column, which acts as if the game were not degenerate: no basis comes twice.
4. Where the label dropped leaves, the basic solution is an equilibrium.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.game.equilibrium.bimatrix import positive
from pausenet.game.equilibrium.profile import Profile, Weights, judged
from pausenet.game.normal_form.game import Game

STEPS_MAX: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The equilibrium at the end of the path of one label, and how many pivots led to it."""

    profile: Profile
    pivots: int


def lemke_howson(game: Game, *, dropped: int = 0, pivots_max: int = STEPS_MAX) -> Path | NotFound:
    """The equilibrium that the path of the label `dropped` ends at.

    Labels count the row player's strategies and then the column player's. Raises `Misuse` for a
    label that there is not and for other games than of two.

    >>> from pausenet.game.normal_form.game import bimatrix
    >>> chicken = bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> [str(lemke_howson(chicken, dropped=label).profile.weights[0][0]) for label in range(4)]
    ['1', '0', '0', '1']
    """
    if len(game.players) != 2:
        raise Misuse(f"lemke_howson: expected two players, found {len(game.players)}")
    rows, columns = game.shape
    if not 0 <= dropped < rows + columns:
        raise Misuse(f"lemke_howson: expected a label below {rows + columns}, found {dropped}")
    first, second = positive(game, 0), positive(game, 1)
    own, others = list(range(rows)), list(range(rows, rows + columns))
    systems = (
        _System([list(column) for column in zip(*second, strict=True)], own, others),
        _System(first, others, own),
    )
    turn = 0 if dropped < rows else 1
    entering = dropped
    for pivots in range(1, pivots_max + 1):
        entering = systems[turn].enter(entering)
        turn = 1 - turn
        if entering == dropped:
            weights = (systems[0].weights(), systems[1].weights())
            return Path(profile=judged(game, weights), pivots=pivots)
    return NotFound(f"no end after {pivots_max} pivots")


class _System:
    """Rows of integers over one denominator: the own variables, the slack variables, the bound."""

    def __init__(self, matrix: list[list[int]], own: list[int], slack: list[int]) -> None:
        count = len(slack)
        self.columns = {label: k for k, label in enumerate((*own, *slack))}
        self.own, self.slack = own, [self.columns[label] for label in slack]
        self.basis = list(slack)
        self.denominator = 1
        self.rows = [
            [*row, *(int(k == place) for k in range(count)), 1] for place, row in enumerate(matrix)
        ]

    def enter(self, label: int) -> int:
        """Bring a variable into the basis; the label of the one that leaves (step 3)."""
        column = self.columns[label]
        leaving = -1
        for place, row in enumerate(self.rows):
            if row[column] > 0 and (leaving < 0 or self._before(row, self.rows[leaving], column)):
                leaving = place
        assert leaving >= 0  # both polytopes are bounded
        left, self.basis[leaving] = self.basis[leaving], label
        row, before = self.rows[leaving], self.denominator
        pivot = row[column]
        for place, line in enumerate(self.rows):
            if place != leaving:
                factor = line[column]
                self.rows[place] = [
                    (a * pivot - factor * b) // before for a, b in zip(line, row, strict=True)
                ]
        self.denominator = pivot
        return left

    def _before(self, row: list[int], other: list[int], column: int) -> bool:
        for k in (-1, *self.slack):
            ahead = row[k] * other[column] - other[k] * row[column]
            if ahead:
                return ahead < 0
        return False

    def weights(self) -> Weights:
        """The own variables, divided by their sum."""
        held = {label: row[-1] for label, row in zip(self.basis, self.rows, strict=True)}
        values = [held.get(label, 0) for label in self.own]
        return tuple(Fraction(value, sum(values)) for value in values)
