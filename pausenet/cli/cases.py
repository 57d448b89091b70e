"""`pausenet cases RUN`: what became of every case, and what breaches have cost, from the logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.protocol.agreement import Lifecycle
    from pausenet.statements.canonical import Json
    from pausenet.values import ParticipantId

EXAMPLES = examples(
    "pausenet cases pausenet-runs/excuse-and-appeal-41",
    "pausenet cases RUN --format json",
)


def cases(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's or a network's directory.")],
    format: FormatOption = Format.TEXT,
) -> None:
    """Print each case's way through its stages, and every party's rung and losses.

    Computed offline from the network cuts that the logs hold, as every appraisal's stage is.
    It determines nothing: exits 0 whatever it finds, and 3 where a log is missing.
    """
    from pausenet.cli.exits import ExitCode
    from pausenet.cli.output import clean, print_json
    from pausenet.cli.spoken import incomplete, missing_logs, read_entries
    from pausenet.protocol.proceedings import proceedings

    register, logs = read_entries(run)
    found, missing = proceedings(register, logs), missing_logs(register, logs)
    if format is Format.JSON:
        print_json(to_json(found, missing))
    else:
        for line in (*text(found, missing), *incomplete(missing)):
            typer.echo(clean(line))
    raise typer.Exit(ExitCode.UNDECIDED if missing else ExitCode.HOLDS)


def text(found: Lifecycle, missing: tuple[ParticipantId, ...]) -> tuple[str, ...]:
    """The whole answer, line by line."""
    from pausenet.protocol.proceedings import in_words

    lines = [
        f"cut of period {period}: {line}"
        for period, told in sorted(in_words(found.moves).items())
        for line in told
    ]
    for party, life in found.parties.items():
        owes = sum(loss.amount_usd for loss in life.losses)
        lines.append(f"{party}: {life.stage}; rung: {life.rung}; lost of its stake: US$ {owes}")
        lines += [
            f"{party} owes US$ {loss.amount_usd} by the cut of period {loss.since}, for a breach "
            f"found {loss.grade}"
            for loss in life.losses
        ]
    none = "no network cut whose logs are all here" if missing else "no network cut yet"
    return tuple(lines) or (none,)


def to_json(found: Lifecycle, missing: tuple[ParticipantId, ...]) -> dict[str, Json]:
    """The answer as one object."""
    from pausenet.cli.outcome import life_json

    return {**life_json(found), "missing": [str(name) for name in missing]}
