"""`pausenet cases RUN`: what became of every case, and what breaches have cost, from the logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.protocol.agreement import Lifecycle
    from pausenet.statements.canonical import Json

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
    Exits 0 whatever it finds: it determines nothing.
    """
    from pausenet.cli.output import clean, print_json
    from pausenet.cli.spoken import read_entries
    from pausenet.protocol.proceedings import proceedings

    register, logs = read_entries(run)
    found = proceedings(register, logs)
    if format is Format.JSON:
        print_json(to_json(found))
        return
    for line in text(found):
        typer.echo(clean(line))


def text(found: Lifecycle) -> tuple[str, ...]:
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
    return tuple(lines) or ("no network cut yet",)


def to_json(found: Lifecycle) -> dict[str, Json]:
    """The answer as one object."""
    from pausenet.protocol.cases import name_of

    return {
        "moves": [
            {
                "period": int(period),
                "party": str(case.party),
                "charge": name_of(case.charge),
                "stage": str(case.stage),
                "grade": str(case.grade),
            }
            for period, case in found.moves
        ],
        "parties": [
            {
                "party": str(party),
                "stage": str(life.stage),
                "rung": str(life.rung),
                "losses": [
                    {
                        "period": int(loss.since),
                        "grade": str(loss.grade),
                        "amount_usd": loss.amount_usd,
                    }
                    for loss in life.losses
                ],
            }
            for party, life in found.parties.items()
        ],
    }
