"""Games in normal form: tables of best responses, dominance, and Gambit's files with refusals."""

from __future__ import annotations

import random
from contextlib import suppress
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import MalformedFile, Misuse
from pausenet.game.equilibrium.bimatrix import every_equilibrium
from pausenet.game.equilibrium.profile import judged, pure
from pausenet.game.normal_form.dominance import Dominance, dominating, undominated
from pausenet.game.normal_form.efg import read_efg, write_efg
from pausenet.game.normal_form.game import Game, bimatrix
from pausenet.game.normal_form.nfg import read_nfg, write_nfg
from pausenet.game.normal_form.tables import Shown, as_text, best_responses, pure_equilibria

names = st.text(min_size=1, max_size=8)


@st.composite
def games(draw, players_max=4):
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=players_max))
    count = 1
    for each in shape:
        count *= each
    chance = random.Random(draw(st.integers(0, 10**6)))
    paid = [
        [Fraction(chance.randint(-9, 9), chance.randint(1, 7)) for _ in shape] for _ in range(count)
    ]
    return Game(
        title=draw(names),
        players=tuple(draw(st.lists(names, min_size=len(shape), max_size=len(shape), unique=True))),
        strategies=tuple(
            tuple(draw(st.lists(names, min_size=each, max_size=each, unique=True)))
            for each in shape
        ),
        payoffs=tuple(map(tuple, paid)),
    )


@settings(max_examples=40)
@given(games())
def test_a_game_written_as_nfg_reads_back_the_same(game: Game) -> None:
    assert read_nfg(write_nfg(game)) == game


@settings(max_examples=40)
@given(games(players_max=3))
def test_a_game_written_as_efg_reads_back_the_same(game: Game) -> None:
    assert read_efg(write_efg(game)) == game


def test_payoffs_outcomes_and_counts_say_the_same_game() -> None:
    payoffs = 'NFG 1 R "g" { "A" "B" } { 2 2 } 3 3 5 0 0, 5, 1 1'
    outcomes = (
        'NFG 1 R "g" { "A" "B" }\n{ { "1" "2" } { "1" "2" } }\n"a comment"\n'
        '{ { "" 3, 3 } { "race" 5, 0 } { "" 0, 5 } { "" 1, 1 } }\n1 2 3 4\n'
    )
    assert read_nfg(payoffs) == read_nfg(outcomes)
    assert read_nfg(payoffs).paid((1, 0)) == (5, 0)
    nothing = outcomes.replace("1 2 3 4", "1 0 0 4")
    assert read_nfg(nothing).paid((1, 0)) == (0, 0)


def test_decimals_and_fractions_are_exact_and_names_that_stand_twice_are_numbered() -> None:
    game = read_nfg('NFG 1 D "" { "" "" } { { "x" "x" } { "" } } .1 -1/3 1e2 -2.50')
    assert game.payoffs == (
        (Fraction(1, 10), Fraction(-1, 3)),
        (Fraction(100), Fraction(-5, 2)),
    )
    assert game.players == ("Player 1", "Player 2")
    assert game.strategies == (("x (1)", "x (2)"), ("1",))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "1:1 expected NFG"),
        ('EFG 1 R "g"', "1:1 expected NFG"),
        ('NFG 2 R "g"', "1:5 expected 1"),
        ('NFG 1 R g { "A" } { 1 } 1', "1:9 expected a title"),
        ('NFG 1 R "g { "A" } { 1 } 1', "quote"),
        ('NFG 1 R "g" { } { 1 } 1', "1:15 expected the players' names"),
        ('NFG 1 R "g" { "A" }\n{ 1 2 } 1 2', "2:1 expected strategies of 1 players, found 2"),
        ('NFG 1 R "g" { "A" }\n{ 0 }', "2:3 expected a number of strategies from 1"),
        ('NFG 1 R "g" { "A" }\n{ 2 }\n1\n', "4:1 expected a payoff, found the end"),
        ('NFG 1 R "g" { "A" }\n{ 2 }\n1 2 3', "3:5 expected the end after 2 profiles"),
        ('NFG 1 R "g" { "A" }\n{ 2 }\n1 x', "3:3 expected a payoff, found 'x'"),
        ('NFG 1 R "g" { "A" }\n{ 2 }\n1 1/0', "3:3 expected a payoff, found a division by zero"),
        ('NFG 1 R "g" { "A" }\n{ 2 }\n1 nan', "3:3 expected a payoff"),
        ('NFG 1 R "g" { "A" }\n{ 2 }\n1 1_0', "3:3 expected a payoff"),
        (
            'NFG 1 R "g" { "A" }\n{ 2 }\n{ { "" 1 } }\n1 2',
            "4:3 expected an outcome's number from 0",
        ),
        ('NFG 1 R "g" { "A" }\n{ 2 }\n{ { "" 1 2 } }\n1 1', "3:10 expected '}' after 1 payoffs"),
        ('NFG 1 R "g" { "A" "B" "C" }\n{ 999 999 999 } 1', "at most 100000 profiles"),
    ],
)
def test_a_bad_nfg_file_is_refused_at_its_place(text: str, place: str) -> None:
    with pytest.raises(MalformedFile) as refused:
        read_nfg(text)
    assert place in str(refused.value)


