"""`pausenet cases RUN`: what became of every case, and what breaches have cost, from the logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.protocol.agreement import Lifecycle
    from pausenet.protocol.ladder import Loss
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
        lost = f"; lost of its stake: US$ {owes:,}" if life.losses else ""
        lines.append(f"{party}: {life.stage}; rung: {life.rung}{lost}")
        lines += [
            f"{party} owes US$ {loss.amount_usd:,}, final by the cut of period "
            f"{_final_by(found, loss)}, for a breach found {loss.grade}"
            for loss in life.losses
        ]
    none = "no network cut whose logs are all here" if missing else "no network cut yet"
    return tuple(lines) or (none,)


def _final_by(found: Lifecycle, loss: Loss) -> int:
    """The period of the cut by which the determination that costs this is final."""
    from pausenet.protocol.cases import STANDING, CaseStage

    moves = [(period, case) for period, case in found.moves if case.party == loss.party]
    charges = [
        case.charge for period, case in moves if period == loss.since and case.stage in STANDING
    ]
    final = (
        int(period)
        for period, case in moves
        if period >= loss.since and case.stage is CaseStage.FINAL and case.charge in charges
    )
    return min(final, default=int(loss.since))


def to_json(found: Lifecycle, missing: tuple[ParticipantId, ...]) -> dict[str, Json]:
    """The answer as one object."""
    from pausenet.cli.outcome import life_json

    return {**life_json(found), "missing": [str(name) for name in missing]}
