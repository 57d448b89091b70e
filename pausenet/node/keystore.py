"""Keys on the disk: one PKCS#8 PEM a purpose, readable by their owner alone (protocol.md 5.3).

    keys/                             mode 0700
    keys/log.pem                      mode 0600, encrypted where a passphrase is given
    keys/chain.pem                    a verifier's seed of its hash chain, in the same form (7.4)
    keys/later/0001-rotation/log.pem  a set that replaces the ones before it, in order

A passphrase comes from a file descriptor or a file, or from a file that an environment variable
names; never from a command line, which every process of the machine can read.
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import replace
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pausenet.crypto.keys import SEED_LENGTH, SigningKey
from pausenet.errors import Misuse, NodeError
from pausenet.node.store.disk import DIRECTORY_MODE, over_disk, write_new
from pausenet.protocol.register import Keyring
from pausenet.statements.keychange import rotated_purposes
from pausenet.statements.register import Purpose, purposes_of
from pausenet.values import ParticipantId, Role, Salt

PASSPHRASE_BYTES_MIN: Final = 12
PASSPHRASE_BYTES_MAX: Final = 1_023
CHAIN_FILE: Final = "chain.pem"
KEY_FILE_BYTES_MAX: Final = 16_384
_LATER: Final = "later"
_ROTATION: Final = "-rotation"
_RECOVERY: Final = "-recovery"


class Passphrase:
    """What opens encrypted keys; no `repr`, `str` or pickle shows it."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if not PASSPHRASE_BYTES_MIN <= len(secret) <= PASSPHRASE_BYTES_MAX:
            raise NodeError(
                f"passphrase: expected {PASSPHRASE_BYTES_MIN}..{PASSPHRASE_BYTES_MAX} bytes"
            )
        self._secret = secret

    def reveal(self) -> bytes:
        """The bytes themselves, for the one call that needs them."""
        return self._secret

    def __repr__(self) -> str:
        return "Passphrase(redacted)"

    def __reduce__(self) -> str:
        raise TypeError("a Passphrase is not pickled: it would carry its secret away")


def read_passphrase(source: str) -> Passphrase:
    """Read a passphrase from `fd:N`, `file:PATH` or `env:NAME` (which names a file).

    One newline at the end is not part of it. A file must belong to this user and be closed to
    everybody else. Raises `NodeError`, which says nothing of what was read.
    """
    kind, _, rest = source.partition(":")
    if kind == "fd" and rest.isascii() and rest.isdecimal():
        fd = os.dup(_checked_fd(int(rest)))
    elif kind == "file" and rest:
        fd = _open_private(Path(rest))
    elif kind == "env" and rest:
        if not os.environ.get(rest):
            raise NodeError(f"passphrase: the environment variable {rest} names no file")
        fd = _open_private(Path(os.environ[rest]))
    else:
        raise NodeError("passphrase: expected fd:N, file:PATH or env:NAME, never the words")
    with os.fdopen(fd, "rb") as file:
        return Passphrase(file.read(PASSPHRASE_BYTES_MAX + 2).removesuffix(b"\n"))


def make_keys(
    directory: Path, participant: ParticipantId, role: Role, passphrase: Passphrase | None
) -> Keyring:
    """Draw fresh keys for every purpose of a role and write them; no file may be there yet."""
    make_private_directory(directory)
    seeds = {purpose: secrets.token_bytes(SEED_LENGTH) for purpose in purposes_of(role)}
    for purpose, seed in seeds.items():
        write_new(directory / f"{purpose}.pem", _to_pem(seed, passphrase))
    chain = None
    if role is Role.VERIFIER:
        chain = Salt(secrets.token_bytes(Salt.LENGTH))
        write_new(directory / CHAIN_FILE, _to_pem(chain, passphrase))
    return _keyring(participant, role, seeds, chain)


def load_keys(
    directory: Path, participant: ParticipantId, role: Role, passphrase: Passphrase | None
) -> Keyring:
    """Read the keys of a role; raise `NodeError` for a missing, open or unreadable one."""
    require_private_directory(directory)
    seeds = {
        purpose: _from_pem(directory / f"{purpose}.pem", passphrase)
        for purpose in purposes_of(role)
    }
    chain = None
    if role is Role.VERIFIER:
        chain = Salt(_from_pem(directory / CHAIN_FILE, passphrase))
    first = _keyring(participant, role, seeds, chain)
    later = []
    for place in _later(directory):
        require_private_directory(place)
        new = {
            purpose: _from_pem(place / f"{purpose}.pem", passphrase)
            for purpose in rotated_purposes(role)
        }
        ring = _keyring(participant, role, {**new, Purpose.RECOVERY: seeds[Purpose.RECOVERY]})
        later.append(replace(ring, recovers=place.name.endswith(_RECOVERY)))
    return replace(first, later=tuple(later))


