"""The five states of a witness race over real HTTP, and a witness that is killed many times."""

from __future__ import annotations

import http.client
import os
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pausenet.errors import NodeError
from pausenet.log.addcheckpoint import SIZE_TYPE, decode_lines, decode_size, origin_hash
from pausenet.log.checkpoint import Checkpoint
from pausenet.log.cosignature import Cosignature
from pausenet.log.merkle import Tree
from pausenet.log.opened import open_note
from pausenet.log.vkey import VerifierKey
from pausenet.node.edge.alone import WitnessConfig, open_witness
from pausenet.node.store.mark import Mark
from pausenet.values import TreeSize
from tests.node.witnesses import Got, Log, WitnessProcess, fetch, post, write_policy

pytestmark = pytest.mark.processes

KILLS = 24
RACES = 8
CROWD = 12
LOGS = (Log(1), Log(2))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[WitnessProcess]:
    one = WitnessProcess(write_policy(tmp_path / "policy", *LOGS), tmp_path / "state")
    one.start()
    yield one
    one.kill()


def monitored(port: int, log: Log) -> Got:
    return fetch(port, "GET", f"/{origin_hash(log.origin)}/checkpoint")


def test_a_new_checkpoint_is_cosigned_and_can_be_monitored(witness: WitnessProcess) -> None:
    key, log = VerifierKey.decode(witness.vkey), LOGS[0]
    assert monitored(witness.port, log).status == 404
    for old, size in ((0, 8), (8, 8), (8, 300)):
        got = post(witness.port, log.body(old, size))
        assert got.status == 200
        decode_lines(got.body, log.note(size).body, key)
        shown = monitored(witness.port, log)
        assert shown.type == "text/plain; charset=utf-8"
        opened = open_note(shown.body, log.key, (key,))
        assert (opened.checkpoint.size, len(opened.cosignatures)) == (size, 1)
    assert monitored(witness.port, LOGS[1]).status == 404


def test_first_state_a_stale_old_size_gets_the_stored_one(witness: WitnessProcess) -> None:
    log = LOGS[0]
    post(witness.port, log.body(0, 8))
    for old, size in ((0, 8), (5, 8), (5, 300), (9, 300)):
        got = post(witness.port, log.body(old, size))
        assert (got.status, got.type, got.body) == (409, SIZE_TYPE, b"8\n")


def test_second_state_the_same_size_with_another_root_is_a_conflict(
    witness: WitnessProcess,
) -> None:
    log = LOGS[0]
    post(witness.port, log.body(0, 8))
    before = monitored(witness.port, log).body
    got = post(witness.port, log.body(8, 8, log.fork))
    assert got.status == 409
    assert got.type != SIZE_TYPE
    assert monitored(witness.port, log).body == before


def test_third_state_a_bad_proof_is_not_processed(witness: WitnessProcess) -> None:
    log = LOGS[0]
    post(witness.port, log.body(0, 8))
    before = monitored(witness.port, log).body
    assert post(witness.port, log.body(8, 300, log.fork)).status == 422
    assert monitored(witness.port, log).body == before


def test_fourth_state_an_unknown_origin_is_not_found_and_a_stranger_forbidden(
    witness: WitnessProcess,
) -> None:
    assert post(witness.port, Log(3).body(0, 8)).status == 404
    thief = Log(3)
    thief.origin = LOGS[0].origin
    assert post(witness.port, thief.body(0, 8)).status == 403
    assert monitored(witness.port, LOGS[0]).status == 404


def test_fifth_state_of_concurrent_submissions_one_history_comes_out(
    witness: WitnessProcess,
) -> None:
    """Many race from one old size on two histories: one is cosigned, the others learn of it."""
    log, key = LOGS[0], VerifierKey.decode(witness.vkey)
    size, tree = 0, None
    for step in range(3):
        choices = [(size + 10 + n, [log.tree, log.fork][n % 2]) for n in range(16)]
        bodies = [log.body(size, *choice) for choice in choices]
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(post, [witness.port] * 16, bodies))
        won = [n for n, got in enumerate(answers) if got.status == 200]
        assert len(won) == 1
        old, (size, shown) = size, choices[won[0]]
        decode_lines(answers[won[0]].body, log.note(size, shown).body, key)
        lost = [got for got in answers if got.status != 200]
        told = {decode_size(got.body) for got in lost if got.type == SIZE_TYPE}
        assert told <= {old, size}
        assert {got.status for got in lost} <= {409, 422}
        if step:
            assert shown is tree
        tree = shown


def test_what_was_answered_outlives_every_kill_and_nothing_ever_goes_back(
    tmp_path: Path,
) -> None:
    policy, state = write_policy(tmp_path / "policy", *LOGS), tmp_path / "state"
    witness, signed = WitnessProcess(policy, state), list[Cosignature]()
    choose = random.Random(5)
    for kill in range(KILLS):
        witness.start()
        key = VerifierKey.decode(witness.vkey)
        for log in LOGS:
            answered = max((c.checkpoint.size for c in of(signed, log)), default=0)
            shown = monitored(witness.port, log)
            if answered:
                assert open_note(shown.body, log.key, (key,)).checkpoint.size >= answered
        stop = threading.Event()
        crowd = [
            threading.Thread(
                target=submit, args=(log, witness.port, key, signed, stop, kill * 8 + n)
            )
            for n in range(2)
            for log in LOGS
        ]
        for each in crowd:
            each.start()
        time.sleep(choose.uniform(0.02, 0.2))
        witness.kill()
        lose_what_is_not_durable(state)
        stop.set()
        for each in crowd:
            each.join()
    assert len(signed) > KILLS
    for log in LOGS:
        ours = sorted(of(signed, log), key=lambda each: (each.time, each.checkpoint.size))
        sizes = [each.checkpoint.size for each in ours]
        assert sizes == sorted(sizes)
        heads = [each.checkpoint for each in ours]
        assert all(on(log.tree, heads)) or all(on(log.fork, heads))
        assert max(sizes) > 5  # where the two histories part


