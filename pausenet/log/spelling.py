"""The spellings that signed notes, receipts and tiles share: strict decimal and base64.

Python's own parsers are lax: `int` takes " 1", "+1" and "0_1", `b64decode` takes trailing bits
that are not zero. Each function here raises `ValueError`, which a decoder turns into its own.

>>> decimal("1234"), base64_text(b"ab"), base64_bytes("YWI=")
(1234, 'YWI=', b'ab')
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from typing import Final

_DECIMAL: Final = re.compile(r"(0|[1-9][0-9]{0,18})\Z")


def decimal(text: str) -> int:
    """Read up to 19 ASCII digits without sign, space or leading zero."""
    if not _DECIMAL.match(text):
        raise ValueError(f"expected a plain decimal number, found {text!r:.40}")
    return int(text)


def base64_text(data: bytes) -> str:
    """Write standard base64 with padding (RFC 4648, section 4)."""
    return b2a_base64(data, newline=False).decode("ascii")


def base64_bytes(text: str) -> bytes:
    """Read standard base64 in its one spelling: padded, trailing bits zero, nothing besides."""
    try:
        data = a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise ValueError(f"not base64: {text!r:.40}") from error
    if base64_text(data) != text:
        raise ValueError(f"not the canonical base64: {text!r:.40}")
    return data
