"""The page: one file, no outside request, no script, text as text, readable by a screen reader."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from pausenet.report.limits import limitations_html, limitations_path
from pausenet.report.page import ROWS_MAX, Page, Said, Standing, shown
from pausenet.report.source import source_of
from pausenet.report.tables import Table, Type
from pausenet.report.theme import CONDITIONAL, State
from tests.house.source import ROOT
from tests.report.test_pictures import HOSTILE, shares, story
from tests.simulator.small import SMALL

VOID = {"meta", "input", "img", "br", "hr"}
TABLE = Table(
    columns={"lab": Type.TEXT, "seed": Type.WHOLE, "found": Type.WHOLE},
    rows=[{"lab": f"lab-{n}", "seed": 7, "found": n} for n in range(ROWS_MAX + 5)],
)
PAGE = Page(
    scenario="small",
    question=f"Is {HOSTILE} found?",
    kicker=f"one run {HOSTILE}",
    sentences=[Said(name=n, texts=[f"{n} {HOSTILE}", "more"]) for n in ("Finding", "Why")],
    standings=[Standing(name=HOSTILE, state=each, words=each.value) for each in State],
    pictures=(story(title=HOSTILE, words=HOSTILE).draw(source_of(SMALL)), shares()),
    grids=[shown(f"Every lab {HOSTILE}", TABLE, "results.csv")],
    facts=[("seed", HOSTILE)],
    commands=[("Check", "pausenet check .")],
    files=[("results.csv", "0" * 64), ('charts/a b".svg', "1" * 64)],
    scenario_text=HOSTILE,
    source=source_of(SMALL),
)


class Reader(HTMLParser):
    """The elements of a page in order, and whether all are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def assert_asks_for_nothing(text: str) -> None:
    """No element, attribute or style of a page loads anything from elsewhere."""
    page = Reader(text)
    used = {tag for tag, _ in page.elements}
    assert not used & {"script", "link", "iframe", "object", "embed", "form", "base", "video"}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("src", "srcset", "action", "background", "poster", "data"):
            assert attributes.get(name, "data:").startswith("data:image/svg+xml;base64,") or (
                name not in attributes
            )
        assert not re.match(r"\w+:|//", attributes.get("href", "")), attributes
    styles = re.findall(r"<style>(.*?)</style>", text, re.S)
    assert len(styles) == 1
    assert not re.search(r"url\(|@import|http", styles[0])
    policy = next(each for each in page.all("meta") if "http-equiv" in each)
    assert "default-src 'none'" in policy["content"]


def assert_is_well_made(text: str) -> None:
    """What a screen reader needs: a language, a title, headings in order, names for everything."""
    page = Reader(text)
    assert page.open == []
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(names)) == len(names)
    for _, attributes in page.elements:
        for reference in ("for", "aria-labelledby"):
            assert attributes.get(reference, names[0]) in names
    assert {each["for"] for each in page.all("label")} == {each["id"] for each in page.all("input")}
    assert all(each["alt"] for each in page.all("img"))
    assert all(each["scope"] == "col" for each in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(each.get("aria-label") for _, each in page.elements if "tabindex" in each)


def test_a_page_asks_for_nothing_from_outside() -> None:
    assert_asks_for_nothing(PAGE.html())


@pytest.mark.parametrize(
    "bad",
    [
        '<img src="https://example.org/a.png" alt="a">',
        '<img src="charts/a.png" alt="a">',
        "<script></script>",
        '<a href="//example.org">a</a>',
        '<a href="javascript:alert(1)">a</a>',
        '<p onclick="a()">a</p>',
    ],
)
def test_a_page_that_asks_for_something_would_be_seen(bad: str) -> None:
    with pytest.raises(AssertionError):
        assert_asks_for_nothing(PAGE.html().replace("<main>", f"<main>{bad}"))


def test_a_page_is_well_made() -> None:
    assert_is_well_made(PAGE.html())


def test_what_others_wrote_is_shown_as_text() -> None:
    text = PAGE.html()
    page = Reader(text)
    assert "<script" not in text
    assert sum(HOSTILE in each for each in page.texts) >= 8
    assert page.all("img")[0]["alt"].startswith(HOSTILE)


def test_the_same_page_is_the_same_bytes() -> None:
    assert PAGE.html() == replace(PAGE).html()


def test_the_tabs_need_no_script_and_one_is_open() -> None:
    page = Reader(PAGE.html())
    tabs = page.all("input")
    assert [each["type"] for each in tabs] == ["radio"] * 3
    assert ["checked" in each for each in tabs] == [True, False, False]
    style = PAGE.html().split("<style>")[1].split("</style>")[0]
    panels = [each["id"] for _, each in page.elements if each.get("class") == "panel"]
    assert len(panels) == 3
    for tab, panel in zip(tabs, panels, strict=True):
        assert f"#{tab['id']}:checked ~ #{panel}" in style
    assert re.search(r"@media print \{.*\.panel \{ display: block", style, re.S)


def test_every_page_says_what_it_rests_on_and_that_it_is_no_forecast() -> None:
    said = " ".join(Reader(PAGE.html()).texts)
    assert said.count(CONDITIONAL) == 2
    assert source_of(SMALL).line in said


def test_every_state_has_its_mark_and_its_word() -> None:
    said = " ".join(Reader(PAGE.html()).texts)
    for state in State:
        assert state.look.mark in said
        assert state.value in said


def test_a_long_table_is_cut_and_says_so() -> None:
    (grid,) = PAGE.grids
    assert len(grid.rows) == ROWS_MAX
    assert "5 more rows stand in results.csv" in grid.more
    assert "In every row: seed 7." in grid.more
    assert list(grid.columns) == ["lab", "found"]
    assert "All columns stand in" in shown("a", TABLE, "results.csv", ["lab"]).more


def test_the_limitations_are_all_there_and_lead_nowhere() -> None:
    assert limitations_path() == Path(ROOT / "LIMITATIONS.md")
    source, page = limitations_path().read_text(), Reader(limitations_html())
    assert len(page.all("li")) == len(re.findall(r"^\* ", source, re.M)) > 20
    assert len(page.all("h3")) == len(re.findall(r"^## ", source, re.M))
    assert not page.all("a")
