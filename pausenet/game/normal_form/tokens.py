"""The words of Gambit's text formats, each with the line and column it began at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Final, NoReturn

from pausenet.errors import MalformedFile

TEXT_MAX: Final = 5_000_000
_TOKEN: Final = re.compile(
    r'(?P<space>[ \t\r\n\f\v,]+)|(?P<brace>[{}])|"(?P<text>(?:[^"\\]|\\.)*)"'
    r'|(?P<word>[^\s{}",]+)',
    re.ASCII | re.DOTALL,
)
_NUMBER: Final = re.compile(
    r"[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,2})?|[-+]?\d{1,40}/\d{1,40}",
    re.ASCII,
)


class Kind(Enum):
    """What a token is."""

    OPEN = "{"
    CLOSE = "}"
    TEXT = "a text in quotes"
    WORD = "a number or a letter"
    END = "the end of the file"


@dataclass(frozen=True, slots=True)
class Token:
    """A token, its text without quotes, and where it began (from 1)."""

    kind: Kind
    text: str
    line: int
    column: int


class Tokens:
    """The tokens of a file, read one after the other. Every refusal is a `MalformedFile`."""

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        if len(text) > TEXT_MAX:
            raise MalformedFile(path, 0, 0, f"at most {TEXT_MAX} characters, found {len(text)}")
        self._tokens = _split(text, path)
        self._next = 0

    @property
    def ahead(self) -> Token:
        """The next token, which is not taken."""
        return self._tokens[self._next]

    def take(self) -> Token:
        """The next token. After the last comes the end, again and again."""
        token = self.ahead
        if token.kind is not Kind.END:
            self._next += 1
        return token

    def expect(self, kind: Kind, what: str = "") -> Token:
        """The next token, if it is of this kind."""
        token = self.take()
        if token.kind is not kind:
            self.refuse(token, f"expected {what or kind.value}, found {_shown(token)}")
        return token

    def word(self, *spelled: str) -> str:
        """One of these words."""
        token = self.take()
        if token.kind is not Kind.WORD or token.text not in spelled:
            self.refuse(token, f"expected {' or '.join(spelled)}, found {_shown(token)}")
        return token.text

    def number(self, what: str) -> Fraction:
        """A number, whole, decimal or a fraction, exactly as written."""
        token = self.expect(Kind.WORD, what)
        if not _NUMBER.fullmatch(token.text):
            self.refuse(token, f"expected {what}, found {_shown(token)}")
        try:
            return Fraction(token.text)
        except ZeroDivisionError:
            self.refuse(token, f"expected {what}, found a division by zero")

    def count(self, what: str, low: int, high: int) -> int:
        """A whole number within bounds."""
        token = self.ahead
        value = self.number(what)
        if value.denominator != 1 or not low <= value <= high:
            self.refuse(token, f"expected {what} from {low} to {high}, found {_shown(token)}")
        return int(value)

    def texts(self, what: str) -> tuple[str, ...]:
        """Texts between braces, at least one."""
        self.expect(Kind.OPEN, f"'{{' before {what}")
        found = [self.expect(Kind.TEXT, what).text]
        while self.ahead.kind is Kind.TEXT:
            found.append(self.take().text)
        self.expect(Kind.CLOSE, f"'}}' after {what}")
        return tuple(found)

    def comment(self) -> str:
        """A text that may be left out."""
        return self.take().text if self.ahead.kind is Kind.TEXT else ""

    def refuse(self, token: Token, problem: str) -> NoReturn:
        """Say what is wrong at a token."""
        raise MalformedFile(self.path, token.line, token.column, problem)


def quoted(text: str) -> str:
    """A text as it is written into a file.

    >>> print(quoted('a "b"'))
    "a \\"b\\""
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def numeral(value: Fraction) -> str:
    """A number as it is written into a file."""
    return str(value)


def _shown(token: Token) -> str:
    return token.kind.value if token.kind is Kind.END else f"{token.text!r:.60}"


def _split(text: str, path: str) -> list[Token]:
    found: list[Token] = []
    line, start, place = 1, 0, 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise MalformedFile(path, line, place - start + 1, "a quote that is not closed")
        column = place - start + 1
        said = match[0]
        if match["brace"]:
            found.append(Token(Kind(said), said, line, column))
        elif match["text"] is not None:
            found.append(
                Token(
                    Kind.TEXT, re.sub(r"\\(.)", r"\1", match["text"], flags=re.DOTALL), line, column
                )
            )
        elif match["word"]:
            found.append(Token(Kind.WORD, said, line, column))
        breaks = said.count("\n")
        if breaks:
            line += breaks
            start = place + said.rindex("\n") + 1
        place = match.end()
    found.append(Token(Kind.END, "", line, place - start + 1))
    return found
