"""Gambit's `.efg` files: a tree read from text into its normal form, and a game written as a tree.

A file says `EFG 2 R`, a title, the players, and the nodes of the tree, each before what follows it:

    EFG 2 R "Watch or not" { "Lab" "Verifier" } ""
    p "" 1 1 "" { "pause" "race" } 0
    p "" 2 1 "" { "look" "trust" } 0
    t "" 1 "kept, seen" { 0 -1 }
    ...

`c` is a move of chance with the chance of each action, `p` a player's move at an information set,
`t` an end. An outcome's payoffs may stand at any node and count where the node is passed.

The normal form is not reduced: a strategy names an action for each of a player's information sets,
in the order in which the file first says them, also where it can never come to be asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from pausenet.errors import Misuse
from pausenet.game.normal_form.game import PROFILES_MAX, Choice, Game
from pausenet.game.normal_form.nfg import named
from pausenet.game.normal_form.tokens import Kind, Token, Tokens, numeral, quoted

NODES_MAX = 20_000
DEPTH_MAX = 200
STEPS_MAX = 5_000_000
"""Profiles times nodes: what turning a tree into its normal form may take."""
_PLAYERS_MAX = 16
_NUMBER_MAX = 10**9


@dataclass(frozen=True, slots=True)
class _Set:
    """An information set, of chance (player -1) or of a player; `place` counts a player's sets."""

    player: int
    place: int
    actions: tuple[str, ...]
    chances: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """A node with what is paid on passing it, and what follows each action."""

    paid: tuple[Fraction, ...]
    asked: _Set | None
    followed: tuple[_Node, ...]


_Path: TypeAlias = dict[tuple[int, int], int]


@dataclass(slots=True)
class _Reader:
    tokens: Tokens
    players: int
    sets: dict[tuple[int, int], _Set] = field(default_factory=dict)
    outcomes: dict[int, tuple[Fraction, ...]] = field(default_factory=dict)
    nodes: int = 0

    def node(self, depth: int) -> _Node:
        """A node and all that follows it."""
        start = self.tokens.ahead
        self.nodes += 1
        if self.nodes > NODES_MAX or depth > DEPTH_MAX:
            self.tokens.refuse(start, f"at most {NODES_MAX} nodes and {DEPTH_MAX} moves in a row")
        kind = self.tokens.word("c", "p", "t")
        self.tokens.expect(Kind.TEXT, "the node's name")
        if kind == "t":
            return _Node(self._paid(), None, ())
        player = -1
        if kind == "p":
            player = self.tokens.count("a player's number", 1, self.players) - 1
        asked = self._set(player)
        paid = self._paid()
        return _Node(paid, asked, tuple(self.node(depth + 1) for _ in asked.actions))

    def _set(self, player: int) -> _Set:
        start = self.tokens.ahead
        number = self.tokens.count("an information set's number", 1, _NUMBER_MAX)
        self.tokens.comment()
        known = self.sets.get((player, number))
        if self.tokens.ahead.kind is not Kind.OPEN:
            if known is None:
                self.tokens.refuse(start, "the actions of an information set that is new")
            return known
        actions, chances = self._actions(player < 0)
        if known is None:
            place = sum(1 for each, _ in self.sets if each == player)
            known = _Set(player, place, actions, chances)
            self.sets[player, number] = known
        elif (known.actions, known.chances) != (actions, chances):
            self.tokens.refuse(start, "the information set had other actions before")
        return known

    def _actions(self, chance: bool) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
        start = self.tokens.expect(Kind.OPEN)
        actions: list[str] = []
        chances: list[Fraction] = []
        while self.tokens.ahead.kind is Kind.TEXT:
            actions.append(self.tokens.take().text)
            if chance:
                chances.append(self.tokens.number("the chance of an action"))
        self.tokens.expect(Kind.CLOSE, "'}' after the actions")
        if not actions:
            self.tokens.refuse(start, "expected an action")
        if chance and (min(chances) < 0 or sum(chances) != 1):
            self.tokens.refuse(start, f"expected chances that add up to 1, found {sum(chances)}")
        return tuple(actions), tuple(chances)

    def _paid(self) -> tuple[Fraction, ...]:
        start = self.tokens.ahead
        number = self.tokens.count("an outcome's number", 0, _NUMBER_MAX)
        self.tokens.comment()
        if self.tokens.ahead.kind is Kind.OPEN:
            self.tokens.take()
            paid = tuple(self.tokens.number("a payoff") for _ in range(self.players))
            self.tokens.expect(Kind.CLOSE, f"'}}' after {self.players} payoffs")
            if number == 0 or self.outcomes.setdefault(number, paid) != paid:
                self.tokens.refuse(start, f"outcome {number} has other payoffs")
        if number == 0:
            return (Fraction(0),) * self.players
        if number not in self.outcomes:
            self.tokens.refuse(start, f"outcome {number} has no payoffs yet")
        return self.outcomes[number]


