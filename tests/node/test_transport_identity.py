"""For whom a certificate speaks: one member, or nobody."""

from collections.abc import Callable, Mapping

import pytest

from pausenet.node.peer_identity import identify
from pausenet.values import Role
from pausenet.wire.status import Denial
from tests.node.certificates import AURORA, BIRCH, OTHER_NETWORK, Net, new_key

NAMES: Mapping[str, tuple[Callable[[Net], list[str]], Denial]] = {
    "no URI": (lambda net: [], Denial.NO_IDENTITY),
    "two URIs": (lambda net: [net.uri(AURORA), net.uri(BIRCH)], Denial.NO_IDENTITY),
    "the same URI twice": (lambda net: [net.uri(AURORA)] * 2, Denial.NO_IDENTITY),
    "wildcard": (lambda net: [net.uri(AURORA).replace("aurora", "*")], Denial.NOT_REGISTERED),
    "other scheme": (
        lambda net: [net.uri(AURORA).replace("pausenet:", "https:")],
        Denial.NO_IDENTITY,
    ),
    "a tail": (lambda net: [net.uri(AURORA) + "/x"], Denial.NO_IDENTITY),
    "a query": (lambda net: [net.uri(AURORA) + "?x"], Denial.NOT_REGISTERED),
    "upper case": (
        lambda net: [net.uri(AURORA).replace("aurora", "Aurora")],
        Denial.NOT_REGISTERED,
    ),
    "path tricks": (
        lambda net: [net.uri(AURORA).replace("aurora", "..")],
        Denial.NOT_REGISTERED,
    ),
    "another network": (
        lambda net: [net.uri(AURORA).replace(net.register.network_id.short, OTHER_NETWORK.short)],
        Denial.WRONG_NETWORK,
    ),
    "another id": (lambda net: [net.uri(BIRCH)], Denial.NOT_REGISTERED),
    "an unknown id": (
        lambda net: [net.uri(AURORA).replace("aurora", "cedar")],
        Denial.NOT_REGISTERED,
    ),
    "another role": (lambda net: [net.uri(AURORA, Role.VERIFIER)], Denial.NOT_REGISTERED),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_certificate_that_names_wrongly_speaks_for_nobody(net: Net, case: str) -> None:
    uris, denial = NAMES[case]
    assert identify(net.certify(AURORA, uris(net)), net.register) is denial


def test_a_right_certificate_speaks_for_its_member(net: Net) -> None:
    for name in net.keys:
        assert identify(net.certify(name, [net.uri(name)]), net.register) == net.member(name)


def test_a_certificate_over_another_key_speaks_for_nobody(net: Net) -> None:
    certificate = net.certify(AURORA, [net.uri(AURORA)], new_key())
    assert identify(certificate, net.register) is Denial.NOT_REGISTERED
