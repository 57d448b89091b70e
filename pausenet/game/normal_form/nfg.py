"""Gambit's `.nfg` files, read from text and written to text; the command line opens the files.

A file says `NFG 1 R`, a title, the players, and then either how many strategies each has or their
names; after that the payoffs of every profile, or a list of outcomes and which outcome each profile
has (0: nobody gets anything). The first player's strategy changes fastest. Commas are spaces.

    NFG 1 R "Two labs" { "A" "B" } { { "pause" "race" } { "pause" "race" } } ""
    3 3 5 0 0 5 1 1

What is written has named strategies and payoffs, and reads back as the same game.
"""

from __future__ import annotations

import math
from fractions import Fraction

from pausenet.errors import Misuse
from pausenet.game.normal_form.game import PROFILES_MAX, Choice, Game
from pausenet.game.normal_form.tokens import Kind, Tokens, numeral, quoted

_STRATEGIES_MAX = 1_000
_PLAYERS_MAX = 16


def read_nfg(text: str, *, path: str = "game.nfg") -> Game:
    """The game that a file says. Raises `MalformedFile` with the line and column of a mistake.

    >>> said = 'NFG 1 R "Two labs" { "A" "B" } { 2 2 } 3 3 5 0 0 5 1 1'
    >>> read_nfg(said).paid((1, 0))
    (Fraction(5, 1), Fraction(0, 1))
    """
    tokens = Tokens(text, path)
    tokens.word("NFG")
    tokens.word("1")
    tokens.word("R", "D")
    title = tokens.expect(Kind.TEXT, "a title in quotes").text
    start = tokens.ahead
    players = tokens.texts("the players' names")
    if len(players) > _PLAYERS_MAX:
        tokens.refuse(start, f"at most {_PLAYERS_MAX} players, found {len(players)}")
    strategies = _strategies(tokens, len(players))
    tokens.comment()
    shape = tuple(len(names) for names in strategies)
    profiles = math.prod(shape)
    if profiles > PROFILES_MAX:
        tokens.refuse(start, f"at most {PROFILES_MAX} profiles, found {profiles}")
    if tokens.ahead.kind is Kind.OPEN:
        outcomes = _outcomes(tokens, len(players))
        read = [
            outcomes[tokens.count("an outcome's number", 0, len(outcomes) - 1)]
            for _ in range(profiles)
        ]
    else:
        read = [tuple(tokens.number("a payoff") for _ in players) for _ in range(profiles)]
    tokens.expect(Kind.END, f"the end after {profiles} profiles")
    try:
        return Game(
            title=title or "A game",
            players=named(players, "Player"),
            strategies=tuple(named(names, "") for names in strategies),
            payoffs=_turned(read, shape),
        )
    except Misuse as error:
        tokens.refuse(start, str(error))


def write_nfg(game: Game) -> str:
    """The game as a file, payoffs exact."""
    players = " ".join(quoted(each) for each in game.players)
    names = "\n".join(
        f"{{ {' '.join(quoted(each) for each in strategies)} }}" for strategies in game.strategies
    )
    paid = "\n".join(
        " ".join(numeral(each) for each in game.paid(choice)) for choice in columnwise(game.shape)
    )
    return f'NFG 1 R {quoted(game.title)} {{ {players} }}\n\n{{ {names}\n}}\n""\n\n{paid}\n'


def columnwise(shape: tuple[int, ...]) -> list[Choice]:
    """Every profile, the first player's strategy changing fastest."""
    found: list[Choice] = [()]
    for count in reversed(shape):
        found = [(each, *rest) for rest in found for each in range(count)]
    return found


def _strategies(tokens: Tokens, players: int) -> list[tuple[str, ...]]:
    start = tokens.expect(Kind.OPEN, "'{' before the strategies")
    found: list[tuple[str, ...]] = []
    if tokens.ahead.kind is Kind.OPEN:
        while tokens.ahead.kind is Kind.OPEN:
            found.append(tokens.texts("a strategy's name"))
    else:
        while tokens.ahead.kind is Kind.WORD:
            count = tokens.count("a number of strategies", 1, _STRATEGIES_MAX)
            found.append(("",) * count)
    tokens.expect(Kind.CLOSE, "'}' after the strategies")
    if len(found) != players:
        tokens.refuse(start, f"expected strategies of {players} players, found {len(found)}")
    return found


def _outcomes(tokens: Tokens, players: int) -> list[tuple[Fraction, ...]]:
    """The outcomes by number; the first, 0, pays nothing."""
    tokens.expect(Kind.OPEN)
    found: list[tuple[Fraction, ...]] = [(Fraction(0),) * players]
    while tokens.ahead.kind is Kind.OPEN:
        tokens.expect(Kind.OPEN)
        tokens.expect(Kind.TEXT, "an outcome's name")
        found.append(tuple(tokens.number("a payoff") for _ in range(players)))
        tokens.expect(Kind.CLOSE, f"'}}' after {players} payoffs")
    tokens.expect(Kind.CLOSE, "'}' after the outcomes")
    return found


def named(names: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Numbers in the place of names that are empty, and of all where one stands twice."""
    full = tuple(name or f"{kind} {place}".strip() for place, name in enumerate(names, 1))
    if len(set(full)) == len(full):
        return full
    return tuple(f"{name} ({place})" for place, name in enumerate(full, 1))


def _turned(
    read: list[tuple[Fraction, ...]], shape: tuple[int, ...]
) -> tuple[tuple[Fraction, ...], ...]:
    by_choice = dict(zip(columnwise(shape), read, strict=True))
    return tuple(by_choice[choice] for choice in sorted(by_choice))
