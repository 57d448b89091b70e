"""`pausenet`: the commands, and what becomes of their errors.

Exit codes: 0 holds or done; 1 a violation is proven; 2 usage or bad input; 3 could not decide, a
warrant, or not as expected; 4 environment or network. A traceback is printed with `--debug` only.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated, Final, NoReturn

import typer

from pausenet import __version__
from pausenet.cli import (
    agreement,
    attack,
    book,
    cases,
    check,
    compare,
    demo,
    evidence,
    game,
    healthcheck,
    keys,
    ledger,
    log,
    net,
    new,
    nodes,
    preset,
    register,
    report,
    reproduce,
    rerun,
    run,
    statement,
    stock,
    study,
    vectors,
    verify,
    witness,
)
from pausenet.cli.exits import ExitCode
from pausenet.cli.options import examples
from pausenet.cli.output import print_error
from pausenet.errors import MalformedInput, Misuse, NodeError, PausenetError, SigningRefused

app: Final = typer.Typer(
    name="pausenet",
    help="A prototype of a verifiable pause between frontier AI labs: who declared what, and "
    "what evidence contradicts it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog=examples(
        "pausenet demo",
        "pausenet run two-faces",
        "pausenet verify evidence/cedar-F3-0123456789abcdef.json --network-id HEX",
    ),
)
app.command(epilog=demo.EXAMPLES)(demo.demo)
app.command(epilog=run.EXAMPLES)(run.run)
app.command(epilog=new.EXAMPLES)(new.new)
app.command(epilog=new.SCHEMA_EXAMPLES)(new.schema)
app.add_typer(agreement.app, name="agreement")
app.add_typer(preset.app, name="preset")
app.add_typer(net.app, name="net")
app.add_typer(nodes.lab_app, name="lab")
app.command(epilog=nodes.METER_EXAMPLES)(nodes.meter)
app.command(epilog=nodes.VERIFIER_EXAMPLES)(nodes.verifier)
app.command(epilog=nodes.SPEAKER_EXAMPLES)(nodes.speaker)
app.command(epilog=witness.EXAMPLES)(witness.witness)
app.add_typer(statement.app, name="statement")
app.add_typer(log.app, name="log")
app.add_typer(evidence.app, name="evidence")
app.command(epilog=verify.EXAMPLES)(verify.verify)
app.add_typer(vectors.app, name="vectors")
app.command(epilog=check.EXAMPLES)(check.check)
app.command(epilog=rerun.EXAMPLES)(rerun.rerun)
app.command(epilog=report.EXAMPLES)(report.report)
app.command(epilog=compare.EXAMPLES)(compare.compare)
app.command(epilog=cases.EXAMPLES)(cases.cases)
app.command(epilog=stock.EXAMPLES)(stock.stock)
app.command(epilog=ledger.EXAMPLES)(ledger.ledger)
app.add_typer(keys.app, name="keys")
app.add_typer(register.app, name="register")
app.command(epilog=healthcheck.EXAMPLES)(healthcheck.healthcheck)
app.add_typer(attack.app, name="attack")
app.add_typer(study.app, name="study")
app.add_typer(game.app, name="game")
app.command(epilog=reproduce.EXAMPLES)(reproduce.reproduce)
app.add_typer(book.evasions_app, name="evasions")
app.add_typer(book.channels_app, name="channels")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pausenet {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            envvar="PAUSENET_DEBUG",
            help="Print tracebacks; it may also stand after the command.",
        ),
    ] = False,
) -> None:
    del version, debug


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    arguments = [item for item in sys.argv[1:] if item != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1 or bool(os.environ.get("PAUSENET_DEBUG"))
    sys.exit(invoke(arguments, debug=debug))


def invoke(arguments: list[str], *, debug: bool) -> int:
    """Run one command; the exit code, and never an exception but with `debug`."""
    try:
        app(arguments, prog_name="pausenet", standalone_mode=True)
    except SystemExit as done:
        if isinstance(done.__context__, BrokenPipeError):  # for which typer exits with 1: proven
            return ExitCode.ENVIRONMENT
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has enough; Python would complain once more while it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.ENVIRONMENT
    except Exception as error:
        if debug:
            traceback.print_exc()
        print_error(_text(error))
        return _code(error)
    return ExitCode.HOLDS


def _code(error: Exception) -> ExitCode:
    if isinstance(error, NodeError | SigningRefused | OSError):
        return ExitCode.ENVIRONMENT
    if isinstance(error, MalformedInput | Misuse | PausenetError):
        return ExitCode.USAGE
    return ExitCode.ENVIRONMENT


def _text(error: Exception) -> str:
    if isinstance(error, PausenetError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    return f"{type(error).__name__}: {error} (this is a mistake in pausenet; --debug shows where)"
