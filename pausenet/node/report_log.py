"""Structured logs: one JSON object a line, on standard error or in a file."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TextIO

import structlog

from pausenet.node.store.disk import over_disk
from pausenet.protocol.messages import Report
from pausenet.values import NetworkTime, ParticipantId


class ReportLog:
    """A node's log. Reports of the machine go in with the network time, the rest without.

    What libraries and other modules say through `logging` goes the same way. It never carries
    keys, samples or statements.
    """

    def __init__(self, node: ParticipantId, path: Path | None) -> None:
        self._file: TextIO = sys.stderr
        if path is not None:
            with over_disk(path):
                self._file = path.open("a", encoding="utf-8", buffering=1)
        shared: list[structlog.typing.Processor] = [
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ]
        self._log = structlog.wrap_logger(
            structlog.WriteLogger(self._file),
            processors=[
                *shared,
                structlog.processors.JSONRenderer(),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            node=str(node),
        )
        self._handler = logging.StreamHandler(self._file)
        self._handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=shared,
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    structlog.processors.JSONRenderer(),
                ],
            )
        )
        self._logger = logging.getLogger("pausenet")
        self._logger.addHandler(self._handler)

    def report(self, now: NetworkTime, report: Report) -> None:
        """Write down what the machine reports."""
        facts = {f"fact_{name}": value for name, value in report.facts}
        self._log.info(str(report.told), about=report.about, now=int(now), **facts)

    def say(self, what: str, **facts: str | int) -> None:
        """Write down what the shell does."""
        self._log.info(what, **facts)

    def fail(self, what: str, **facts: str | int) -> None:
        """Write down why the node does not go on."""
        self._log.error(what, **facts)

    def broken(self, what: str, error: BaseException) -> None:
        """Write down a slip of our own, with the place where it happened."""
        self._log.error(what, error=_trace(error))

    def close(self) -> None:
        """Let go of the file."""
        self._logger.removeHandler(self._handler)
        if self._file is not sys.stderr:
            self._file.close()


def _trace(error: BaseException) -> str:
    """Types and places of an error, without its values."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' > '.join(places)}"
