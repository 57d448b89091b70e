"""`pausenet ledger RUN`: who learned what, when and under which clause."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.protocol.disclosure import Disclosures, Learned
    from pausenet.statements.canonical import Json
    from pausenet.values import NetworkTime

EXAMPLES = examples(
    "pausenet ledger pausenet-runs/honest-1",
    "pausenet ledger RUN --of aurora",
    "pausenet ledger RUN --format json",
)


def ledger(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's or a network's directory.")],
    of: Annotated[
        str | None, typer.Option("--of", envvar="PAUSENET_OF", help="Only what is known of one.")
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Print who learned what of whom, when and under which clause, and what was withheld.

    Computed offline from what everybody signed. Exits 0 when nobody learned more than its tier
    allows, 1 when somebody did, 3 when a log is missing and nobody did by the others.
    """
    from pausenet.cli.exits import ExitCode
    from pausenet.cli.output import clean, print_json
    from pausenet.cli.spoken import incomplete, read_held, read_run, read_withheld
    from pausenet.errors import Misuse
    from pausenet.protocol.disclosure import disclosures

    spoken = read_run(run)
    if of is not None and of not in spoken.register.members:
        raise Misuse(f"{run}: nobody named {of!r:.80} here")
    found = disclosures(
        spoken.register, spoken.logs, read_held(run, spoken), read_withheld(run, spoken)
    )
    if format is Format.JSON:
        print_json(to_json(found, of, spoken.left_out))
    else:
        for line in (*text(found, of), *incomplete(spoken.missing)):
            typer.echo(clean(line))
        for problem in spoken.left_out:
            typer.echo(clean(f"left out: {problem}"))
    beyond = any(not each.allowed for each in _of(found, of))
    whole = ExitCode.UNDECIDED if spoken.missing else ExitCode.HOLDS
    raise typer.Exit(ExitCode.PROVEN if beyond else whole)


def text(found: Disclosures, of: str | None) -> Iterator[str]:
    """The whole answer, line by line."""
    heading: tuple[str, str] = ("", "")
    for each in _of(found, of):
        if heading != (each.of, each.what):
            heading = (each.of, each.what)
            yield f"{each.of}: {each.what.words}, for the tier {each.tier} by {each.clause}"
        beyond = "" if each.allowed else "  BEYOND ITS TIER"
        flag = "  exchange of information" if each.exchange else ""
        yield f"  {each.reader:<20} {_periods(each.periods):<18} {_span(each)}{beyond}{flag}"
    for sealed in found.sealed:
        if of in (None, sealed.of):
            yield (
                f"{sealed.of}: {sealed.records} job records of {_periods(sealed.periods)} stand "
                f"under salted commitments, {sealed.opened} of them opened, by {sealed.clause}"
            )
    for told in found.refused:
        refusal = told.refusal
        if of in (None, refusal.of):
            where = "a place" if refusal.period < 0 else f"records of period {refusal.period}"
            when = "no time is signed" if told.time is None else f"by {_time(told.time)}"
            yield (
                f"refused: {refusal.of} did not show {where} to {refusal.asker}: {refusal.why}, "
                f"says {refusal.told_by}, {when}"
            )
    for item in found.withheld:
        if of in (None, item.log):
            yield (
                f"withheld: {item.by} did not give the log of {item.log} to {item.asker}, "
                f"{_time(item.time)}"
            )
    yield from _exchange(found)


def to_json(found: Disclosures, of: str | None, left_out: tuple[str, ...]) -> dict[str, Json]:
    """The answer as one object; times in network seconds, -1 where none is known."""
    return {
        "learned": [
            {
                "of": str(each.of),
                "what": str(each.what),
                "reader": str(each.reader),
                "periods": [*each.periods],
                "first": -1 if each.first is None else int(each.first),
                "last": -1 if each.last is None else int(each.last),
                "tier": str(each.tier),
                "clause": each.clause,
                "allowed": each.allowed,
                "exchange_of_information": each.exchange,
            }
            for each in _of(found, of)
        ],
        "sealed": [
            {
                "of": str(each.of),
                "periods": [*each.periods],
                "records": each.records,
                "opened": each.opened,
                "clause": each.clause,
            }
            for each in found.sealed
            if of in (None, each.of)
        ],
        "refused": [
            {
                "of": str(each.refusal.of),
                "asker": str(each.refusal.asker),
                "period": each.refusal.period,
                "why": each.refusal.why,
                "told_by": str(each.refusal.told_by),
                "time": -1 if each.time is None else int(each.time),
            }
            for each in found.refused
            if of in (None, each.refusal.of)
        ],
        "withheld": [
            {
                "by": str(each.by),
                "asker": str(each.asker),
                "log": str(each.log),
                "time": int(each.time),
            }
            for each in found.withheld
            if of in (None, each.log)
        ],
        "voluntary": found.voluntary,
        "exchange_said": found.exchange_said,
        "left_out": [*left_out],
    }


def _of(found: Disclosures, of: str | None) -> tuple[Learned, ...]:
    return tuple(each for each in found.learned if of in (None, each.of))


def _exchange(found: Disclosures) -> Iterator[str]:
    """2.3 What competitors learned of each other, where no law asks for it."""
    if not found.voluntary:
        return
    learned = sorted({each.what.words for each in found.learned if each.exchange})
    yield (
        f"exchange of information: the basis is voluntary; labs learned of each other "
        f"{' and '.join(learned) or 'nothing'}; the agreement says: {found.exchange_said}"
    )


def _periods(periods: tuple[int, ...]) -> str:
    numbered = [period for period in periods if period >= 0]
    if not numbered:
        return "no period"
    first, last = numbered[0], numbered[-1]
    if first == last:
        return f"period {first}"
    gap = "" if len(numbered) == last - first + 1 else f" ({len(numbered)} of them)"
    return f"periods {first} to {last}{gap}"


def _span(each: Learned) -> str:
    if each.first is None or each.last is None:
        return "no time is signed"
    if each.first == each.last:
        return f"by {_time(each.first)}"
    return f"by {_time(each.first)}, the last by {_time(each.last)}"


def _time(time: NetworkTime) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(time), UTC).strftime("%Y-%m-%d %H:%M")
