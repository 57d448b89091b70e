"""How precise a meter must be: the numbers, the words and the picture."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from pausenet.errors import Misuse
from pausenet.inference.detection import detection_probability
from pausenet.study import Question, precision_needed
from pausenet.study.precision import INSTRUMENTS, lines, reach
from pausenet.study.precision_chart import chart
from pausenet.study.svg import LogScale, element, power_of_ten

ROKKASHO = Question(h100e=500_000, days=30, cap_flop=1e24)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("cap", "percent"), [(1e24, 0.068), (1e26, 6.8)])
def test_the_rokkasho_problem_of_compute(cap: float, percent: float) -> None:
    """domain.md 2.1 and issue 4, item 8."""
    needed = precision_needed(replace(ROKKASHO, cap_flop=cap))
    assert 100 * needed == pytest.approx(percent, rel=0.005)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.name)
def test_what_an_instrument_reaches_is_where_it_just_suffices(instrument: object) -> None:
    found = reach(ROKKASHO, instrument)
    for same in (
        replace(ROKKASHO, cap_flop=found.least_flop),
        replace(ROKKASHO, h100e=found.largest_fleet),
    ):
        assert precision_needed(same) == pytest.approx(found.instrument.sigma, rel=1e-12)
        sigmas = same.cap_flop / (same.whole_flop * found.instrument.sigma)
        assert detection_probability(sigmas, 0.05) == pytest.approx(0.95)
    assert found.enough == (found.detection >= 0.95)


@pytest.mark.parametrize(
    ("field", "harder"),
    [("h100e", 600_000), ("days", 31), ("cap_flop", 9e23), ("utilisation", 0.4), ("alpha", 0.01)],
)
def test_every_part_of_the_question_matters(field: str, harder: float) -> None:
    assert precision_needed(replace(ROKKASHO, **{field: harder})) < precision_needed(ROKKASHO)
    assert precision_needed(replace(ROKKASHO, beta=0.01)) < precision_needed(ROKKASHO)


@pytest.mark.parametrize(
    "changed",
    [
        *({"h100e": 0.0}, {"days": -1.0}, {"cap_flop": float("inf")}, {"utilisation": 1.1}),
        *({"alpha": 0.0}, {"beta": 0.0}, {"alpha": 0.5, "beta": 0.5}, {"utilisation": 0.0}),
    ],
)
def test_questions_without_an_answer_are_refused(changed: dict[str, float]) -> None:
    with pytest.raises(Misuse):
        replace(ROKKASHO, **changed)


def test_the_words_say_what_every_number_rests_on_and_what_is_not_seen() -> None:
    said = "\n".join(lines(ROKKASHO))
    assert "may err by 0.068 %" in said
    assert all(f"- {each.name}: {each.standing}: {each.basis}" in said for each in INSTRUMENTS)
    assert "[assumption: example of domain.md 2.1]" in said
    assert all(f"- {unseen}:" in said for unseen in ("E02", "E05", "E06", "E16", "E22"))
    assert "fine enough;" not in said
    assert "fine enough;" in "\n".join(lines(replace(ROKKASHO, cap_flop=1e26)))


QUESTIONS = {
    "the usual": ROKKASHO,
    "an easy cap": replace(ROKKASHO, cap_flop=9e27),
    "a tiny fleet": Question(h100e=16, days=1, cap_flop=1e20),
    "a huge one": Question(h100e=1e9, days=3650, cap_flop=1e18),
    "an absurd one": Question(h100e=1, days=1, cap_flop=1e40),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_picture_is_one_whole_document_with_its_point_inside(question: Question) -> None:
    root = ElementTree.fromstring(chart(question, repeat="again & again"))
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    (dot,) = root.iter(f"{SVG}circle")
    assert 0 < float(dot.attrib["cx"]) < width
    assert 0 < float(dot.attrib["cy"]) < height
    for drawn in root.iter(f"{SVG}path"):
        numbers = [float(each) for each in re.findall(r"-?[0-9.]+", drawn.attrib["d"])]
        assert all(0 <= each <= max(width, height) for each in numbers)
    title = root.findtext(f"{SVG}title")
    assert title is not None
    assert f"{100 * precision_needed(question):.2g} %" in title
    assert "again & again" in "".join(root.itertext())


def test_the_picture_asks_nobody_for_anything() -> None:
    drawn = chart(ROKKASHO, repeat="again").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "http" not in drawn
    assert "<script" not in drawn


def test_each_instrument_in_the_picture_stands_with_what_it_rests_on() -> None:
    drawn = "".join(ElementTree.fromstring(chart(ROKKASHO, repeat="again")).itertext())
    assert all(f"{each.name} [{each.standing}]" in drawn for each in INSTRUMENTS)


def test_text_cannot_leave_its_element() -> None:
    assert element("text", "<b>&", x='"') == '<text x="&quot;">&lt;b&gt;&amp;</text>'
    assert power_of_ten(-12) == "10⁻¹²"


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (2.0, 1.0), (1.0, 1.0)])
def test_axes_that_are_none_are_refused(low: float, high: float) -> None:
    with pytest.raises(Misuse):
        LogScale(low=low, high=high, start=0.0, end=1.0)
