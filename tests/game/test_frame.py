"""Every model keeps the promises of the frame; the frame refuses what it cannot mean."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Bars, Column, Heat, Infeasible, Table, spelled
from pausenet.game.catalogue import checks_of, model_named, models, papers
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Chosen, Model, Parameter

PAGES = Path(__file__).resolve().parents[2] / "docs" / "games"
PAPER = Paper(key="nobody-1900", cite="Nobody, On Nothing, 1900")


def number(name: str = "gain", **bounds: object) -> Parameter:
    given_ = {"symbol": "g", "unit": "1", "default": Fraction(1, 2), "meaning": "What it gains."}
    return Parameter(name=name, **{**given_, **bounds})  # type: ignore[arg-type]


def check(stated: str, ours: float | Fraction | Infeasible, within: float = 0.0) -> bool:
    made = Check(
        paper=PAPER, where="table 1", what="it", stated=stated, ours=lambda: ours, within=within
    )
    return made.result().agrees


@pytest.mark.parametrize("name", list(models()))
def test_a_model_answers_with_its_defaults_and_says_what_it_leaves_out(name: str) -> None:
    answer = models()[name].answer()
    assert answer.sentence
    assert answer.not_shown
    assert all(table.rows for table in answer.tables)


@pytest.mark.parametrize("name", list(papers()))
def test_a_papers_numbers_come_out_as_stated(name: str) -> None:
    different = [
        f"{model.name}: {each.what}: stated {each.stated}, computed {result.computed}"
        for model, each in checks_of(name)
        if not (result := each.result()).agrees
    ]
    assert different == []


@pytest.mark.parametrize("name", list(models()))
def test_a_model_has_its_symbols_its_example_and_its_picture_on_a_page(name: str) -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES.glob("*.md"))
    assert f"<!-- symbols {name} -->" in pages
    assert f"<!-- answer {name} -->" in pages
    assert (PAGES / "pictures" / f"{name}.svg").exists()


def test_every_page_is_listed_and_no_picture_is_left_over() -> None:
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\(([a-z-]+\.md)\)", index))
    assert named == {page.name for page in PAGES.glob("*.md")} - {"index.md"}
    assert {picture.stem for picture in (PAGES / "pictures").glob("*.svg")} == set(models())


@pytest.mark.parametrize(
    ("stated", "ours"),
    [("1/3", Fraction(1, 3)), ("0.333", 1 / 3), ("-2", Fraction(-2)), ("8.06e-5", 8.0645e-5)],
)
def test_what_rounds_to_the_numeral_agrees(stated: str, ours: float | Fraction) -> None:
    assert check(stated, ours)


@pytest.mark.parametrize(
    ("stated", "ours"),
    [
        ("1/3", Fraction(333, 1000)),
        ("0.333", 0.3336),
        ("2", 2.01),
        ("8.06e-5", 8.2e-5),
        ("1", Infeasible("no")),
    ],
)
def test_what_does_not_round_to_the_numeral_differs(
    stated: str, ours: float | Fraction | Infeasible
) -> None:
    assert not check(stated, ours)


def test_a_stated_tolerance_is_the_tolerance() -> None:
    assert check("0.150", 0.1509, within=0.001)
    assert not check("0.150", 0.152, within=0.001)


@pytest.mark.parametrize("text", ["", "a", "1/0", "nan", "1e9999", "0x1", "1_000", "1,2", "\u0661"])
def test_a_number_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Misuse):
        number().read(text)


@given(st.fractions(min_value=-10, max_value=10, max_denominator=1000))
def test_a_fraction_is_read_as_it_is_written(value: Fraction) -> None:
    assert number().read(str(value)) == value


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ({"low": 0}, "-1"),
        ({"high": 1}, "2"),
        ({"above": 0}, "0"),
        ({"below": 1}, "1"),
        ({"whole": True, "default": Fraction(1)}, "1/2"),
    ],
)
def test_a_value_out_of_bounds_is_refused(bounds: dict[str, object], text: str) -> None:
    with pytest.raises(Misuse, match="gain: expected"):
        number(**bounds).read(text)


@pytest.mark.parametrize("text", ["1e400", "-1e309"])
def test_a_number_that_no_float_holds_is_refused(text: str) -> None:
    for parameter, typed in ((number(), text), (number(default=(Fraction(1),)), f"1,{text}")):
        with pytest.raises(Misuse, match="gain: expected a number that a float can hold"):
            parameter.read(typed)


def test_a_number_whose_float_is_the_bound_that_it_must_not_reach_is_refused() -> None:
    with pytest.raises(Misuse, match="more than 0"):
        number(above=0).read("1e-400")
    with pytest.raises(Misuse, match="less than 1"):
        number(below=1).read("0.99999999999999999999999")


def test_a_result_that_no_float_holds_is_refused_as_misuse() -> None:
    def beyond(chosen: Chosen) -> Answer:
        raise OverflowError(str(chosen.real("gain") * 1e300))

    model = Model(
        name="m",
        title="m",
        question="Why?",
        validity="Always.",
        papers=(PAPER,),
        parameters=(number(),),
        solve=beyond,
    )
    with pytest.raises(Misuse, match="too large to compute with"):
        model.answer()


def test_lists_and_words_are_read_and_their_members_are_checked() -> None:
    values = number(default=(Fraction(1),), low=0)
    assert values.read("3, 1/2,0.25") == (Fraction(3), Fraction(1, 2), Fraction(1, 4))
    with pytest.raises(Misuse):
        values.read("1,-1")
    word = number(default="none", choices=("none", "public"))
    assert word.read("public") == "public"
    with pytest.raises(Misuse, match="none or public"):
        word.read("private")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(Misuse, match="did you mean 'deterrence'"):
        model_named("deterence")
    with pytest.raises(Misuse, match="did you mean 'detection'"):
        model_named("deterrence").answer({"detecton": "1/2"})
    with pytest.raises(Misuse, match="unknown paper or game"):
        checks_of("nobody-1900")


def test_a_table_refuses_a_number_that_is_none_and_a_row_that_is_too_short() -> None:
    columns = (Column(name="a"), Column(name="b", unit="days"))
    assert columns[1].head == "b (days)"
    for row in ((1.0,), (1.0, float("nan"))):
        with pytest.raises(Misuse):
            Table(title="t", columns=columns, rows=(row,))


def test_a_heat_map_refuses_values_of_another_shape() -> None:
    axis = Axis(title="x")
    half = (0.5,)
    with pytest.raises(Misuse):
        Heat(
            title="t", subtitle="s", x=axis, y=axis, colour=axis, xs=half, ys=half, values=((), ())
        )


def test_an_answer_is_made_of_sentences() -> None:
    table = Table(title="t", columns=(Column(name="a"),), rows=((1,),))
    picture = Bars(title="t", subtitle="s", x=Axis(title="x"), bars=())
    with pytest.raises(Misuse):
        Answer(sentence="no stop", not_shown="All.", tables=(table,), picture=picture)


def test_a_model_asks_a_question_and_names_a_parameter_once() -> None:
    def made(question: str, *parameters: Parameter) -> Model:
        return Model(
            name="m",
            title="m",
            question=question,
            validity="Always.",
            papers=(PAPER,),
            parameters=parameters,
            solve=lambda chosen: models()["deterrence"].answer(),
        )

    made("Why?", number())
    with pytest.raises(Misuse):
        made("Because.", number())
    with pytest.raises(Misuse):
        made("Why?", number(), number())


def test_long_fractions_are_spelled_as_decimals() -> None:
    assert spelled(Fraction(1, 7)) == "1/7"
    assert (spelled(Fraction(1, 20)), spelled(Fraction(1, 21))) == ("1/20", "0.047619")
    assert (spelled(-8.9e-16), spelled(2e-12)) == ("0", "2e-12")
    assert spelled(Fraction(10**400, 21)) == "4.76190e+398"
    assert spelled(Fraction(1, 10**6 + 1)) == "9.99999e-07"
    assert spelled(Infeasible("too late")) == "infeasible: too late"