_TREE = """EFG 2 R "Look or trust" { "Lab" "Verifier" }
"the verifier does not see the lab's move"

c "" 1 "" { "busy" 1/4 "free" 3/4 } 0
p "" 1 1 "" { "pause" "race" } 0
t "" 1 "kept" { 0 0 }
t "" 2 "broken" { 4 -4 }
p "" 1 1 "" 0
p "" 2 1 "" { "look" "trust" } 3 "seen" { 0 -1 }
t "" 1
t "" 1
p "" 2 1 0
t "" 4 "caught" { -8 0 }
t "" 2
"""


def test_a_tree_with_chance_and_hidden_moves_has_its_normal_form() -> None:
    game = read_efg(_TREE)
    assert game.strategies == (("pause", "race"), ("look", "trust"))
    quarter = Fraction(1, 4)
    assert game.paid((0, 0)) == (0, -3 * quarter)
    assert game.paid((1, 0)) == (4 * quarter - 6, -4 * quarter)
    assert game.paid((1, 1)) == (4, -4)


def test_a_strategy_names_an_action_for_every_information_set() -> None:
    said = (
        'EFG 2 R "twice" { "A" } p "" 1 1 "" { "l" "r" } 0 p "" 1 2 "" { "u" "d" } 0 '
        't "" 1 "" { 1 } t "" 2 "" { 2 } t "" 3 "" { 3 }'
    )
    game = read_efg(said)
    assert game.strategies == (("l/u", "l/d", "r/u", "r/d"),)
    assert [paid[0] for paid in game.payoffs] == [1, 2, 3, 3]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("EFG 2", "EFG 1", "1:5 expected 2"),
        ("3/4", "1/2", "4:11 expected chances that add up to 1, found 3/4"),
        ('p "" 1 1 "" { "pause"', 'p "" 3 1 "" { "pause"', "5:6 expected a player's number"),
        ('t "" 1\nt "" 1', 't "" 1\nt "" 9', "11:6 outcome 9 has no payoffs yet"),
        ('t "" 1\nt "" 1', 't "" 1\nt "" 1 "" { 9 9 }', "11:6 outcome 1 has other payoffs"),
        ('p "" 2 1 0', 'p "" 2 7 0', "12:8 the actions of an information set that is new"),
        ('p "" 2 1 0', 'p "" 2 1 { "a" } 0', "12:8 the information set had other actions"),
        ('t "" 4', 'q "" 4', "13:1 expected c or p or t, found 'q'"),
        ('t "" 2\n', 't "" 2\nt "" 2\n', "the end after the last node"),
        ("{ 4 -4 }", "{ 4 }", "expected a payoff, found '}'"),
        ('{ "look" "trust" }', "{ }", "9:13 expected an action"),
    ],
)
def test_a_bad_efg_file_is_refused_at_its_place(old: str, new: str, place: str) -> None:
    assert old in _TREE
    with pytest.raises(MalformedFile) as refused:
        read_efg(new.join(_TREE.rsplit(old, 1)))
    assert place in str(refused.value)


def test_a_tree_without_end_is_refused() -> None:
    deep = 'EFG 2 R "deep" { "A" } ' + 'p "" 1 1 "" { "l" } 0 ' * 300
    with pytest.raises(MalformedFile, match="200 moves"):
        read_efg(deep)


@given(st.text(alphabet='NFGER12 "{}\n/-.pct\\', max_size=60))
def test_hostile_text_is_read_or_refused(text: str) -> None:
    for read, head in ((read_nfg, 'NFG 1 R "g" { "A" } '), (read_efg, 'EFG 2 R "g" { "A" } ')):
        for said in (text, head + text):
            with suppress(MalformedFile):
                read(said)


def test_best_responses_are_starred_in_text_and_bold_in_a_notebook() -> None:
    game = bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], strategies=(("<p>", "r"), ("p", "r")))
    assert "5*, 0  1*, 1*" in as_text(game)
    assert str(Shown(game)) == as_text(game)
    shown = Shown(game)._repr_html_()
    assert "<b>1*</b>, <b>1*</b>" in shown
    assert "&lt;p&gt;" in shown
    assert "<p>" not in shown


@settings(max_examples=40)
@given(games())
def test_all_stars_means_no_regret(game: Game) -> None:
    every = set(pure_equilibria(game))
    for choice in game.profiles():
        assert (judged(game, pure(game, choice)).regret == 0) == (choice in every)


