"""What a node is told at start, and the public files of its network.

    NET/network.json    name, speed, start, and where each participant is reached
    NET/register.json   the register's entries and the registrar's checkpoint, in base64
    NET/ca.pem          the certificate authority

All three are public. Only the network id makes them trustworthy: it pins the register, and the
register pins every key.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pausenet.errors import InvalidRegister, MalformedFile, Misuse, NodeError
from pausenet.node import names
from pausenet.node.identity import TlsFiles, tls_files
from pausenet.node.store import Places
from pausenet.node.store.disk import read_file
from pausenet.protocol.register import Register
from pausenet.statements.agreement import Schedule
from pausenet.values import INTEGER_MAX, NetworkId, NetworkTime, ParticipantId, PeriodIndex, Role

PUBLIC_FILE_BYTES_MAX: Final = 64 * 1024 * 1024
NETWORK_FILE: Final = names.NETWORK_FILE
REGISTER_FILE: Final = "register.json"
CA_FILE: Final = "ca.pem"
SAMPLES_FILE: Final = "samples.jsonl"
ACTS_FILE: Final = "acts.jsonl"

_ADDRESS: Final = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9a-f:]{2,39}\]):([0-9]{1,5})\Z"
)


def _address(text: str) -> str:
    """Check `host:port`; an empty text stands for a participant that nobody connects to."""
    match = _ADDRESS.match(text)
    if text and (match is None or int(match[2]) > 65_535):
        raise ValueError(f"expected host:port, found {text!r:.80}")
    return text


def split_address(text: str) -> tuple[str, int]:
    """The host and the port of `host:port`; raise `Misuse` for another text."""
    match = _ADDRESS.match(text)
    if match is None or int(match[2]) > 65_535:
        raise Misuse(f"expected host:port, found {text!r:.80}")
    return match[1].strip("[]"), int(match[2])


Whole: TypeAlias = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
Address: TypeAlias = Annotated[str, AfterValidator(_address)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ParticipantEntry(_File):
    """One participant of `network.json`: where verifiers take calls, and everybody's HTTP edge."""

    role: Role
    address: Address
    http: Address = ""


class NetworkFile(_File):
    """The content of `network.json`.

    `start` is the Unix time at which network time stands at `time_zero`; 0 until the network is
    brought up. With `periods` network time stands still after so many, since there are samples for
    no more; with 0 it goes on for ever. The rest repeats the register for people's eyes.
    """

    network_id: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    name: Annotated[str, Field(max_length=64)]
    speed: Annotated[int, Field(ge=1, le=10_000_000)]
    time_zero: Whole
    start: Whole
    periods: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    participants: dict[str, ParticipantEntry]

    @property
    def zero(self) -> NetworkTime:
        """Network time at the start."""
        return NetworkTime(self.time_zero)

    def stands_at(self, schedule: Schedule) -> NetworkTime | None:
        """When network time stands still: before anything is due of a period without samples.

        The cuts of all periods with samples have been taken by then. None: never.
        """
        if self.periods == 0:
            return None
        return NetworkTime(min(INTEGER_MAX, schedule.close(PeriodIndex(self.periods)) - 1))

    def encode(self) -> bytes:
        """Write the file."""
        return self.model_dump_json(indent=2).encode() + b"\n"


class RegisterFile(_File):
    """The content of `register.json`."""

    entries: Annotated[list[str], Field(max_length=1024)]
    note: str

    def encode(self) -> bytes:
        """Write the file."""
        return self.model_dump_json(indent=2).encode() + b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeConfig:
    """What one node is told at start.

    `home` is NET/<id>, `public` NET itself or, where every participant has a volume of its own,
    `home` again. `network_id` pins the register; None believes the directory that `init` made.
    `passphrase` is a source for `keystore.read_passphrase`, empty for keys in the clear.
    `samples` are JSON Lines, `-` for standard input, None for `home/samples.jsonl` if there is
    one. `listen` and `http` override the addresses of `network.json`. `http_entries` says whether
    the HTTP edge gives the log's entries to everybody; None: verifiers' and adjudicators' always,
    others' on loopback only. `witness_policy` names outside logs to witness and outside witnesses
    to ask.
    """

    id: ParticipantId
    home: Path
    public: Path
    network_id: NetworkId | None = None
    passphrase: str = ""
    samples: Path | None = None
    recording: Path | None = None
    log_file: Path | None = None
    listen: str = ""
    http: str = ""
    http_entries: bool | None = None
    witness_policy: Path | None = None
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    grace_s: float = 3.0

    @property
    def places(self) -> Places:
        """Where the guard and the data are."""
        return Places(guard=self.home / "guard", data=self.home / "data")

    @property
    def keys(self) -> Path:
        """Where the keys are."""
        return self.home / "keys"

    @property
    def tls(self) -> TlsFiles:
        """Where the TLS files are."""
        return tls_files(self.home, self.public)


def read_network(directory: Path) -> NetworkFile:
    """Read `network.json`; raise `MalformedFile` for another content."""
    path = directory / NETWORK_FILE
    try:
        return NetworkFile.model_validate_json(_public(path))
    except ValidationError as error:
        raise _malformed(path, error) from error


def read_register(directory: Path, network_id: NetworkId | None) -> Register:
    """Read `register.json` and check it under a network id; the one of `network.json` if None.

    Raises `MalformedFile` for another content, `InvalidRegister` for one that does not hold.
    """
    path = directory / REGISTER_FILE
    try:
        found = RegisterFile.model_validate_json(_public(path))
        entries = tuple(base64.b64decode(entry, validate=True) for entry in found.entries)
        note = base64.b64decode(found.note, validate=True)
    except ValidationError as error:
        raise _malformed(path, error) from error
    except binascii.Error as error:
        raise MalformedFile(str(path), 0, 0, f"not base64: {error}") from error
    pinned = network_id or NetworkId.from_hex(read_network(directory).network_id)
    register = Register.load(entries, note, pinned)
    if register.genesis.speed != read_network(directory).speed:
        raise InvalidRegister(f"{directory / NETWORK_FILE}: speed is not the register's")
    return register


def encode_register(register: Register) -> bytes:
    """Write `register.json`."""
    return RegisterFile(
        entries=[base64.b64encode(entry).decode() for entry in register.entries],
        note=base64.b64encode(register.note).decode(),
    ).encode()


def _public(path: Path) -> bytes:
    data = read_file(path)
    if data is None:
        raise NodeError(f"{path}: no such file; has the network been made?")
    if len(data) > PUBLIC_FILE_BYTES_MAX:
        raise MalformedFile(str(path), 0, 0, f"larger than {PUBLIC_FILE_BYTES_MAX} bytes")
    return data


def _malformed(path: Path, error: ValidationError) -> MalformedFile:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return MalformedFile(str(path), 0, 0, f"{place}: {first['msg']}".removeprefix(": "))
