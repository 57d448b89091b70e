"""Everything that can go wrong has one status, and the status tells nothing more."""

import inspect

import pytest
from grpc import StatusCode

from pausenet import errors
from pausenet.errors import EndlessRun, MalformedFile, PausenetError
from pausenet.protocol.messages import Refusal
from pausenet.wire.status import Denial, reason_of, status_of

REASONS = (*Refusal, *Denial)
ERRORS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, PausenetError) and kind is not PausenetError
]

MADE = {
    MalformedFile: lambda: MalformedFile("secret.py", 1, 2, "x"),
    EndlessRun: lambda: EndlessRun(scenario="secret", seed=1, moment=2, events=3),
}
"""How those are made that take more than a text."""


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_a_status_that_begins_with_its_name(reason: Refusal | Denial) -> None:
    status = status_of(reason)
    assert status.code not in (StatusCode.OK, StatusCode.UNKNOWN)
    assert status.text.startswith(f"{reason}: ")


def test_no_two_reasons_share_a_text() -> None:
    assert len({status_of(reason).text for reason in REASONS}) == len(REASONS)


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_of_the_tree_has_a_reason(kind: type[PausenetError]) -> None:
    error = MADE[kind]() if kind in MADE else kind("secret")
    assert "secret" not in status_of(reason_of(error)).text
    if issubclass(kind, errors.MalformedInput):
        assert reason_of(error) is Refusal.MALFORMED


def test_an_error_from_elsewhere_is_internal() -> None:
    assert reason_of(RuntimeError("secret")) is Denial.INTERNAL


def test_acting_for_another_is_permission_denied() -> None:
    assert status_of(Refusal.NOT_YOURS).code is StatusCode.PERMISSION_DENIED
    assert status_of(Refusal.MALFORMED).code is StatusCode.INVALID_ARGUMENT
