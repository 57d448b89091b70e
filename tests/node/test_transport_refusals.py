"""What the transport refuses before any machine hears of it, and with which words."""

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from grpc import StatusCode

from pausenet.node.channels import client_options
from pausenet.node.identity import issue, make_authority
from pausenet.node.limits import Limits, Rate
from pausenet.node.peer_identity import TlsFiles, target_name
from pausenet.node.permissions import EXCHANGE, PUBLICATION
from pausenet.protocol.messages import (
    Cosigned,
    Entries,
    Evidence,
    Heads,
    Hello,
    Message,
    Publish,
    Refusal,
)
from pausenet.values import ParticipantId, Role, Seq
from pausenet.wire import codec
from pausenet.wire.status import Denial, status_of
from tests.node.certificates import (
    AURORA,
    BIRCH,
    METER,
    REGISTRAR,
    VERIFIERS,
    Net,
    new_key,
)
from tests.node.links import Node, Reply, node, say, until

V1, V2 = VERIFIERS[:2]


def answer_to(
    net: Net, files: TlsFiles | None, method: str, *data: bytes, limits: Limits | None = None
) -> Reply:
    """How verifier-1 ends such a stream; asserts that its machine heard nothing refused."""

    async def story() -> Reply:
        async with node(net, V1, listen=True, limits=limits) as verifier:
            reply = await say(net, files, verifier.address, method, *data)
            await still_serves(net, verifier)
            return reply

    return asyncio.run(story())


async def still_serves(net: Net, verifier: Node) -> None:
    """The next honest message arrives, and is the only one that did."""
    async with node(net, BIRCH, peers={V1: verifier.address}) as birch:
        hello = Hello(origin=net.member(BIRCH).origin)
        await until(lambda: birch.up)
        birch.transport.send(V1, hello)
        await until(lambda: verifier.heard)
        assert verifier.heard == [(BIRCH, hello)]


def is_refused(reply: Reply, reason: Denial | Refusal) -> bool:
    status = status_of(reason)
    return (reply.code, reply.text) == (status.code, status.text)


def hello_of(net: Net, name: ParticipantId) -> bytes:
    return codec.encode(Hello(origin=net.member(name).origin))


# ------------------------------------------------------------------ who is calling (I1 - I5)


def test_a_plaintext_client_gets_no_connection(net: Net) -> None:
    assert answer_to(net, None, PUBLICATION).code is StatusCode.UNAVAILABLE


def test_a_client_without_a_certificate_gets_no_connection(net: Net) -> None:
    async def story() -> None:
        async with node(net, V1, listen=True) as verifier:
            files = net.files(AURORA)
            reply = await say(net, files, verifier.address, PUBLICATION, with_certificate=False)
            assert reply.code is StatusCode.UNAVAILABLE
            await still_serves(net, verifier)

    asyncio.run(story())


def test_a_certificate_of_another_authority_gets_no_connection(net: Net) -> None:
    other = make_authority(net.register.network_id)
    key = net.keys[AURORA]
    certificate = issue(other, net.register.network_id, Role.LAB, AURORA, key.public_key())
    files = net.write("other-ca", key, certificate)
    assert answer_to(net, files, PUBLICATION).code is StatusCode.UNAVAILABLE


@pytest.mark.parametrize("days", [-2, 2], ids=["expired", "not yet valid"])
def test_a_certificate_outside_its_dates_gets_no_connection(net: Net, days: int) -> None:
    right = net.certify(AURORA, [net.uri(AURORA)])
    start = datetime.now(UTC) + timedelta(days=days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(right.subject)
        .issuer_name(right.issuer)
        .public_key(right.public_key())
        .serial_number(right.serial_number)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=1))
    )
    for extension in right.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    certificate = builder.sign(net.authority.key, hashes.SHA256())
    files = net.write(f"dates{days}", net.keys[AURORA], certificate)
    assert answer_to(net, files, PUBLICATION).code is StatusCode.UNAVAILABLE


def test_two_names_in_one_certificate_are_refused_on_the_wire(net: Net) -> None:
    certificate = net.certify(AURORA, [net.uri(AURORA), net.uri(BIRCH)])
    files = net.write("two", net.keys[AURORA], certificate)
    assert is_refused(answer_to(net, files, PUBLICATION), Denial.NO_IDENTITY)


def test_an_unknown_participant_is_refused(net: Net) -> None:
    key = new_key()
    cedar = ParticipantId("cedar")
    certificate = issue(net.authority, net.register.network_id, Role.LAB, cedar, key.public_key())
    reply = answer_to(net, net.write("cedar", key, certificate), PUBLICATION)
    assert is_refused(reply, Denial.NOT_REGISTERED)


