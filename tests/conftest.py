"""What holds for every test.

In CI nothing is skipped: a test that would be fails. `make fuzz` multiplies the examples of each
hypothesis test. A shell that starts the tests in the background has them ignore Ctrl-C, and so all
that they start: that is taken back, as some tests are about Ctrl-C.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from typing import Final

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.shipped import shipped_by
from tests.simulator.cuts import Ran
from tests.stories import ALL_STORIES, LEFT_OUT

MULTIPLE: Final = int(os.environ.get("PAUSENET_FUZZ", "1"))
# Hypothesis has no public way to change the settings of a test that has its own.
_SETTINGS: Final = "_hypothesis_internal_use_settings"


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def arranged(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests: what is long where a worker begins, so that the last to run are short.

    Each worker begins with its share of the list, in order, and takes from the ends of others'
    when it has nothing left. Live networks wait more than they work: they are the first worker's,
    and what works hard is the second's.
    """
    slow = [each for each in items if each.get_closest_marker("slow")]
    live = [each for each in slow if each.get_closest_marker("processes")]
    hard = [each for each in slow if each not in live]
    short = [each for each in items if not each.get_closest_marker("slow")]
    begins = max(0, len(items) // workers - len(live)) if workers > 1 else 0
    return [*live, *short[:begins], *hard, *short[begins:]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = arranged(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    if MULTIPLE == 1:
        return
    functions = {getattr(item, "obj", None) for item in items}
    for function in functions:
        if is_hypothesis_test(function):
            own = getattr(function, _SETTINGS, settings.default)
            setattr(function, _SETTINGS, settings(own, max_examples=MULTIPLE * own.max_examples))


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """The run of a ready scenario, by its name: one for the whole session."""
    return lambda name: shipped_by(tmp_path_factory, name)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if not ALL_STORIES and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        terminalreporter.write_line(LEFT_OUT)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and in CI nothing is: {report.longrepr}"
    return report