def test_after_every_kill_in_a_race_each_state_is_answered_by_what_was_answered(
    tmp_path: Path,
) -> None:
    """A crowd races from one size, on two histories; the witness dies and forgets what it may."""
    policy, state = write_policy(tmp_path / "policy", *LOGS), tmp_path / "state"
    witness, log, size, tree = WitnessProcess(policy, state), LOGS[0], 0, LOGS[0].tree
    choose = random.Random(11)
    answered = 0
    for race in range(RACES):
        witness.start()
        answers = list[tuple[int, Tree]]()
        crowd = [
            threading.Thread(target=race_from, args=(log, witness.port, size, tree, n, answers))
            for n in range(CROWD)
        ]
        for each in crowd:
            each.start()
        end = time.monotonic() + (10 if race % 2 else choose.uniform(0.0, 0.03))
        while time.monotonic() < end and not answers:
            time.sleep(0.001)
        witness.kill()
        lose_what_is_not_durable(state)
        for each in crowd:
            each.join()
        assert len(answers) <= 1
        answered += len(answers)
        witness.start()
        shown = monitored(witness.port, log)
        if answers:
            assert shown.status == 200
            key = VerifierKey.decode(witness.vkey)
            head = open_note(shown.body, log.key, (key,)).checkpoint
            assert (head.size, head.root) == (answers[0][0], answers[0][1].root(answers[0][0]))
        if shown.status == 200:  # also what was cosigned and died before it was answered
            size = open_note(shown.body, log.key).checkpoint.size
            root = open_note(shown.body, log.key).checkpoint.root
            tree = log.tree if log.tree.root(TreeSize(size)) == root else log.fork
            answer_as_specified(witness.port, log, size, tree)
            assert monitored(witness.port, log).body == shown.body
        else:
            assert size == 0, race
        witness.kill()
    assert answered >= RACES // 2  # in every other race one is waited for
    assert size > 5  # where the two histories part


def race_from(
    log: Log, port: int, old: int, tree: Tree, number: int, answers: list[tuple[int, Tree]]
) -> None:
    """Submit one checkpoint above a size; from nothing on, half of the crowd shows the fork."""
    shown = [tree, log.fork][number % 2] if old == 0 else tree
    size = old + 6 + number
    try:
        got = post(port, log.body(old, size, shown))
    except (OSError, http.client.HTTPException):
        return  # killed before it had answered whole
    if got.status == 200:
        answers.append((size, shown))


def answer_as_specified(port: int, log: Log, size: int, tree: Tree) -> None:
    """Four of the five states, at the size that the witness stands at; nothing is cosigned."""
    other = log.fork if tree is log.tree else log.tree
    stale = post(port, log.body(size - 1, size + 1, tree))
    assert (stale.status, stale.type, stale.body) == (409, SIZE_TYPE, b"%d\n" % size)
    rival = post(port, log.body(size, size, other))
    assert rival.status == 409
    assert rival.type != SIZE_TYPE
    assert post(port, log.body(size, size + 3, other)).status == 422
    assert post(port, Log(3).body(0, 8)).status == 404


def lose_what_is_not_durable(state: Path) -> None:
    """What a power cut may do at the worst: nothing is left that no fsync has covered."""
    for path in (state / "guard").glob("cosigned-*.log"):
        mark = Mark(path.with_suffix(".durable"))
        os.truncate(path, mark.value)
        mark.close()


def of(signed: list[Cosignature], log: Log) -> list[Cosignature]:
    return [each for each in list(signed) if each.checkpoint.origin == log.origin]


def on(tree: object, heads: list[Checkpoint]) -> Iterator[bool]:
    return (head.root == tree.root(head.size) for head in heads)


def submit(
    log: Log,
    port: int,
    key: VerifierKey,
    signed: list[Cosignature],
    stop: threading.Event,
    seed: int,
) -> None:
    """A log that shows one history and, every third time, tries the other one."""
    choose, old = random.Random(seed), 0
    while not stop.is_set():
        tree = log.fork if choose.random() < 0.3 else log.tree
        size = min(old + choose.randrange(4), 600)
        try:
            got = post(port, log.body(old, size, tree))
        except (OSError, http.client.HTTPException):
            continue  # killed before it had answered whole
        if got.status == 200:
            signed.append(decode_lines(got.body, log.note(size, tree).body, key))
            old = size
        elif got.type == SIZE_TYPE:
            old = decode_size(got.body)


def test_one_state_has_one_process(witness: WitnessProcess, tmp_path: Path) -> None:
    config = WitnessConfig(policy=tmp_path / "policy", state=tmp_path / "state")
    with pytest.raises(NodeError, match="another process"):
        open_witness(config)
