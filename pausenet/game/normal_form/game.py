"""Games in normal form: who plays, what each may do, what everybody is paid; exact rationals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final, TypeAlias

from pausenet.errors import Misuse

PROFILES_MAX: Final = 100_000
Choice: TypeAlias = tuple[int, ...]
"""One strategy of each player, by its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """Any number of players, each with named strategies.

    `payoffs` has one entry for each profile of strategies, in the order of `profiles` (the last
    player's strategy changes fastest), and in it one payoff for each player. Raises `Misuse` for
    another shape, for names that stand twice and beyond `PROFILES_MAX` profiles.
    """

    title: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    payoffs: tuple[tuple[Fraction, ...], ...]

    def __post_init__(self) -> None:
        if not self.title or not self.players or len(self.strategies) != len(self.players):
            raise Misuse("a game: expected a title, players, and strategies for each")
        for names in (self.players, *self.strategies):
            if not names or not all(names) or len(set(names)) != len(names):
                raise Misuse(f"a game: expected different names, found {names!r:.80}")
        if math.prod(self.shape) > PROFILES_MAX:
            raise Misuse(f"a game: at most {PROFILES_MAX} profiles, found {math.prod(self.shape)}")
        if len(self.payoffs) != math.prod(self.shape):
            raise Misuse(
                f"a game: expected {math.prod(self.shape)} profiles, found {len(self.payoffs)}"
            )
        for paid in self.payoffs:
            if len(paid) != len(self.players):
                raise Misuse(f"a game: a payoff for each of {len(self.players)}, found {len(paid)}")
            if any(type(each) is not Fraction for each in paid):
                raise Misuse("a game: payoffs are exact, of type Fraction")

    @property
    def shape(self) -> tuple[int, ...]:
        """How many strategies each player has."""
        return tuple(len(names) for names in self.strategies)

    def profiles(self) -> Iterator[Choice]:
        """Every profile of strategies, the last player's changing fastest."""
        return product(*(range(count) for count in self.shape))

    def paid(self, choice: Choice) -> tuple[Fraction, ...]:
        """What each player gets at a profile of strategies."""
        place = 0
        for count, each in zip(self.shape, choice, strict=True):
            if not 0 <= each < count:
                raise Misuse(f"a strategy that there is not: {each}")
            place = place * count + each
        return self.payoffs[place]

    def matrix(self, player: int) -> tuple[tuple[Fraction, ...], ...]:
        """One player's payoffs in a game of two: a row for each strategy of the first."""
        if len(self.players) != 2:
            raise Misuse(f"a matrix: expected two players, found {len(self.players)}")
        rows, columns = self.shape
        return tuple(
            tuple(self.payoffs[i * columns + j][player] for j in range(columns))
            for i in range(rows)
        )

    def restricted(self, kept: Sequence[Sequence[int]]) -> Game:
        """The game in which each player has only the strategies kept."""
        return Game(
            title=self.title,
            players=self.players,
            strategies=tuple(
                tuple(names[each] for each in places)
                for names, places in zip(self.strategies, kept, strict=True)
            ),
            payoffs=tuple(self.paid(choice) for choice in product(*kept)),
        )


def bimatrix(
    rows: Sequence[Sequence[Fraction | int]],
    columns: Sequence[Sequence[Fraction | int]],
    *,
    title: str = "A game of two",
    players: tuple[str, str] = ("Row", "Column"),
    strategies: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
) -> Game:
    """A game of two players from the row player's and the column player's matrix.

    >>> bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]).paid((0, 1))
    (Fraction(0, 1), Fraction(5, 1))
    """
    wide = {len(row) for row in (*rows, *columns)}
    if not rows or len(rows) != len(columns) or len(wide) != 1 or 0 in wide:
        raise Misuse("two matrices: expected the same rows and columns in both")
    named = strategies or (
        tuple(f"r{i + 1}" for i in range(len(rows))),
        tuple(f"c{j + 1}" for j in range(wide.pop())),
    )
    return Game(
        title=title,
        players=players,
        strategies=named,
        payoffs=tuple(
            (Fraction(a), Fraction(b))
            for first, second in zip(rows, columns, strict=True)
            for a, b in zip(first, second, strict=True)
        ),
    )
