"""Auditors' queries, health and reflection, over real sockets."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from grpc import StatusCode
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from pausenet.errors import NodeError
from pausenet.log.checkpoint import Note
from pausenet.log.merkle import Tree, leaf_hash, verify_consistency, verify_inclusion
from pausenet.node.client import Caller
from pausenet.node.limits import Limits
from pausenet.protocol.messages import BATCH_BYTES_MAX, Refusal
from pausenet.statements.finding import Appraisal
from pausenet.values import REGISTER_ORIGIN, Digest, Origin, Seq, TreeSize
from pausenet.wire.queries import (
    QUERY_KINDS,
    Answer,
    AskAppraisals,
    AskBundle,
    AskCheckpoint,
    AskConsistency,
    AskEntries,
    AskFindings,
    AskInclusion,
    Query,
    method_of,
)
from pausenet.wire.status import Denial, status_of
from tests.node.certificates import AURORA, REGISTRAR, VERIFIERS, Net
from tests.node.links import Node, ask, node, say

V1 = VERIFIERS[0]
HEALTH = "/grpc.health.v1.Health/Check"
REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"


@dataclass
class Log:
    entries: list[bytes]
    tree: Tree
    note: Note | None


@dataclass
class Shelf:
    """A reader over the register's own log, with one bundle beside it."""

    net: Net
    more: dict[Origin, Log] = field(default_factory=dict)

    def log(self, origin: Origin) -> Log | None:
        if origin != REGISTER_ORIGIN:
            return self.more.get(origin)
        entries = list(self.net.register.entries)
        tree = Tree(leaf_hash(entry) for entry in entries)
        return Log(entries, tree, Note.decode(self.net.register.note))

    def appraisals(self) -> tuple[Appraisal, ...]:
        return ()

    def bundles(self) -> Mapping[Digest, bytes]:
        return {Digest.of(b"bundle"): b"bundle"}


def caller(net: Net, verifier: Node) -> Caller:
    return Caller(
        register=net.register,
        tls=net.files(REGISTRAR),
        limits=Limits(),
        peer=net.member(V1),
        address=verifier.address,
    )


def asked(net: Net, *asked: Query, shelf: Shelf | None = None) -> list[Answer]:
    async def story() -> list[Answer]:
        async with node(net, V1, listen=True, reader=shelf or Shelf(net)) as verifier:
            return [await caller(net, verifier).ask(query) for query in asked]

    return asyncio.run(story())


def test_an_auditor_can_check_a_log_without_trusting_its_holder(net: Net) -> None:
    register = net.register
    size = register.size
    note, entries, inclusion, consistency = asked(
        net,
        AskCheckpoint(origin=REGISTER_ORIGIN),
        AskEntries(origin=REGISTER_ORIGIN, start=Seq(0), end=size),
        AskInclusion(origin=REGISTER_ORIGIN, index=Seq(1), size=size),
        AskConsistency(origin=REGISTER_ORIGIN, old=TreeSize(3), new=size),
    )
    assert note == (register.note,)
    assert entries == register.entries
    verify_inclusion(leaf_hash(entries[1]), 1, size, inclusion, register.root)
    old = Tree(leaf_hash(entry) for entry in entries[:3]).root(TreeSize(3))
    verify_consistency(3, size, consistency, old, register.root)


def test_appraisals_findings_and_bundles_are_handed_out(net: Net) -> None:
    bundle = Digest.of(b"bundle")
    assert asked(net, AskAppraisals(), AskFindings(), AskBundle(id=bundle)) == [
        (),
        (bundle,),
        (b"bundle",),
    ]


def test_entries_stop_where_an_answer_is_full(net: Net) -> None:
    origin = net.member(AURORA).origin
    big = [bytes(65_000)] * 40
    shelf = Shelf(net, {origin: Log(big, Tree(map(leaf_hash, big)), None)})
    (entries,) = asked(net, AskEntries(origin=origin, start=Seq(0), end=TreeSize(40)), shelf=shelf)
    assert len(entries) == BATCH_BYTES_MAX // 65_000


NOT_HELD: dict[str, Query] = {
    "a log": AskCheckpoint(origin=Origin("pausenet.0123456789abcdef0123456789abcdef/lab/aurora")),
    "entries": AskEntries(origin=REGISTER_ORIGIN, start=Seq(9_999), end=TreeSize(10_000)),
    "a size": AskInclusion(origin=REGISTER_ORIGIN, index=Seq(0), size=TreeSize(2**53 - 1)),
    "a bundle": AskBundle(id=Digest(bytes(32))),
}


@pytest.mark.parametrize("case", NOT_HELD)
def test_what_is_not_held_is_not_found(net: Net, case: str) -> None:
    with pytest.raises(NodeError, match="NOT_FOUND: not-held"):
        asked(net, NOT_HELD[case])


@pytest.mark.parametrize("kind", QUERY_KINDS)
def test_malformed_queries_are_refused_with_a_fixed_text(net: Net, kind: type[Query]) -> None:
    async def story() -> None:
        async with node(net, V1, listen=True, reader=Shelf(net)) as verifier:
            reply = await ask(
                net, net.files(AURORA), verifier.address, method_of(kind), b"\xff" * 40
            )
            status = status_of(Refusal.MALFORMED)
            assert (reply.code, reply.text) == (status.code, status.text)

    asyncio.run(story())


def test_health_and_reflection_answer_members(net: Net) -> None:
    async def story() -> None:
        async with node(net, V1, listen=True) as verifier:
            files = net.files(AURORA)
            reply = await ask(net, files, verifier.address, HEALTH, b"")
            serving = health_pb2.HealthCheckResponse.SERVING
            assert health_pb2.HealthCheckResponse.FromString(reply.messages[0]).status == serving
            request = reflection_pb2.ServerReflectionRequest(list_services="")
            reply = await say(net, files, verifier.address, REFLECTION, request.SerializeToString())
            response = reflection_pb2.ServerReflectionResponse.FromString(reply.messages[0])
            names = {service.name for service in response.list_services_response.service}
            assert {"pausenet.wire.v1.Publication", "grpc.health.v1.Health"} <= names

    asyncio.run(story())


@pytest.mark.parametrize("method", [HEALTH, REFLECTION])
def test_health_and_reflection_refuse_strangers_and_garbage_alike(net: Net, method: str) -> None:
    async def story() -> None:
        async with node(net, V1, listen=True) as verifier:
            stranger = net.write("stranger", net.keys[AURORA], net.certify(AURORA, []))
            reply = await say(net, stranger, verifier.address, method, b"")
            assert reply.text == status_of(Denial.NO_IDENTITY).text
            reply = await say(net, net.files(AURORA), verifier.address, method, b"\xff" * 40)
            assert reply.code is StatusCode.INVALID_ARGUMENT
            assert reply.text == status_of(Refusal.MALFORMED).text

    asyncio.run(story())
