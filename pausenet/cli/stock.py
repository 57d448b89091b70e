"""`pausenet stock RUN`: the chip account of every lab, from a run's logs alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.protocol.stock import Line, Stock
    from pausenet.statements.canonical import Json
    from pausenet.values import ParticipantId

EXAMPLES = examples(
    "pausenet stock pausenet-runs/hidden-before-day-one-31",
    "pausenet stock RUN --format json",
)


def stock(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's or a network's directory.")],
    format: FormatOption = Format.TEXT,
) -> None:
    """Print what each lab declared, received, shipped and still has, and what does not add up.

    Computed offline from the logs; it appraises nobody. Exits 0 whatever it finds: an open item
    is a question, and no account of declarations proves a fault. Exits 3 where a log is missing.
    """
    from pausenet.cli.exits import ExitCode
    from pausenet.cli.output import clean, print_json
    from pausenet.cli.spoken import incomplete, read_run
    from pausenet.protocol.stock import reconcile

    spoken = read_run(run)
    found = reconcile(spoken.register, spoken.logs)
    if format is Format.JSON:
        print_json(to_json(found, spoken.left_out, spoken.missing))
    else:
        for line in (*text(found), *incomplete(spoken.missing)):
            typer.echo(clean(line))
        for problem in spoken.left_out:
            typer.echo(clean(f"left out: {problem}"))
    raise typer.Exit(ExitCode.UNDECIDED if spoken.missing else ExitCode.HOLDS)


def text(found: Stock) -> tuple[str, ...]:
    """The whole answer, line by line."""
    from pausenet.protocol.drafting.words import listing
    from pausenet.protocol.stock import NOT_VERIFIED, UNSEEN

    columns = ("declared", "received", "shipped", "retired", "at the end", "unexplained")
    lines = [f"{'lab':<16} {'accelerator':<14}" + "".join(f"{name:>12}" for name in columns)]
    for (lab, kind), (first, *rest) in _accounts(found).items():
        last = rest[-1] if rest else first
        lines_of = (first, *rest)
        numbers = (
            first.begin,
            sum(each.received for each in lines_of),
            sum(each.shipped for each in lines_of),
            sum(each.retired for each in lines_of),
            last.end,
            sum(abs(each.unexplained) for each in lines_of),
        )
        lines.append(f"{lab:<16} {kind:<14}" + "".join(f"{number:>12}" for number in numbers))
    lines += [
        f"{lab} answers for {operator}, its affiliate: {site} is its own, and counted in its totals"
        for lab, operators in sorted(found.affiliates.items())
        for site, operator in operators.items()
    ]
    accounts = {lab for lab, _ in _accounts(found)}
    words: dict[str, list[ParticipantId]] = {}
    for lab, start in sorted(found.baseline.items()):
        if lab not in accounts:
            lines.append(f"{lab:<16} no account: no declaration, or no usage statement yet")
        word = NOT_VERIFIED if start is None else f"{NOT_VERIFIED} before period {start}"
        words.setdefault(word, []).append(lab)
    lines += [f"{listing(labs)}: {word}" for word, labs in words.items()]
    lines += [
        f"{'defect' if item.kind.is_defect else 'open'}: {item.line}" for item in found.items
    ] or ["nothing is open, and every account adds up"]
    return (*lines, *(f"not seen by this account: {each}" for each in UNSEEN))


def to_json(
    found: Stock, left_out: tuple[str, ...], missing: tuple[ParticipantId, ...]
) -> dict[str, Json]:
    """The answer as one object: every line of every account, and every item."""
    from pausenet.protocol.stock import UNSEEN

    return {
        "lines": [
            {
                "lab": str(line.lab),
                "period": int(line.period),
                "kind": str(line.kind),
                "begin": line.begin,
                "received": line.received,
                "shipped": line.shipped,
                "retired": line.retired,
                "end": line.end,
                "unexplained": line.unexplained,
            }
            for line in found.lines
        ],
        "items": [
            {
                "item": str(item.kind),
                "defect": item.kind.is_defect,
                "party": str(item.party),
                "period": item.period,
                "text": item.text,
                "baseline_verified": item.verified,
            }
            for item in found.items
        ],
        "baseline_from": {
            str(lab): -1 if start is None else int(start) for lab, start in found.baseline.items()
        },
        "affiliates": {
            str(lab): {str(site): str(operator) for site, operator in operators.items()}
            for lab, operators in found.affiliates.items()
            if operators
        },
        "not_seen": [*UNSEEN],
        "left_out": [*left_out],
        "missing": [str(name) for name in missing],
    }


def _accounts(found: Stock) -> dict[tuple[ParticipantId, ParticipantId], list[Line]]:
    accounts: dict[tuple[ParticipantId, ParticipantId], list[Line]] = {}
    for line in found.lines:
        accounts.setdefault((line.lab, line.kind), []).append(line)
    return dict(sorted(accounts.items()))
