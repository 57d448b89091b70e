"""Pictures: the same bytes whenever they are drawn, a takeaway, n, a source, and text as text."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from hashlib import sha256
from xml.etree import ElementTree

import pytest

from pausenet.report.drawing import Picture
from pausenet.report.measured_chart import Curve, Share, draw_delays, draw_shares
from pausenet.report.source import source_of
from pausenet.report.story_chart import Lane, Moment, StoryChart, Stretch
from pausenet.report.theme import CONDITIONAL, State
from tests.simulator.small import SMALL

SOURCE = source_of(SMALL)
HOSTILE = "<script>alert(1)</script> & \"'"


def story(title: str = "A breach by cedar is proven", words: str = "two-faces") -> StoryChart:
    return StoryChart(
        title=title,
        periods=14,
        end=16.25,
        period_words="2 days",
        lanes=[Lane(name=f"lab-{state.name}", state=state, words=state.value) for state in State],
        stretches=[Stretch(lane="lab-PROVEN", start=6, until=14, words=words)],
        moments=[Moment(lane="lab-PROVEN", time=8.25, state=State.PROVEN, words="F2")],
    )


def delays() -> Picture:
    curve = Curve(
        party="birch",
        words="93 % in 14 days",
        days=[0.0, 9.0, 11.0],
        found=[0.0, 0.5, 0.93],
        low=[0.0, 0.4, 0.86],
        high=[0.0, 0.6, 0.97],
    )
    other = replace(curve, party="cedar")
    return draw_delays(
        [curve, other],
        title="birch was suspected in 93 of 100 runs",
        subtitle="n = 100 runs",
        goal_days=14.0,
        last_day=22.0,
        source=SOURCE,
    )


def shares() -> Picture:
    share = Share(
        name="birch found", value=0.93, low=0.86, high=0.97, words="93 % (86 to 97)", false=False
    )
    false = Share(name="false", value=0.0, low=0.0, high=0.04, words="0 % (0 to 4)", false=True)
    return draw_shares([share, false], title="In 93 of 100", subtitle="n = 100", source=SOURCE)


def draw() -> tuple[Picture, ...]:
    return (story().draw(SOURCE), delays(), shares())


@cache
def drawn() -> tuple[Picture, ...]:
    return draw()


def digests() -> str:
    return " ".join(sha256(each.svg.encode() + each.png).hexdigest() for each in draw())


def texts(picture: Picture) -> str:
    root = ElementTree.fromstring(picture.svg)
    return " ".join(" ".join(each.itertext()) for each in root.iter() if each.tag.endswith("}text"))


def test_a_picture_is_the_same_bytes_again_and_in_another_process() -> None:
    here = digests()
    assert here == digests()
    program = "from tests.report.test_pictures import digests; print(digests())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.split() == here.split()


@pytest.mark.parametrize("number", range(3))
def test_every_picture_says_its_source_and_that_it_is_no_forecast(number: int) -> None:
    picture = drawn()[number]
    said = texts(picture)
    assert SOURCE.scenario_digest.hex()[:16] in said
    assert f"seed {SMALL.seed}" in said
    assert CONDITIONAL in said
    assert picture.title in said.replace("  ", " ")
    assert "n = 1" in said
    assert picture.png.startswith(b"\x89PNG")
    assert len(picture.svg) < 100_000


@pytest.mark.parametrize("number", range(3))
def test_a_picture_asks_for_nothing_from_outside(number: int) -> None:
    root = ElementTree.fromstring(drawn()[number].svg)
    for each in root.iter():
        assert not each.tag.endswith(("script", "image", "foreignObject", "style"))
        assert not [name for name in each.attrib if name.endswith("href") or name[:2] == "on"]


def test_a_hostile_text_is_shown_as_text() -> None:
    picture = story(title=f"Nobody {HOSTILE}", words=HOSTILE).draw(SOURCE)
    assert "<script" not in picture.svg
    assert HOSTILE in texts(picture)


def test_every_state_has_its_own_mark_shape_and_word() -> None:
    looks = [state.look for state in State]
    assert len({look.mark for look in looks}) == len(looks)
    assert len({(look.shape, look.filled) for look in looks}) == len(looks)
    assert len({look.colour for look in looks}) == len(looks)
    said = texts(drawn()[0])
    assert all(state.value in said for state in State)


def test_curves_are_named_where_they_end_and_never_on_one_another() -> None:
    root = ElementTree.fromstring(drawn()[1].svg)
    places = {
        each.text.split(":")[0]: each.attrib["transform"]
        for each in root.iter()
        if each.tag.endswith("text") and each.text and "in 14 days" in each.text
    }
    assert set(places) == {"birch", "cedar"}
    heights = [float(place.split(",")[1].rstrip(")")) for place in places.values()]
    assert abs(heights[0] - heights[1]) >= 14
