"""Printing: progress to standard error, answers to standard output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TextIO

from pausenet.cli.options import Display

if TYPE_CHECKING:
    from pausenet.statements.canonical import Json

_MARKS: Final = {
    "✕": "\x1b[31m",
    "▲": "\x1b[33m",
    "●": "\x1b[34m",
    "◌": "\x1b[2m",
}
_BOLD: Final = "\x1b[1m"
_PLAIN: Final = "\x1b[0m"


class Screen:
    """Where a command shows what goes on.

    Progress goes to standard error, so that the answer on standard output can be piped; colour
    only on a terminal and without NO_COLOR.
    """

    def __init__(self, display: Display) -> None:
        self._silent = display is Display.NONE
        wanted = display is Display.RICH and "NO_COLOR" not in os.environ
        self._colour_progress = wanted and sys.stderr.isatty()
        self._colour_answer = wanted and sys.stdout.isatty()

    def progress(self, text: str) -> None:
        """Show one line of what goes on, at once."""
        if not self._silent:
            self._write(sys.stderr, _coloured(text) if self._colour_progress else text)

    def heading(self, name: str, text: str) -> None:
        """Print one part of the answer: a name and what it says."""
        name = f"{_BOLD}{name}{_PLAIN}" if self._colour_answer else name
        self._write(sys.stdout, f"{name}: {_coloured(text) if self._colour_answer else text}")

    def line(self, text: str) -> None:
        """Print one line of the answer."""
        self._write(sys.stdout, _coloured(text) if self._colour_answer else text)

    def _write(self, stream: TextIO, text: str) -> None:
        print(clean(text, keep="\x1b\n"), file=stream, flush=True)


def print_json(value: Json | Mapping[str, object]) -> None:
    """Print one JSON object on one line."""
    print(json.dumps(value, ensure_ascii=True), flush=True)


def print_error(problem: str) -> None:
    """Print what went wrong, for a person."""
    print(f"error: {clean(problem)}", file=sys.stderr, flush=True)


def clean(text: str, *, keep: str = "\n") -> str:
    """The text without control characters: what others wrote must not steer a terminal."""
    return "".join(c if c.isprintable() or c in keep else "\N{REPLACEMENT CHARACTER}" for c in text)


def _coloured(text: str) -> str:
    for mark, colour in _MARKS.items():
        text = text.replace(mark, f"{colour}{mark}{_PLAIN}")
    return text
