"""The options that several commands share; each is also an environment variable."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from pausenet.node.keystore import Passphrase


class Display(StrEnum):
    """How a command shows what goes on: in colour, as plain text, or not at all."""

    RICH = "rich"
    PLAIN = "plain"
    NONE = "none"


class Format(StrEnum):
    """How a command prints its answer."""

    TEXT = "text"
    JSON = "json"


FormatOption: TypeAlias = Annotated[
    Format, typer.Option("--format", envvar="PAUSENET_FORMAT", help="How to print the answer.")
]
DisplayOption: TypeAlias = Annotated[
    Display,
    typer.Option(
        "--display",
        envvar="PAUSENET_DISPLAY",
        help="How to show what goes on; NO_COLOR and pipes give plain text.",
    ),
]
OutOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--out",
        envvar="PAUSENET_OUT",
        help="Run directory; default ./pausenet-runs/<scenario>-<seed>, never overwritten.",
    ),
]
SeedOption: TypeAlias = Annotated[
    int | None,
    typer.Option("--seed", envvar="PAUSENET_SEED", min=0, help="Instead of the scenario's."),
]
NetOption: TypeAlias = Annotated[
    Path, typer.Option("--net", envvar="PAUSENET_NET", help="The network's directory.")
]
IdOption: TypeAlias = Annotated[
    str | None, typer.Option("--id", envvar="PAUSENET_ID", help="Which participant this is.")
]
RunOption: TypeAlias = Annotated[
    Path, typer.Option("--run", envvar="PAUSENET_RUN", help="A run's or a network's directory.")
]
NetworkIdOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--network-id",
        envvar="PAUSENET_NETWORK_ID",
        help="The pinned network id, 64 hex digits: the one trust root.",
    ),
]
PassphraseOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--passphrase-from",
        envvar="PAUSENET_PASSPHRASE_FROM",
        help="Where the keys' passphrase stands: fd:N, file:PATH or env:NAME (which names a file).",
    ),
]


def passphrase(source: str | None) -> Passphrase | None:
    """What `--passphrase-from` names; None where it is not given: keys in the clear."""
    from pausenet.node.keystore import read_passphrase

    return None if source is None else read_passphrase(source)


def examples(*lines: str) -> str:
    """An epilog of commands that can be copied, one a line."""
    return "Examples:\n\n" + "\n\n".join(lines)
