"""Amounts are read exactly, or refused with what was expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.files import amounts
from pausenet.values import INTEGER_MAX, Pflop


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1e26", 10**11), ("1.5e25 FLOP", 15 * 10**9), ("1", 1), ("1000000000000001", 2), ("0", 0)],
)
def test_operations_are_whole_petaflop_rounded_up(text: str, expected: int) -> None:
    assert amounts.pflop(text) == expected


@pytest.mark.parametrize(
    ("text", "ppm"),
    [("20 %", 200_000), ("20%", 200_000), ("0.2", 200_000), ("0.3 %", 3_000), ("7 ppm", 7)],
)
def test_a_share_is_exact_however_it_is_written(text: str, ppm: int) -> None:
    assert amounts.share_ppm(text) == ppm


@pytest.mark.parametrize(
    ("text", "seconds"), [("2 days", 172_800), ("6 hours", 21_600), ("90 s", 90), ("0.5 h", 1_800)]
)
def test_a_span_is_in_whole_seconds(text: str, seconds: int) -> None:
    assert amounts.span_s(text) == seconds


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (amounts.pflop, "-1e26"),
        (amounts.pflop, "1e-3"),
        (amounts.pflop, "1e99"),
        (amounts.pflop, "1e26 PFLOP"),
        (amounts.pflop, "٣"),
        (amounts.pflop, "inf"),
        (amounts.pflop, "1_0"),
        (amounts.pflop, ""),
        (amounts.pflop, "1" * 65),
        (amounts.share_ppm, "0.00001 %"),
        (amounts.share_ppm, "1/3"),
        (amounts.share_ppm, "-1 %"),
        (amounts.share_ppm, "20 percent"),
        (amounts.span_s, "2"),
        (amounts.span_s, "2 fortnights"),
        (amounts.span_s, "0.0001 s"),
        (amounts.span_s, "2 days\n"),
        (amounts.integer, "007"),
        (amounts.integer, "+7"),
        (amounts.integer, "7.0"),
        (amounts.integer, "1_000"),
        (amounts.integer, " 7"),
    ],
)
def test_anything_else_is_refused(parse: object, text: str) -> None:
    assert callable(parse)
    with pytest.raises(ValueError, match="expected"):
        parse(text)


@pytest.mark.parametrize(
    "parse", [amounts.pflop, amounts.share_ppm, amounts.span_s, amounts.integer]
)
@pytest.mark.parametrize("text", ["5 to 20", "1e25 to 1e26", "5 % to 20 %"])
def test_an_interval_is_refused_by_name(parse: object, text: str) -> None:
    assert callable(parse)
    with pytest.raises(ValueError, match="this takes a single value"):
        parse(text)


@given(st.integers(0, INTEGER_MAX))
def test_what_is_written_is_read_back(number: int) -> None:
    assert amounts.pflop(amounts.write_pflop(Pflop(number))) == number
    assert amounts.share_ppm(amounts.write_share(number)) == number
    assert amounts.span_s(amounts.write_span(number)) == number
