"""What holds for every test.

In CI nothing is skipped: a test that would be fails. `make fuzz` multiplies the examples of each
hypothesis test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from typing import Final

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.shipped import shipped_by
from tests.simulator.cuts import Ran

MULTIPLE: Final = int(os.environ.get("PAUSENET_FUZZ", "1"))
# Hypothesis has no public way to change the settings of a test that has its own.
_SETTINGS: Final = "_hypothesis_internal_use_settings"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The longest first: the worker that has nothing left takes over what is short.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and in CI nothing is: {report.longrepr}"
    return report