@pytest.mark.parametrize("name", [AURORA, METER, REGISTRAR, V2])
@pytest.mark.parametrize("method", [PUBLICATION, EXCHANGE])
def test_each_stream_is_for_its_roles_only(net: Net, name: ParticipantId, method: str) -> None:
    reply = answer_to(net, net.files(name), method)
    allowed = (name in (AURORA, METER) and method == PUBLICATION) or (
        name == V2 and method == EXCHANGE
    )
    if allowed:
        assert reply.code is StatusCode.OK
    else:
        assert is_refused(reply, Denial.WRONG_ROLE)


# ------------------------------------------------------------------ what it says


def publish(net: Net, owner: ParticipantId) -> Message:
    origin = net.member(owner).origin
    return Publish(origin=origin, start=Seq(0), entries=(b"entry",), note=b"note")


@pytest.mark.parametrize("owner", [BIRCH, METER, V1, V2, REGISTRAR])
def test_a_lab_that_publishes_anothers_entry_is_refused(net: Net, owner: ParticipantId) -> None:
    data = codec.encode(publish(net, owner))
    assert is_refused(answer_to(net, net.files(AURORA), PUBLICATION, data), Refusal.NOT_YOURS)


def test_a_verifier_that_publishes_a_labs_entry_is_refused(net: Net) -> None:
    data = codec.encode(publish(net, AURORA))
    assert is_refused(answer_to(net, net.files(V2), EXCHANGE, data), Refusal.NOT_YOURS)


def test_a_hello_for_anothers_log_is_refused(net: Net) -> None:
    reply = answer_to(net, net.files(AURORA), PUBLICATION, hello_of(net, BIRCH))
    assert is_refused(reply, Refusal.NOT_YOURS)


@pytest.mark.parametrize("kind", [Heads, Evidence, Entries, Cosigned])
@pytest.mark.parametrize("name", [AURORA, METER])
def test_what_only_verifiers_say_is_refused_from_others(
    net: Net, kind: type[Message], name: ParticipantId
) -> None:
    origin = net.member(name).origin
    said: dict[type[Message], Message] = {
        Heads: Heads(notes=(b"n",)),
        Evidence: Evidence(bundle=b"b"),
        Entries: Entries(origin=origin, start=Seq(0), entries=(), note=b"n"),
        Cosigned: Cosigned(origin=origin, note=b"n"),
    }
    reply = answer_to(net, net.files(name), PUBLICATION, codec.encode(said[kind]))
    assert is_refused(reply, Denial.WRONG_MESSAGE)


def test_a_verifier_that_says_of_another_log_hello_loses_its_stream(net: Net) -> None:
    async def story() -> None:
        async with (
            node(net, V1, listen=True) as verifier,
            node(net, AURORA, peers={V1: verifier.address}) as lab,
        ):
            await until(lambda: lab.up)
            verifier.transport.send(AURORA, Hello(origin=net.member(V2).origin))
            refused = {"method": PUBLICATION, "reason": "not-yours"}
            await until(lambda: lab.metrics.value("pausenet_refusals_total", **refused))
            assert lab.heard == []

    asyncio.run(story())


MALFORMED = {
    "empty": b"",
    "random": bytes(range(255, 155, -1)),
    "a group that never ends": b"\x0b" * 200,
    "unknown field": b"\xf8\x07\x01",
    "hello without an origin": b"\x0a\x00",
}


@pytest.mark.parametrize("case", MALFORMED)
def test_bytes_that_are_no_message_are_refused_with_a_fixed_text(net: Net, case: str) -> None:
    reply = answer_to(net, net.files(AURORA), PUBLICATION, MALFORMED[case])
    assert is_refused(reply, Refusal.MALFORMED)


def test_a_message_over_four_mebibytes_is_refused(net: Net) -> None:
    """Read by a client whose own bound on sending is lifted."""

    async def story() -> None:
        async with node(net, V1, listen=True) as verifier:
            files = net.files(AURORA)
            name = target_name(net.register.network_id, V1)
            assert ("grpc.max_send_message_length", codec.MESSAGE_BYTES_MAX) in client_options(
                Limits(), name
            )
            wide = replace(Limits(), message_bytes_max=2 * codec.MESSAGE_BYTES_MAX)
            reply = await say(
                net,
                files,
                verifier.address,
                PUBLICATION,
                bytes(codec.MESSAGE_BYTES_MAX + 1),
                limits=wide,
            )
            assert reply.code is StatusCode.RESOURCE_EXHAUSTED
            await still_serves(net, verifier)

    asyncio.run(story())


