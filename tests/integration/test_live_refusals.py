"""Strangers at the door of a network that runs: all are refused, and the network goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from cryptography import x509
from grpc import StatusCode

from pausenet.cli import network
from pausenet.cli.live import LiveNetwork
from pausenet.cli.live_run import load_scenario
from pausenet.cli.logfiles import StoredLog, open_log
from pausenet.cli.options import Display
from pausenet.cli.output import Screen
from pausenet.node.config import CA_FILE
from pausenet.node.identity import Authority, issue, load_tls_key, make_authority, tls_files
from pausenet.node.peer_identity import TlsFiles
from pausenet.node.permissions import PUBLICATION
from pausenet.protocol.messages import Publish, Refusal
from pausenet.scenario.expect import Expectation
from pausenet.values import ParticipantId, Role, Seq
from pausenet.wire import codec
from pausenet.wire.status import status_of
from tests.integration.copies import Reports, until
from tests.integration.live import quick
from tests.integration.nursery import Nursery, Recorded
from tests.node.certificates import VERIFIERS, Net
from tests.node.links import Reply, say

pytestmark = [pytest.mark.processes, pytest.mark.slow]

AURORA, BIRCH = ParticipantId("aurora"), ParticipantId("birch")


@dataclass(frozen=True)
class Running:
    """A network that runs, as a stranger or one of its own labs meets its first verifier."""

    net: Net
    address: str
    birch: Reports

    def files(self, name: ParticipantId) -> TlsFiles:
        return tls_files(self.net.home / name, self.net.home)

    def held(self, name: ParticipantId) -> StoredLog:
        """The copy of a log that the first verifier has on its disk."""
        logs = self.net.home / VERIFIERS[0] / "data" / "logs"
        return open_log(logs / str(self.net.member(name).origin))

    def next_of_birch(self) -> bytes:
        """What birch might publish now: its newest entry once more, behind its log."""
        log = self.held(BIRCH)
        return codec.encode(
            Publish(
                origin=self.net.member(BIRCH).origin,
                start=Seq(log.size),
                entries=log.entries()[-1:],
                note=log.note.encode(),
            )
        )

    def say(self, files: TlsFiles | None) -> Reply:
        """Say it with these files; in plain text without."""
        return asyncio.run(say(self.net, files, self.address, PUBLICATION, self.next_of_birch()))

    def goes_on(self) -> bool:
        """Whether birch gets two more receipts: one may have been on its way."""
        self.birch.look()
        size = self.birch.receipted + 1

        def more() -> bool:
            self.birch.look()
            return self.birch.receipted > size

        until(more, "another receipt")
        return self.held(BIRCH).size >= size


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    directory = tmp_path_factory.mktemp("running")
    honest = quick(load_scenario("honest", None))
    story = replace(honest, labs=honest.labs[:2], periods=200, expect=Expectation())
    addresses = network.loopback_addresses(story, 0)
    place = directory / "network"
    register = network.make(place, story, seed=story.seed, addresses=addresses)
    key = load_tls_key(place / "registrar" / "keys" / "ca.key.pem")
    certificate = x509.load_pem_x509_certificate((place / CA_FILE).read_bytes())
    net = Net(register, Authority(key=key, certificate=certificate), {}, place)
    with (
        Nursery() as nursery,
        Recorded(directory / "processes", nursery=nursery, recording=False) as children,
    ):
        LiveNetwork(story, register, place, children, Screen(Display.NONE)).up()
        reports = Reports(children.logs / f"{BIRCH}.log")
        found = Running(net, addresses[VERIFIERS[0]], reports)
        until(lambda: reports.is_open or reports.receipted > 0, "a first batch")
        assert found.goes_on()
        yield found
        assert found.goes_on()
        assert children.dead() == {}


def test_a_plaintext_client_is_refused(running: Running) -> None:
    assert running.say(None).code is StatusCode.UNAVAILABLE


def test_a_certificate_of_another_authority_is_refused(running: Running) -> None:
    network_id, own = running.net.register.network_id, running.files(BIRCH)
    key = load_tls_key(own.key)
    other = make_authority(network_id)
    certificate = issue(other, network_id, Role.LAB, BIRCH, key.public_key())
    files = running.net.write("other-authority", key, certificate)
    assert running.say(files).code is StatusCode.UNAVAILABLE


def test_a_labs_certificate_cannot_publish_another_labs_entry(running: Running) -> None:
    before = running.held(BIRCH).entries()
    reply = running.say(running.files(AURORA))
    expected = status_of(Refusal.NOT_YOURS)
    assert (reply.code, reply.text) == (expected.code, expected.text)
    assert running.goes_on()
    entries = running.held(BIRCH).entries()
    assert entries[: len(before)] == before
    assert len(set(entries)) == len(entries)
