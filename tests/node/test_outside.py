"""Asking outside witnesses: what counts, what is told of trouble, and what is never taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from pausenet.crypto.keys import SigningKey
from pausenet.errors import MalformedFile
from pausenet.log.addcheckpoint import SIZE_TYPE
from pausenet.log.checkpoint import Note
from pausenet.log.cosignature import cosigner_key
from pausenet.log.opened import open_note
from pausenet.log.policyfile import PolicyWitness, WitnessPolicy
from pausenet.log.vkey import KeyName
from pausenet.node.edge.outside import OutsideWitnesses, Reply, require_url
from pausenet.node.edge.published import PublishedLog, published
from pausenet.node.edge.routes import Edge
from pausenet.node.edge.server import Request, Response
from pausenet.protocol.witness import Witness
from pausenet.values import NetworkTime
from tests.log.notes import note_of
from tests.node.witnesses import Log

LOG = Log(1)
KEYS = {name: SigningKey.from_seed(bytes([50 + n]) * 32) for n, name in enumerate("abc")}
Post = Callable[[str, bytes], Reply]


def policy(*names: str, quorum: str = "none") -> WitnessPolicy:
    witnesses = tuple(
        PolicyWitness(
            name=name,
            key=cosigner_key(KeyName(f"{name}.example"), KEYS[name].public_key),
            url=f"http://{name}.example/w/",
        )
        for name in names
    )
    return WitnessPolicy(logs=(), witnesses=witnesses, groups=(), quorum=quorum)


class Witnesses:
    """Machines behind URLs; what is in `instead` is answered in their place."""

    def __init__(self) -> None:
        self.machines = {
            name: Witness(name=KeyName(f"{name}.example"), signer=key, logs=(LOG.key,))
            for name, key in KEYS.items()
        }
        self.instead: dict[str, Reply | OSError] = {}
        self.calls: list[str] = []

    def __call__(self, url: str, body: bytes) -> Reply:
        self.calls.append(url)
        name = url.removeprefix("http://")[0]
        assert url == f"http://{name}.example/w/add-checkpoint"
        other = self.instead.get(name)
        if isinstance(other, OSError):
            raise other
        if other is not None:
            return other
        _, answer = self.machines[name].submit(body, NetworkTime(1_700_000_000))
        return Reply(status=answer.code, type=answer.type, body=answer.body)


def ask(outside: OutsideWitnesses, *sizes: int) -> Note:
    note = LOG.note(0)

    async def rounds() -> None:
        nonlocal note
        for size in sizes:
            note = LOG.note(size)
            await outside.ask(note, LOG.tree)

    asyncio.run(rounds())
    return outside.with_lines(note)


def test_every_witness_is_asked_once_for_a_checkpoint_and_its_line_stands_beside() -> None:
    world = Witnesses()
    outside = OutsideWitnesses(policy("a", "b", quorum="b"), world)
    note = ask(outside, 8, 8, 30)
    assert len(world.calls) == 4
    keys = tuple(machine.key for machine in world.machines.values())
    assert len(open_note(note, LOG.key, keys).cosignatures) == 2
    report = outside.report(note.body)
    assert (report["size"], report["cosigned_by"], report["quorum"]) == (30, 2, "met")
    assert outside.report(LOG.note(31).body)["cosigned_by"] == 0


def test_a_witness_that_knows_more_of_the_past_is_asked_again_from_there() -> None:
    world = Witnesses()
    ask(OutsideWitnesses(policy("a"), world), 8)
    fresh = OutsideWitnesses(policy("a"), world)  # a node that has started again
    assert len(ask(fresh, 30).signatures) == 2
    assert len(world.calls) == 3


def test_a_witness_that_has_seen_a_longer_log_is_told_of_and_left_alone() -> None:
    world = Witnesses()
    ask(OutsideWitnesses(policy("a"), world), 30)
    behind = OutsideWitnesses(policy("a"), world)
    assert len(ask(behind, 8, 8).signatures) == 1
    assert "30 entries already" in str(behind.report(LOG.note(8).body))
    assert len(world.calls) == 2


def test_who_fails_rests_and_the_others_count() -> None:
    world = Witnesses()
    world.instead["a"] = OSError("refused")
    outside = OutsideWitnesses(policy("a", "b"), world)
    note = ask(outside, 8, 9, 10)
    assert [url[7] for url in world.calls].count("a") == 1
    assert len(note.signatures) == 2
    assert "refused" in str(outside.report(note.body))


FALSE = {
    "nothing": Reply(status=200, type="", body=b""),
    "not-a-line": Reply(status=200, type="", body=b"hello\n"),
    "a-redirect": Reply(status=302, type="", body=b""),
    "trouble": Reply(status=500, type="", body=b"x"),
    "another-size-for-ever": Reply(status=409, type=SIZE_TYPE, body=b"5\n"),
    "a-size-that-is-none": Reply(status=409, type=SIZE_TYPE, body=b"05\n"),
    "a-conflict": Reply(status=409, type="text/plain", body=b"8\n"),
    "too-long": Reply(status=200, type="", body=b"x\n" * 20_000),
    "another-witness": Reply(
        status=200, type="", body=note_of(LOG.note(8).body, 0).signatures[1].encode().encode()
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_answer_adds_no_line(name: str) -> None:
    world = Witnesses()
    world.instead["a"] = FALSE[name]
    outside = OutsideWitnesses(policy("a", quorum="a"), world)
    note = ask(outside, 8)
    assert note == LOG.note(8)
    report = outside.report(note.body)
    assert report["quorum"] == "not met"
    assert len(world.calls) <= 2


def test_nobody_asked_reports_nothing_and_only_urls_of_witnesses_are_called() -> None:
    assert OutsideWitnesses(policy()).report(None) == {}
    for bad in (
        "ftp://a",
        "file:///etc",
        "a.example",
        "http://u:p@a",
        "http://a/?x",
        "http://[",
        "",
    ):
        with pytest.raises(MalformedFile):
            require_url(bad)
    require_url("https://a.example:444/prefix/")


# ---------------------------------------------------------------------- what a node publishes


def test_the_cosigned_checkpoint_is_published_unless_it_is_of_another_log_or_ahead() -> None:
    stored, behind, ahead = (LOG.note(size).encode() for size in (20, 8, 21))
    assert published(stored, behind) == behind
    for other in (ahead, Log(2).note(8).encode(), b"nonsense"):
        assert published(stored, other) == stored


def test_entries_that_are_not_for_everybody_are_not_served_and_hashes_are(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_bytes(LOG.note(8).encode())
    for name, content in (("tile/0/000.p/8", b"h" * 256), ("tile/entries/000.p/8", b"\0\0" * 8)):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(content)

    def get(path: str, *, with_entries: bool) -> Response:
        log = PublishedLog(tmp_path, tmp_path / "none", with_entries=with_entries)
        request = Request(method="GET", path=path, body=b"", takes_gzip=False)
        return asyncio.run(Edge(log=log, witness=None).answer(request))

    assert get("/tile/entries/000.p/8", with_entries=False).status == 403
    assert get("/tile/entries/000.p/8", with_entries=True).status == 200
    for allowed in (True, False):
        assert get("/tile/0/000.p/8", with_entries=allowed).status == 200
        assert get("/checkpoint", with_entries=allowed).status == 200
        assert get("/add-checkpoint", with_entries=allowed).status == 404