def test_three_players_have_a_table_for_each_way_of_the_third() -> None:
    game = Game(
        title="three",
        players=("A", "B", "C"),
        strategies=(("a", "b"),) * 3,
        payoffs=tuple((Fraction(k), Fraction(-k), Fraction(0)) for k in range(8)),
    )
    text = as_text(game)
    assert "C plays a" in text
    assert "C plays b" in text
    assert best_responses(game)[1, 0, 0] == (True, True, True)


def test_a_mixture_dominates_where_no_single_strategy_does() -> None:
    game = bimatrix([[3, 0], [0, 3], [1, 1]], [[0, 1], [1, 0], [0, 0]])
    by = dominating(game, 0, 2, ((0, 1, 2), (0, 1)))
    assert by == (Fraction(1, 2), Fraction(1, 2), 0)
    left = undominated(game)
    assert left.kept == ((0, 1), (0, 1))
    assert [(each.player, each.strategy, each.round) for each in left.removed] == [(0, 2, 1)]
    tied = bimatrix([[2, 0], [0, 2], [1, 1]], [[0, 1], [1, 0], [0, 0]])
    assert undominated(tied).removed == ()
    assert undominated(tied, Dominance.WEAK).removed == ()


def test_strict_dominance_keeps_every_equilibrium_and_weak_dominance_some() -> None:
    for seed in range(40):
        draw = random.Random(seed)
        first, second = (
            [[draw.randint(0, 3) for _ in range(4)] for _ in range(3)] for _ in range(2)
        )
        game = bimatrix(first, second)
        strict, weak = undominated(game), undominated(game, Dominance.WEAK)
        for profile in every_equilibrium(game).profiles:
            for player, weights in enumerate(profile.weights):
                assert all(not w or k in strict.kept[player] for k, w in enumerate(weights))
        for left in (strict, weak):
            smaller = every_equilibrium(game.restricted(left.kept))
            assert all(
                judged(
                    game,
                    tuple(
                        spread(w, k, n)
                        for w, k, n in zip(p.weights, left.kept, game.shape, strict=True)
                    ),
                ).exact
                for p in smaller.profiles
            )


def spread(weights, kept, count):
    by = dict(zip(kept, weights, strict=True))
    return tuple(by.get(k, Fraction(0)) for k in range(count))


@settings(max_examples=40)
@given(games(players_max=3))
def test_what_dominates_pays_more_whatever_the_others_do(game: Game) -> None:
    kept = [tuple(range(count)) for count in game.shape]
    for player, strategy in product(range(len(game.players)), range(3)):
        if strategy >= game.shape[player]:
            continue
        for dominance in Dominance:
            by = dominating(game, player, strategy, kept, dominance)
            if not by:
                continue
            gains = []
            for choice in game.profiles():
                if choice[player] == strategy:
                    now = game.paid(choice)[player]
                    mixed = sum(
                        w * game.paid((*choice[:player], k, *choice[player + 1 :]))[player]
                        for k, w in enumerate(by)
                    )
                    gains.append(mixed - now)
            assert by[strategy] == 0
            if dominance is Dominance.STRICT:
                assert min(gains) > 0
            else:
                assert min(gains) >= 0 < max(gains)


@pytest.mark.parametrize(
    "changed",
    [
        {"players": ()},
        {"players": ("A", "A")},
        {"title": ""},
        {"strategies": (("a", ""), ("a", "b"))},
        {"strategies": (("a", "b"),)},
        {"payoffs": ((Fraction(0), Fraction(0)),) * 3},
        {"payoffs": ((Fraction(0),),) * 4},
        {"payoffs": ((0.5, 0.5),) * 4},
    ],
)
def test_a_game_of_another_shape_is_refused(changed) -> None:
    right = {
        "title": "g",
        "players": ("A", "B"),
        "strategies": (("a", "b"),) * 2,
        "payoffs": ((Fraction(0), Fraction(0)),) * 4,
    }
    Game(**right)
    with pytest.raises(Misuse):
        Game(**(right | changed))


@pytest.mark.parametrize(
    "weights",
    [
        ((Fraction(1), Fraction(0)),),
        ((Fraction(1), Fraction(1)), (Fraction(1), Fraction(0))),
        ((Fraction(2), Fraction(-1)), (Fraction(1), Fraction(0))),
        ((float("nan"), 0.5), (0.5, 0.5)),
        ((Fraction(1, 2), Fraction(1, 2) + Fraction(1, 10**12)), (Fraction(1), Fraction(0))),
    ],
)
def test_weights_that_are_no_chances_are_refused(weights) -> None:
    with pytest.raises(Misuse, match="weights"):
        judged(bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]), weights)