def read_efg(text: str, *, path: str = "game.efg") -> Game:
    """The normal form of the tree in a file. Raises `MalformedFile` with the place of a mistake.

    >>> said = 'EFG 2 R "One move" { "A" } p "" 1 1 "" { "l" "r" } 0 '
    >>> said += 't "" 1 "" { 2 } t "" 2 "" { 3 }'
    >>> read_efg(said).strategies, read_efg(said).paid((1,))
    ((('l', 'r'),), (Fraction(3, 1),))
    """
    tokens = Tokens(text, path)
    tokens.word("EFG")
    tokens.word("2")
    tokens.word("R", "D")
    title = tokens.expect(Kind.TEXT, "a title in quotes").text
    start = tokens.ahead
    players = tokens.texts("the players' names")
    if len(players) > _PLAYERS_MAX:
        tokens.refuse(start, f"at most {_PLAYERS_MAX} players, found {len(players)}")
    tokens.comment()
    reader = _Reader(tokens, len(players))
    root = reader.node(0)
    tokens.expect(Kind.END, "the end after the last node")
    return _normal(reader, root, start, title or "A game", players)


def _normal(
    reader: _Reader, root: _Node, start: Token, title: str, players: tuple[str, ...]
) -> Game:
    """What each profile of strategies pays on average over the moves of chance."""
    own: list[list[_Set]] = [[] for _ in players]
    for each in reader.sets.values():
        if each.player >= 0:
            own[each.player].append(each)
    profiles = math.prod(len(each.actions) for sets in own for each in sets)
    if profiles > PROFILES_MAX or profiles * reader.nodes > STEPS_MAX:
        reader.tokens.refuse(start, f"a normal form of {profiles} profiles: too large")
    plans = [list(product(*(range(len(each.actions)) for each in sets))) for sets in own]
    names = [
        tuple("/".join(s.actions[a] for s, a in zip(sets, plan, strict=True)) for plan in plans[k])
        for k, sets in enumerate(own)
    ]
    try:
        return Game(
            title=title,
            players=named(players, "Player"),
            strategies=tuple(named(each, "") for each in names),
            payoffs=tuple(_passed(root, chosen) for chosen in product(*plans)),
        )
    except Misuse as error:
        reader.tokens.refuse(start, str(error))


def _passed(node: _Node, plans: tuple[Choice, ...]) -> tuple[Fraction, ...]:
    """What is paid from a node on, given each player's plan."""
    asked = node.asked
    if asked is None:
        return node.paid
    if asked.player >= 0:
        after = _passed(node.followed[plans[asked.player][asked.place]], plans)
        return tuple(a + b for a, b in zip(node.paid, after, strict=True))
    paid = list(node.paid)
    for chance, each in zip(asked.chances, node.followed, strict=True):
        if chance:
            paid = [a + chance * b for a, b in zip(paid, _passed(each, plans), strict=True)]
    return tuple(paid)


def write_efg(game: Game) -> str:
    """The game as a tree in which nobody sees what the others did before."""
    players = " ".join(quoted(each) for each in game.players)
    lines = [f"EFG 2 R {quoted(game.title)} {{ {players} }}", '""', ""]
    shape = game.shape
    for number, choice in enumerate(game.profiles(), 1):
        fresh = len(choice)
        while fresh and choice[fresh - 1] == 0:
            fresh -= 1
        # A node is written before the first profile that passes it.
        for player in range(fresh, len(shape)):
            actions = " ".join(quoted(each) for each in game.strategies[player])
            lines.append(f'p "" {player + 1} 1 "" {{ {actions} }} 0')
        paid = " ".join(numeral(each) for each in game.paid(choice))
        lines.append(f't "" {number} "" {{ {paid} }}')
    return "\n".join((*lines, ""))
