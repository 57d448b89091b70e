"""The exit codes of every command (experience.md 2)."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit says; never 0 for "could not check"."""

    HOLDS = 0
    """It holds, or the job is done."""
    PROVEN = 1
    """A violation is proven."""
    USAGE = 2
    """Wrong usage or bad input."""
    UNDECIDED = 3
    """Could not be decided, a warrant, or findings other than expected."""
    ENVIRONMENT = 4
    """The machine or the network failed."""
    INTERRUPTED = 130
    """Ctrl-C."""
