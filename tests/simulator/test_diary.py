"""A story tells of a thing in the period in which it became known, and not before."""

import re
from pathlib import Path

import pytest

from pausenet.simulator.diary import Diary
from pausenet.values import ParticipantId

TRANSCRIPTS = sorted((Path(__file__).parents[2] / "sims" / "transcripts").glob("*.txt"))
AURORA, BIRCH, CEDAR = map(ParticipantId, ("aurora", "birch", "cedar"))
V1, V2 = map(ParticipantId, ("verifier-1", "verifier-2"))


def test_what_a_cut_shows_stands_where_it_is_taken_in_the_order_of_events() -> None:
    diary = Diary()
    diary.note(7, "birch explains itself")
    diary.cut(7, 4)
    diary.note(7, "cedar appeals")
    assert diary.page(4, {4: "by the cut"}) == ()
    assert diary.page(7, {4: "by the cut"}) == (
        "birch explains itself",
        "by the cut",
        "cedar appeals",
    )


def test_a_cut_is_told_where_the_first_takes_it_and_a_cut_without_news_nowhere() -> None:
    diary = Diary()
    for running in (7, 8):
        diary.cut(running, 4)
    assert [diary.page(running, {4: "news"}) for running in (7, 8)] == [("news",), ()]
    assert diary.page(7, {3: "other news"}) == ()


def test_who_learns_the_same_in_one_period_is_told_together() -> None:
    diary = Diary()
    for who in (BIRCH, AURORA, CEDAR):
        diary.learned(3, who, "of it")
    diary.learned(4, BIRCH, "of it")
    assert diary.page(3, {}) == ("aurora, birch and cedar learn of it",)
    assert diary.page(4, {}) == ("birch learns of it",)


def test_a_silence_is_told_when_it_is_found_and_by_how_many() -> None:
    diary = Diary()
    for who, by in ((BIRCH, V1), (BIRCH, V2), (CEDAR, V2)):
        diary.silent(8, 5, who, found_by=by)
    assert diary.page(5, {}) == ()
    assert diary.page(8, {}) == (
        "2 verifiers find birch silent for period 5",
        "1 verifier finds cedar silent for period 5",
    )


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_no_story_tells_what_a_cut_shows_before_its_period_has_ended(path: Path) -> None:
    running, found = -1, 0
    for line in path.read_text("utf-8").splitlines():
        if told := re.match(r"periods? (\d+)", line):
            running = int(told[1])
        for cut in re.findall(r"by the cut of period (\d+)|silent for period (\d+)", line):
            found += 1
            assert line.startswith("afterwards: ") or running > int("".join(cut))
    assert found


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_what_people_say_is_told_in_words_and_not_by_the_fields_of_a_statement(path: Path) -> None:
    says = re.findall(r"^.* says: (\S+)(.*)", path.read_text("utf-8"), re.MULTILINE)
    assert all(kind == "transfer" and terms for kind, terms in says)
