"""What a witness keeps on its disk: nothing without records, and none lost to a change of file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pausenet.errors import MalformedFile, MalformedRecord, Misuse, NodeError
from pausenet.log.addcheckpoint import origin_hash
from pausenet.log.vkey import KeyName, VerifierKey
from pausenet.node.edge.alone import WitnessConfig, open_witness
from pausenet.node.edge.desk import WitnessDesk
from pausenet.node.store import witnessed
from pausenet.node.store.witnessed import WitnessRecords
from pausenet.protocol.witness import Code, Record, Witness
from pausenet.values import TreeSize
from tests.node.witnesses import Log, write_policy


def record(size: int, origin: str = "example.org/log") -> Record:
    return Record(origin=KeyName(origin), size=TreeSize(size), note=b"note %d" % size)


def fill(directory: Path, *sizes: int) -> None:
    records = WitnessRecords(directory, may_be_new=True)
    for size in sizes:
        records.write(record(size))
    records.close()


def reread(directory: Path) -> tuple[bytes, ...]:
    records = WitnessRecords(directory, may_be_new=False)
    found = records.records()
    records.close()
    return found


def test_what_was_written_is_found_in_order(tmp_path: Path) -> None:
    fill(tmp_path, 3, 5, 8)
    assert reread(tmp_path) == (b"note 3", b"note 5", b"note 8")


def test_a_key_without_records_must_not_sign(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match="must not sign"):
        WitnessRecords(tmp_path / "guard", may_be_new=False)
    fill(tmp_path, 3)
    (tmp_path / "cosigned-1.log").unlink()
    with pytest.raises(NodeError, match="must not sign"):
        WitnessRecords(tmp_path, may_be_new=False)


def test_a_damaged_or_emptied_record_is_refused_by_name(tmp_path: Path) -> None:
    fill(tmp_path, 3, 5)
    path = tmp_path / "cosigned-1.log"
    whole = path.read_bytes()
    for damaged in (b"", whole[:-3], whole.replace(b"note 3", b"note 4")):
        path.write_bytes(damaged)
        with pytest.raises(MalformedRecord):
            WitnessRecords(tmp_path, may_be_new=False)


def test_two_processes_do_not_share_records(tmp_path: Path) -> None:
    first = WitnessRecords(tmp_path, may_be_new=True)
    with pytest.raises(NodeError, match="another process"):
        WitnessRecords(tmp_path, may_be_new=True)
    first.close()


def test_a_new_generation_keeps_the_last_of_each_and_drops_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnessed, "GENERATION_BYTES_MAX", 20)
    records = WitnessRecords(tmp_path, may_be_new=True)
    for size in (1, 2, 3, 4):
        records.write(record(size))
    assert records.grown
    records.renew((record(4), record(9, "example.org/other")))
    assert not records.grown
    records.write(record(5))
    records.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "cosigned-2.durable",
        "cosigned-2.log",
    ]
    assert reread(tmp_path) == (b"note 4", b"note 9", b"note 5")


def test_a_crash_between_two_generations_loses_nothing(tmp_path: Path) -> None:
    fill(tmp_path, 3, 5)
    old = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    records = WitnessRecords(tmp_path, may_be_new=False)
    records.renew((record(5),))
    records.write(record(8))
    records.close()
    for name, data in old.items():  # as if they had not been removed yet
        (tmp_path / name).write_bytes(data)
    both = WitnessRecords(tmp_path, may_be_new=False)
    assert both.grown
    assert both.records() == (b"note 3", b"note 5", b"note 5", b"note 8")
    both.renew((record(8),))
    both.close()
    assert reread(tmp_path) == (b"note 8",)


# ---------------------------------------------------------------------- a witness's desk


def test_while_its_node_may_not_sign_a_witness_rests(tmp_path: Path) -> None:
    log, allowed = Log(1), [False]
    machine = Witness(name=KeyName("w.example"), signer=Log(2).signer, logs=(log.key,))
    records = WitnessRecords(tmp_path, may_be_new=True)
    desk = WitnessDesk(machine, records, may_sign=lambda: allowed[0])

    async def talk() -> None:
        assert (await desk.submit(log.body(0, 8))).code is Code.NOT_SIGNING
        allowed[0] = True
        assert (await desk.submit(log.body(0, 8))).code is Code.COSIGNED
        await desk.close()

    asyncio.run(talk())
    assert len(reread(tmp_path)) == 1


def test_after_a_failure_of_the_disk_nothing_is_signed_or_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(1)
    machine = Witness(name=KeyName("w.example"), signer=Log(2).signer, logs=(log.key,))
    records = WitnessRecords(tmp_path, may_be_new=True)
    desk = WitnessDesk(machine, records)

    def full(_record: Record) -> None:
        raise NodeError("no space left")

    async def talk() -> None:
        assert (await desk.submit(log.body(0, 8))).code is Code.COSIGNED
        monkeypatch.setattr(records, "write", full)
        assert (await desk.submit(log.body(8, 9))).code is Code.NOT_SIGNING
        monkeypatch.undo()
        assert (await desk.submit(log.body(8, 9))).code is Code.NOT_SIGNING
        assert await desk.latest(origin_hash(log.origin)) is None
        await desk.close()

    asyncio.run(talk())
    assert desk.failed == "no space left"
    assert len(reread(tmp_path)) == 1


def test_the_desk_begins_a_new_generation_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnessed, "GENERATION_BYTES_MAX", 1_000)
    log = Log(1)
    machine = Witness(name=KeyName("w.example"), signer=Log(2).signer, logs=(log.key,))
    desk = WitnessDesk(machine, WitnessRecords(tmp_path, may_be_new=True))

    async def talk() -> None:
        for size in range(20):
            assert (await desk.submit(log.body(size, size + 1))).code is Code.COSIGNED
        await desk.close()

    asyncio.run(talk())
    (path,) = tmp_path.glob("cosigned-*.log")
    assert path.stat().st_size < 3_000
    again = Witness(name=machine.key.name, signer=Log(2).signer, logs=(log.key,))
    again.load(reread(tmp_path))
    assert again.held() == machine.held()


# ---------------------------------------------------------------------- a witness alone


def config(tmp_path: Path, **other: str) -> WitnessConfig:
    policy = write_policy(tmp_path / "policy", Log(1))
    return WitnessConfig(policy=policy, state=tmp_path / "state", **other)


def opened(told: WitnessConfig) -> VerifierKey:
    desk = open_witness(told)
    desk._records.close()
    return desk.witness.key


def test_key_and_name_are_made_once_and_kept(tmp_path: Path) -> None:
    first = opened(config(tmp_path, name="witness.example/w"))
    assert opened(config(tmp_path)) == first
    assert first.name == "witness.example/w"
    assert (tmp_path / "state/witness.vkey").read_text() == f"{first.encode()}\n"
    assert (tmp_path / "state/keys/witness.pem").stat().st_mode & 0o777 == 0o600
    with pytest.raises(NodeError, match=r"is called witness\.example/w"):
        opened(config(tmp_path, name="another.example"))


def test_without_a_name_it_is_called_by_its_key(tmp_path: Path) -> None:
    key = opened(config(tmp_path))
    assert key.name == f"pausenet.witness/{key.public_key.key_id[:32]}"


def test_a_key_that_is_encrypted_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery\n")
    secret.chmod(0o600)
    first = opened(config(tmp_path, passphrase=f"file:{secret}"))
    assert b"ENCRYPTED" in (tmp_path / "state/keys/witness.pem").read_bytes()
    assert opened(config(tmp_path, passphrase=f"file:{secret}")) == first
    with pytest.raises(NodeError, match="cannot be opened"):
        opened(config(tmp_path))


def test_a_state_that_lost_its_records_another_key_and_bad_names_are_refused(
    tmp_path: Path,
) -> None:
    opened(config(tmp_path))
    for path in (tmp_path / "state/guard").iterdir():
        path.unlink()
    with pytest.raises(NodeError, match="must not sign"):
        opened(config(tmp_path))
    with pytest.raises(Misuse):
        opened(WitnessConfig(policy=tmp_path / "policy", state=tmp_path / "b", name="a b"))


@pytest.mark.parametrize("text", [b"quorum none\n", b"log nonsense\nquorum none\n", b""])
def test_a_policy_without_logs_is_refused(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "policy").write_bytes(text)
    with pytest.raises(MalformedFile):
        open_witness(WitnessConfig(policy=tmp_path / "policy", state=tmp_path / "state"))
    assert not (tmp_path / "state").exists()
