"""Keys on the disk: who may read them, and what is said when they do not open (O6)."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from pausenet.errors import NodeError
from pausenet.node.keystore import (
    Passphrase,
    add_keys,
    load_keys,
    make_keys,
    read_passphrase,
)
from pausenet.values import ParticipantId, Role

AURORA = ParticipantId("aurora")
SECRET = Passphrase(b"correct horse battery")


def keys(tmp_path: Path, passphrase: Passphrase | None = None, role: Role = Role.LAB) -> Path:
    directory = tmp_path / "keys"
    make_keys(directory, AURORA, role, passphrase)
    return directory


@pytest.mark.parametrize("role", [Role.LAB, Role.METER, Role.VERIFIER, Role.REGISTRAR])
@pytest.mark.parametrize("passphrase", [None, SECRET])
def test_keys_come_back_the_same(tmp_path: Path, role: Role, passphrase: Passphrase | None) -> None:
    made = make_keys(tmp_path / "keys", AURORA, role, passphrase)
    assert load_keys(tmp_path / "keys", AURORA, role, passphrase) == made
    assert (made.storing is not None) == (role is Role.VERIFIER)


def test_no_key_is_the_same_as_another(tmp_path: Path) -> None:
    made = make_keys(tmp_path / "keys", AURORA, Role.VERIFIER, None)
    assert len({key.public_key for _, key in made.by_purpose()}) == 5


def test_an_encrypted_key_file_says_so_and_a_plain_one_opens_without(tmp_path: Path) -> None:
    directory = keys(tmp_path, SECRET)
    assert all(b"ENCRYPTED" in path.read_bytes() for path in directory.iterdir())


@pytest.mark.parametrize("wrong", [None, Passphrase(b"wrong horse battery")])
def test_a_wrong_passphrase_and_a_missing_one_get_the_same_words(
    tmp_path: Path, wrong: Passphrase | None
) -> None:
    with pytest.raises(NodeError) as raised:
        load_keys(keys(tmp_path, SECRET), AURORA, Role.LAB, wrong)
    assert str(raised.value).endswith("cannot be opened with this passphrase")
    assert raised.value.__cause__ is None


def test_a_damaged_key_file_gets_the_same_words(tmp_path: Path) -> None:
    directory = keys(tmp_path, SECRET)
    data = (directory / "log.pem").read_bytes()
    (directory / "log.pem").write_bytes(data[:60] + b"A" + data[61:-60])
    with pytest.raises(NodeError, match=r"log\.pem: cannot be opened with this passphrase"):
        load_keys(directory, AURORA, Role.LAB, SECRET)


def test_key_files_and_their_directory_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        directory = keys(tmp_path)
    finally:
        os.umask(before)
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in directory.iterdir()} == {0o600}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o700])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    directory = keys(tmp_path)
    (directory / "log.pem").chmod(mode)
    with pytest.raises(NodeError, match=rf"log\.pem: expected mode 0600, found 0{mode:o}"):
        load_keys(directory, AURORA, Role.LAB, None)


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_key_directory_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    directory = keys(tmp_path)
    directory.chmod(mode)
    with pytest.raises(NodeError, match="keys: expected mode 0700"):
        load_keys(directory, AURORA, Role.LAB, None)


def test_a_key_file_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("giving a file away needs root")
    directory = keys(tmp_path)
    os.chown(directory / "log.pem", 65_534, 65_534)
    with pytest.raises(NodeError, match="belongs to another user"):
        load_keys(directory, AURORA, Role.LAB, None)


def test_a_key_behind_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    directory = keys(tmp_path)
    (directory / "log.pem").rename(tmp_path / "elsewhere")
    (directory / "log.pem").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NodeError, match=r"log\.pem"):
        load_keys(directory, AURORA, Role.LAB, None)


def test_a_key_that_is_there_already_is_never_overwritten(tmp_path: Path) -> None:
    directory = keys(tmp_path)
    before = (directory / "log.pem").read_bytes()
    with pytest.raises(NodeError, match="File exists"):
        make_keys(directory, AURORA, Role.LAB, None)
    assert (directory / "log.pem").read_bytes() == before


def test_one_key_under_two_purposes_is_refused(tmp_path: Path) -> None:
    directory = keys(tmp_path)
    (directory / "log.pem").write_bytes((directory / "statement.pem").read_bytes())
    with pytest.raises(NodeError, match="one key stands under two purposes"):
        load_keys(directory, AURORA, Role.LAB, None)


def test_a_missing_key_is_refused(tmp_path: Path) -> None:
    directory = keys(tmp_path)
    (directory / "recovery.pem").unlink()
    with pytest.raises(NodeError, match=r"recovery\.pem: No such file"):
        load_keys(directory, AURORA, Role.LAB, None)


def test_neither_keys_nor_passphrases_show_themselves(tmp_path: Path) -> None:
    made = make_keys(tmp_path / "keys", AURORA, Role.LAB, SECRET)
    shown = f"{made!r} {SECRET!r} {SECRET}"
    assert "redacted" in shown
    assert SECRET.reveal().decode() not in shown
    with pytest.raises(TypeError):
        pickle.dumps(SECRET)


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_bytes(SECRET.reveal() + b"\n")
    path.chmod(0o600)
    return path


def test_a_passphrase_is_read_from_a_file_a_variable_or_a_descriptor(
    secret_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSPHRASE_FILE", str(secret_file))
    with secret_file.open("rb") as file:
        for source in (f"file:{secret_file}", "env:PASSPHRASE_FILE", f"fd:{file.fileno()}"):
            assert read_passphrase(source).reveal() == SECRET.reveal()


@pytest.mark.parametrize(
    "source",
    ["", "correct horse battery", "pass:x", "fd:", "fd:-1", "fd:x", "fd:999", "env:", "file:"],
)
def test_a_passphrase_from_anywhere_else_is_refused_and_not_repeated(source: str) -> None:
    with pytest.raises(NodeError) as raised:
        read_passphrase(source)
    assert "horse" not in str(raised.value)


def test_a_passphrase_file_open_to_others_is_refused(secret_file: Path) -> None:
    secret_file.chmod(0o644)
    with pytest.raises(NodeError, match="expected mode 0600"):
        read_passphrase(f"file:{secret_file}")


@pytest.mark.parametrize("length", [0, 11, 1_024, 5_000])
def test_a_passphrase_that_is_too_short_or_too_long_is_refused(
    secret_file: Path, length: int
) -> None:
    secret_file.write_bytes(b"x" * length)
    with pytest.raises(NodeError, match=r"expected 12\.\.1023 bytes"):
        read_passphrase(f"file:{secret_file}")


@pytest.mark.parametrize("role", [Role.LAB, Role.VERIFIER])
@pytest.mark.parametrize("passphrase", [None, SECRET])
def test_later_sets_come_back_in_order_and_leave_the_recovery_key(
    tmp_path: Path, role: Role, passphrase: Passphrase | None
) -> None:
    directory = keys(tmp_path, passphrase, role)
    add_keys(directory, AURORA, role, passphrase, recovers=False)
    made = add_keys(directory, AURORA, role, passphrase, recovers=True)
    assert load_keys(directory, AURORA, role, passphrase) == made
    assert [each.recovers for each in made.later] == [False, True]
    sets = (made, *made.later)
    assert len({each.recovery.public_key for each in sets}) == 1
    assert len({each.statement.public_key for each in sets}) == 3
    assert len({each.log.public_key for each in sets}) == 3


def test_new_keys_need_the_passphrase_that_opens_the_old_ones(tmp_path: Path) -> None:
    directory = keys(tmp_path, SECRET)
    with pytest.raises(NodeError, match="cannot be opened"):
        add_keys(directory, AURORA, Role.LAB, None, recovers=False)
    assert not (directory / "later").exists()


def test_a_set_that_was_not_finished_is_not_used(tmp_path: Path) -> None:
    directory = keys(tmp_path)
    made = add_keys(directory, AURORA, Role.LAB, None, recovers=False)
    (directory / "later" / ".0002-rotation").mkdir(mode=0o700)
    assert load_keys(directory, AURORA, Role.LAB, None) == made


def test_a_later_set_open_to_others_is_refused(tmp_path: Path) -> None:
    directory = keys(tmp_path)
    add_keys(directory, AURORA, Role.LAB, None, recovers=False)
    (directory / "later" / "0001-rotation").chmod(0o755)
    with pytest.raises(NodeError, match="mode"):
        load_keys(directory, AURORA, Role.LAB, None)
