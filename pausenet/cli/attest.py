"""`pausenet lab attest`: one lab machine in this process until one statement is receipted."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import Format
from pausenet.cli.output import print_error, print_json
from pausenet.cli.serve import Serving, config_of, wait_for_start
from pausenet.crypto import envelope
from pausenet.errors import MalformedFile, Misuse
from pausenet.files.samples import LINE_CHARACTERS_MAX, read_usage
from pausenet.log.bundle import Receipt, make_receipt
from pausenet.node.feeding import STANDARD_INPUT, fresh_salt
from pausenet.node.run import run_node
from pausenet.protocol.attester import LabMachine
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Machine
from pausenet.protocol.mirror import Mirror
from pausenet.protocol.register import Keyring, Register
from pausenet.statements import codec
from pausenet.statements.codec import Kind
from pausenet.values import PeriodIndex, Seq

_LOOK_S: Final = 0.05


def attest_once(told: Serving, *, timeout_s: float, format: Format) -> int:
    """Submit the one sample and print its receipt; the exit code."""
    assert told.samples is not None, "the command requires a file"
    text = _read(told.samples)
    period = _period(text, str(told.samples))
    config = config_of(told)
    wait_for_start(config)
    sample = config.home / "attest.jsonl"
    sample.write_text(text, encoding="utf-8")
    machines: list[LabMachine] = []

    def factory(register: Register, keys: Keyring) -> Machine:
        machines.append(LabMachine(register=register, keys=keys))
        return machines[0]

    async def both() -> int:
        # Its log goes to a file: the receipt alone belongs on the screen.
        quiet = replace(config, samples=sample, log_file=config.home / "attest.log")
        node = asyncio.create_task(run_node(quiet, factory))
        found = await _receipt(node, machines, period, timeout_s)
        if not node.done():
            os.kill(os.getpid(), signal.SIGTERM)  # run_node's own way to stop
        code = await node
        if found is None:
            print_error(f"period {period}: no receipt within {timeout_s:.0f} s")
            return code or ExitCode.ENVIRONMENT
        _print(found, period, format)
        return ExitCode.HOLDS

    try:
        return asyncio.run(both())
    finally:
        with contextlib.suppress(OSError):
            sample.unlink()


async def _receipt(
    node: asyncio.Task[int], machines: list[LabMachine], period: PeriodIndex, timeout_s: float
) -> tuple[str, Receipt] | None:
    """Wait for the statement's receipt; None when time is up or the node has ended."""
    loop = asyncio.get_running_loop()
    until = loop.time() + timeout_s
    while not node.done() and loop.time() < until:
        if machines:
            receipts = machines[0].receipts
            mirror = machines[0].book.mirrors[receipts.origin]
            seq = _seq_of(mirror, period)
            if seq is not None and seq < receipts.size:
                found = _make(machines[0].book, mirror, seq)
                if found is not None:
                    return found
        await asyncio.sleep(_LOOK_S)
    return None


def _seq_of(mirror: Mirror, period: PeriodIndex) -> Seq | None:
    """Where the usage statement of a period stands in the log, if it does."""
    for seq, entry in enumerate(mirror.entries):
        statement = codec.decode(envelope.decode(entry).payload)
        about = statement.period
        if statement.kind is Kind.USAGE and about is not None and about.index == period:
            return Seq(seq)
    return None


def _make(book: LogBook, mirror: Mirror, seq: Seq) -> tuple[str, Receipt] | None:
    """The statement's id and receipt; None while the latest checkpoint has fewer than k lines."""
    note = book.cosigned(mirror.origin)
    if note is None or note.body.size <= seq:
        return None
    receipt = make_receipt(mirror.tree, seq, note)
    return envelope.decode(mirror.entries[seq]).statement_id.hex(), receipt


def _print(found: tuple[str, Receipt], period: PeriodIndex, format: Format) -> None:
    identity, receipt = found
    text = receipt.encode().decode()
    if format is Format.JSON:
        print_json({"statement_id": identity, "period": int(period), "receipt": text})
        return
    typer.echo(f"statement {identity} of period {period}, entry {receipt.index}; receipt:")
    typer.echo(text, nl=False)


def _read(path: Path) -> str:
    """The file's text; raises `MalformedFile` where there is none."""
    if path == STANDARD_INPUT:
        return sys.stdin.read(LINE_CHARACTERS_MAX)
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LINE_CHARACTERS_MAX)
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedFile(str(path), 0, 0, "cannot be read as text") from error


def _period(text: str, name: str) -> PeriodIndex:
    """The period of the one sample; raises `Misuse` for none and for several."""
    found = list(read_usage(text.splitlines(keepends=True), name=name, salt=fresh_salt))
    if len(found) != 1:
        raise Misuse(f"{name}: expected one line, one period, found {len(found)}")
    return found[0].period
