from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.log.spelling import base64_bytes, base64_text, decimal


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "1\n", "+1", "-1", "-0", "01", "00", "1_0", "\u0661", "1" * 20, "1e3"]
)
def test_a_number_in_any_other_spelling_is_refused(text):
    with pytest.raises(ValueError, match="plain decimal"):
        decimal(text)


@given(st.integers(0, 10**19 - 1))
def test_a_plain_number_is_read(number):
    assert decimal(str(number)) == number


@pytest.mark.parametrize(
    "text", ["YWJ=", "YX==", "YQ", "YQ=", "YQ===", "YQ==\n", " YQ==", "Y-_=", "YQ==YQ==", "\u00e9"]
)
def test_base64_in_any_other_spelling_is_refused(text):
    with pytest.raises(ValueError, match="base64"):
        base64_bytes(text)


@given(st.binary(max_size=40))
def test_base64_round_trips(data):
    assert base64_bytes(base64_text(data)) == data