def add_keys(
    directory: Path,
    participant: ParticipantId,
    role: Role,
    passphrase: Passphrase | None,
    *,
    recovers: bool,
) -> Keyring:
    """Draw a set of keys that replaces the latest one, by a recovery or by a rotation.

    The node puts it into use at its next start. Raises `NodeError` where the keys that are there
    cannot be read: a passphrase that opens them must open the new ones too.
    """
    held = load_keys(directory, participant, role, passphrase)
    make_private_directory(directory / _LATER)
    name = f"{len(held.later) + 1:04d}{_RECOVERY if recovers else _ROTATION}"
    unfinished = directory / _LATER / f".{name}"
    make_private_directory(unfinished)
    for purpose in rotated_purposes(role):
        path = unfinished / f"{purpose}.pem"
        path.unlink(missing_ok=True)
        write_new(path, _to_pem(secrets.token_bytes(SEED_LENGTH), passphrase))
    with over_disk(unfinished):
        unfinished.rename(directory / _LATER / name)
    return load_keys(directory, participant, role, passphrase)


def _later(directory: Path) -> list[Path]:
    """The whole sets that follow the first, in order."""
    place = directory / _LATER
    if not place.exists():
        return []
    require_private_directory(place)
    return sorted(each for each in place.iterdir() if not each.name.startswith("."))


def make_key(path: Path, passphrase: Passphrase | None) -> SigningKey:
    """Draw one fresh key that belongs to no participant, and write it; no file may be there."""
    seed = secrets.token_bytes(SEED_LENGTH)
    write_new(path, _to_pem(seed, passphrase))
    return SigningKey.from_seed(seed)


def load_key(path: Path, passphrase: Passphrase | None) -> SigningKey:
    """Read one key; raise `NodeError` for a missing, open or unreadable one."""
    return SigningKey.from_seed(_from_pem(path, passphrase))


def make_private_directory(directory: Path) -> None:
    """Make a directory for its owner alone, or require that it is one."""
    with over_disk(directory):
        directory.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
    require_private_directory(directory)


def require_private_directory(directory: Path) -> None:
    """Raise `NodeError` unless this is a directory of this user, of mode 0700."""
    with over_disk(directory):
        found = os.lstat(directory)
    if not stat.S_ISDIR(found.st_mode):
        raise NodeError(f"{directory}: expected a directory")
    _require_private(directory, found, DIRECTORY_MODE)


def read_private(path: Path) -> bytes:
    """Read a key file; raise `NodeError` unless it is a file of this user, of mode 0600."""
    with os.fdopen(_open_private(path), "rb") as file:
        return file.read(KEY_FILE_BYTES_MAX + 1)


def _to_pem(seed: bytes, passphrase: Passphrase | None) -> bytes:
    cipher: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        cipher = serialization.BestAvailableEncryption(passphrase.reveal())
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cipher)


def _from_pem(path: Path, passphrase: Passphrase | None) -> bytes:
    data = read_private(path)
    secret = None if passphrase is None else passphrase.reveal()
    if b"ENCRYPTED" not in data:
        secret = None
    try:
        key = serialization.load_pem_private_key(data, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # one text for a wrong passphrase, a missing one and a damaged file: no oracle (O6)
        raise NodeError(f"{path}: cannot be opened with this passphrase") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise NodeError(f"{path}: expected an Ed25519 key")
    return key.private_bytes_raw()


def _keyring(
    participant: ParticipantId, role: Role, seeds: dict[Purpose, bytes], chain: Salt | None = None
) -> Keyring:
    keys = {purpose: SigningKey.from_seed(seed) for purpose, seed in seeds.items()}
    if len({key.public_key for key in keys.values()}) != len(keys):
        raise NodeError(f"{participant}: one key stands under two purposes")
    missing = {Purpose.STATEMENT, Purpose.LOG, Purpose.RECOVERY} - set(keys)
    if missing:
        raise Misuse(f"a {role} without {min(missing)}")
    return Keyring(
        id=participant,
        role=role,
        statement=keys[Purpose.STATEMENT],
        log=keys[Purpose.LOG],
        recovery=keys[Purpose.RECOVERY],
        storing=keys.get(Purpose.STORING),
        witness=keys.get(Purpose.WITNESS),
        chain=chain,
    )


def _open_private(path: Path) -> int:
    with over_disk(path):
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise NodeError(f"{path}: expected a file")
        _require_private(path, found, 0o600)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _require_private(path: Path, found: os.stat_result, mode: int) -> None:
    if found.st_uid != os.geteuid():
        raise NodeError(f"{path}: belongs to another user")
    if stat.S_IMODE(found.st_mode) & ~mode:
        raise NodeError(
            f"{path}: expected mode {mode:04o}, found {stat.S_IMODE(found.st_mode):04o}"
        )


def _checked_fd(fd: int) -> int:
    try:
        os.fstat(fd)
    except OSError as error:
        raise NodeError(f"passphrase: file descriptor {fd} is not open") from error
    return fd
