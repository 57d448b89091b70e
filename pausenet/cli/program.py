"""The words that start this program again, for the commands that it prints."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

NAME = "pausenet"


def command(*arguments: object) -> str:
    """A command line of this program that can be copied into the shell it was started from.

    `make demo` runs the program of an environment that is not on the PATH: then its path is said.
    """
    return f"{_program()} {shlex.join(str(item) for item in arguments)}"


def _program() -> str:
    own = Path(sys.executable).with_name(NAME)
    known = shutil.which(NAME)
    if not own.is_file() or (known is not None and own.samefile(known)):
        return NAME
    return shlex.quote(str(own))