def test_metadata_over_the_bound_is_refused(net: Net) -> None:
    async def story() -> None:
        async with node(net, V1, listen=True) as verifier:
            reply = await say(
                net,
                net.files(AURORA),
                verifier.address,
                PUBLICATION,
                metadata=(("padding", "x" * 20_000),),
            )
            assert reply.code is StatusCode.RESOURCE_EXHAUSTED
            await still_serves(net, verifier)

    asyncio.run(story())


def test_an_unknown_method_is_unimplemented(net: Net) -> None:
    for method in ("/pausenet.wire.v1.Publication/Nothing", "/other.Service/Stream"):
        assert answer_to(net, net.files(AURORA), method).code is StatusCode.UNIMPLEMENTED


def test_whoever_is_too_fast_is_told_when_to_come_again(net: Net) -> None:
    async def story() -> None:
        slow = replace(Limits(), participant_rate=Rate(per_s=0.5, burst=3))
        async with node(net, V1, listen=True, limits=slow) as verifier:
            data = hello_of(net, AURORA)
            reply = await say(net, net.files(AURORA), verifier.address, PUBLICATION, *[data] * 3)
            assert is_refused(reply, Denial.TOO_FAST)
            assert 0 < int(reply.trailing["retry-after-ms"]) <= 2001
            assert len(verifier.heard) == 2
            verifier.heard.clear()
            await still_serves(net, verifier)

    asyncio.run(story())


def test_one_participant_has_so_many_calls_and_no_more(net: Net) -> None:
    async def story() -> None:
        one = replace(Limits(), rpcs_per_identity_max=1)
        async with (
            node(net, V1, listen=True, limits=one) as verifier,
            node(net, AURORA, peers={V1: verifier.address}) as lab,
        ):
            await until(lambda: lab.up)
            reply = await say(net, net.files(AURORA), verifier.address, PUBLICATION)
            assert is_refused(reply, Denial.TOO_MANY)
            await still_serves(net, verifier)

    asyncio.run(story())


def test_a_machine_that_breaks_shows_nothing_of_itself(net: Net) -> None:
    def broken(peer: ParticipantId, message: Message) -> None:
        raise RuntimeError("secret")

    async def story() -> None:
        async with node(net, V1, listen=True, on_message=broken) as verifier:
            data = hello_of(net, AURORA)
            reply = await say(net, net.files(AURORA), verifier.address, PUBLICATION, data)
            assert is_refused(reply, Denial.INTERNAL)

    asyncio.run(story())


def test_a_silent_connection_is_closed_after_the_handshake_time(net: Net) -> None:
    async def story() -> None:
        brief = replace(Limits(), handshake_s=0.5)
        async with node(net, V1, listen=True, limits=brief) as verifier:
            reader, writer = await asyncio.open_connection("127.0.0.1", verifier.port)
            async with asyncio.timeout(4):
                assert await reader.read() == b""
            writer.close()
            await still_serves(net, verifier)

    asyncio.run(story())


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 500])
def test_other_protocols_end_without_harm(net: Net, data: bytes) -> None:
    async def story() -> None:
        async with node(net, V1, listen=True) as verifier:
            reader, writer = await asyncio.open_connection("127.0.0.1", verifier.port)
            writer.write(data)
            async with asyncio.timeout(8):
                await reader.read()
            writer.close()
            await still_serves(net, verifier)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("version", "agreed"),
    [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")],
)
def test_the_server_takes_tls_of_these_versions(
    net: Net, version: ssl.TLSVersion, agreed: str
) -> None:
    """TLS 1.2 is not wanted; this says that gRPC takes it, until it can be told not to."""

    async def story() -> None:
        async with node(net, V1, listen=True) as verifier:
            files = net.files(AURORA)
            context = ssl.create_default_context(cafile=str(files.ca))
            context.minimum_version = context.maximum_version = version
            context.load_cert_chain(files.certificate, files.key)
            context.set_alpn_protocols(["h2"])
            _, writer = await asyncio.open_connection(
                "127.0.0.1",
                verifier.port,
                ssl=context,
                server_hostname=target_name(net.register.network_id, V1),
            )
            assert writer.get_extra_info("ssl_object").version() == agreed
            writer.transport.abort()

    asyncio.run(story())
