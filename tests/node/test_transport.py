"""Messages between nodes over real sockets."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from pausenet.errors import Misuse, NodeError
from pausenet.node.client import Caller, split_address
from pausenet.node.limits import Limits
from pausenet.node.metrics import Metrics
from pausenet.node.transport import Transport
from pausenet.protocol.messages import (
    BUNDLE_BYTES_MAX,
    Cosigned,
    Entries,
    Evidence,
    Fetch,
    Heads,
    Hello,
    Message,
    Publish,
    Refusal,
    Refused,
    Stored,
)
from pausenet.values import Origin, Seq, TreeSize
from tests.node.certificates import AURORA, BIRCH, METER, VERIFIERS, Net, new_key
from tests.node.links import node, until

V1, V2 = VERIFIERS[:2]


def of_owner(origin: Origin) -> tuple[Message, ...]:
    return (
        Hello(origin=origin),
        Publish(origin=origin, start=Seq(0), entries=(b"one", b"two"), note=b"note"),
        Fetch(origin=origin, start=Seq(1), end=TreeSize(9)),
    )


def of_verifier(own: Origin, other: Origin) -> tuple[Message, ...]:
    return (
        *of_owner(own),
        Stored(origin=other, size=TreeSize(3), note=b"note"),
        Cosigned(origin=other, note=b"note"),
        Refused(origin=other, reason=Refusal.CONFLICT),
        Heads(notes=(b"a", b"b")),
        Entries(origin=other, start=Seq(3), entries=(b"x" * 65_535,), note=b"n"),
        Evidence(bundle=b"b" * 100_000),
    )


def test_each_message_arrives_once_in_order_and_under_its_senders_name(net: Net) -> None:
    async def story() -> None:
        async with (
            node(net, V1, listen=True) as verifier,
            node(net, AURORA, peers={V1: verifier.address}) as lab,
            node(net, METER, peers={V1: verifier.address}) as meter,
        ):
            await until(lambda: lab.up and meter.up and len(verifier.up) == 2)
            sent = of_owner(net.member(AURORA).origin)
            for message in sent:
                lab.transport.send(V1, message)
            await until(lambda: len(verifier.heard) == 3)
            assert verifier.heard == [(AURORA, message) for message in sent]
            back = of_verifier(net.member(V1).origin, net.member(AURORA).origin)
            for message in back:
                verifier.transport.send(AURORA, message)
            await until(lambda: len(lab.heard) == len(back))
            assert lab.heard == [(V1, message) for message in back]
            assert meter.heard == []
            assert verifier.metrics.value("pausenet_messages_sent_total", peer=AURORA) == 9

    asyncio.run(story())


def test_verifiers_that_call_each_other_hear_every_message(net: Net) -> None:
    async def story() -> None:
        async with (
            node(net, V1, listen=True) as first,
            node(net, V2, listen=True, peers={V1: first.address}) as second,
        ):
            await until(lambda: first.up and second.up)
            there = of_verifier(net.member(V2).origin, net.member(AURORA).origin)
            back = of_verifier(net.member(V1).origin, net.member(BIRCH).origin)
            for message in there:
                second.transport.send(V1, message)
            for message in back:
                first.transport.send(V2, message)
            await until(lambda: len(first.heard) == len(there) and len(second.heard) == len(back))
            assert first.heard == [(V2, message) for message in there]
            assert second.heard == [(V1, message) for message in back]

    asyncio.run(story())


def test_a_way_that_broke_opens_again_and_is_told_again(net: Net) -> None:
    async def story() -> None:
        async with AsyncExitStack() as stack:
            async with node(net, V1, listen=True) as verifier:
                port = verifier.port
                lab = await stack.enter_async_context(
                    node(net, AURORA, peers={V1: verifier.address})
                )
                await until(lambda: lab.up == [V1])
            await until(lambda: not lab.transport.peers_up)
            again = await stack.enter_async_context(node(net, V1, listen=port))
            await until(lambda: lab.up == [V1, V1])
            lab.transport.send(V1, Hello(origin=net.member(AURORA).origin))
            await until(lambda: again.heard)

    asyncio.run(story())


def test_the_latest_stream_of_a_lab_replaces_its_earlier_one(net: Net) -> None:
    async def story() -> None:
        calm = replace(Limits(), reconnect_min_s=5.0, reconnect_max_s=5.0)
        async with node(net, V1, listen=True) as verifier:
            to = {V1: verifier.address}
            async with node(net, AURORA, peers=to, limits=calm) as earlier:
                await until(lambda: earlier.up)
                async with node(net, AURORA, peers=to, limits=calm) as later:
                    await until(lambda: later.up and not earlier.transport.peers_up)
                    verifier.transport.send(AURORA, Heads(notes=(b"news",)))
                    await until(lambda: later.heard)
                    assert earlier.heard == []

    asyncio.run(story())


def test_a_message_without_a_way_is_dropped_and_counted(net: Net) -> None:
    async def story() -> None:
        async with node(net, AURORA) as lab:
            lab.transport.send(V1, Hello(origin=net.member(AURORA).origin))
            name = "pausenet_messages_dropped_total"
            assert lab.metrics.value(name, peer=V1, why="no-way") == 1

    asyncio.run(story())


def test_a_full_queue_drops_and_counts_and_never_blocks(net: Net) -> None:
    async def story() -> None:
        small = replace(Limits(), queue_messages_max=2)
        async with (
            node(net, V1, listen=True) as verifier,
            node(net, AURORA, peers={V1: verifier.address}, limits=small) as lab,
        ):
            await until(lambda: lab.up)
            for _ in range(5):
                lab.transport.send(V1, Hello(origin=net.member(AURORA).origin))
            name = "pausenet_messages_dropped_total"
            assert lab.metrics.value(name, peer=V1, why="queue-full") == 3
            await until(lambda: len(verifier.heard) == 2)

    asyncio.run(story())


def test_a_message_over_the_bounds_is_never_sent(net: Net) -> None:
    async def story() -> None:
        async with (
            node(net, V1, listen=True) as first,
            node(net, V2, peers={V1: first.address}) as second,
        ):
            await until(lambda: second.up)
            second.transport.send(V1, Evidence(bundle=bytes(BUNDLE_BYTES_MAX + 1)))
            second.transport.send(V1, Heads(notes=()))
            await until(lambda: first.heard)
            assert first.heard == [(V2, Heads(notes=()))]

    asyncio.run(story())


def test_a_client_never_speaks_to_another_verifier_than_it_meant(net: Net) -> None:
    async def story() -> None:
        async with (
            node(net, V2, listen=True) as imposter,
            node(net, AURORA, peers={V1: imposter.address}) as lab,
        ):
            await asyncio.sleep(0.4)
            assert not lab.up
            assert not imposter.up
            caller = Caller(
                register=net.register,
                tls=net.files(AURORA),
                limits=Limits(),
                peer=net.member(V1),
                address=imposter.address,
            )
            with pytest.raises(NodeError):
                await caller.channel()

    asyncio.run(story())


def test_a_server_with_the_right_names_and_another_key_is_somebody_else(net: Net) -> None:
    async def story() -> None:
        stolen = new_key()
        certificate = net.certify(V1, [net.uri(V1)], stolen)
        files = net.write("imposter", stolen, certificate)
        async with (
            node(net, V1, listen=True, files=files) as imposter,
            node(net, AURORA, peers={V1: imposter.address}) as lab,
        ):
            await asyncio.sleep(0.4)
            assert not lab.up
            assert not imposter.up

    asyncio.run(story())


def test_a_transport_calls_verifiers_and_nobody_else(net: Net) -> None:
    async def story() -> None:
        with pytest.raises(Misuse):
            async with node(net, V1, peers={AURORA: "127.0.0.1:1"}):
                pass  # it is never entered

    asyncio.run(story())


def test_a_taken_port_is_a_node_error(net: Net) -> None:
    async def story() -> None:
        async with node(net, V1, listen=True) as first:
            second = Transport(
                me=net.member(V2),
                register=net.register,
                tls=net.files(V2),
                listen=first.address,
                peers={},
                on_message=lambda *_: None,
                on_peer_up=lambda _: None,
                reader=None,
                limits=Limits(),
                metrics=Metrics(),
            )
            with pytest.raises(NodeError):
                await second.start()
            await second.stop(0.0)

    asyncio.run(story())


@pytest.mark.parametrize(
    "text", ["", "host", "host:", ":1", "host:65536", "host:x", "[::1:1", "::1]:1", "host:-1"]
)
def test_an_address_is_host_and_port_or_refused(text: str) -> None:
    with pytest.raises(NodeError):
        split_address(text)


def test_an_address_of_either_family_is_split() -> None:
    assert split_address("[::1]:80") == ("::1", 80)
    assert split_address("verifier-1:65535") == ("verifier-1", 65535)
