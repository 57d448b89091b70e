"""How the tests call the command line: in this process, by its own entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pausenet.cli.main import invoke


@dataclass(frozen=True)
class Called:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Called]:
    def run(*arguments: str) -> Called:
        code = invoke([str(argument) for argument in arguments], debug=False)
        out, err = capsys.readouterr()
        return Called(code=code, out=out, err=err)

    return run
