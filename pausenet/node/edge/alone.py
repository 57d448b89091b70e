"""A witness by itself, for anybody's logs: `pausenet witness` (experience.md 2).

    STATE/witness.vkey       its public name and key, for those who trust it
    STATE/keys/witness.pem   its key, mode 0600, encrypted where a passphrase is given
    STATE/guard/             what it has signed: must never be lost or restored from a copy
    STATE/status.json        what it says of itself: its URL and the sizes that it has cosigned

All of it is made at the first start. The records come before the key: a key without records is
one that has lost them, and does not sign.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from pausenet.errors import MalformedFile, Misuse, NodeError
from pausenet.log.cosignature import cosigner_key
from pausenet.log.policyfile import parse_policy
from pausenet.log.vkey import KeyName, VerifierKey
from pausenet.node.edge.desk import WitnessDesk
from pausenet.node.edge.routes import Edge
from pausenet.node.edge.server import HttpServer
from pausenet.node.keystore import (
    load_key,
    make_key,
    make_private_directory,
    read_passphrase,
)
from pausenet.node.names import STATUS_FILE
from pausenet.node.store.disk import read_file, replace_file, write_new
from pausenet.node.store.witnessed import WitnessRecords
from pausenet.protocol.witness import Witness

VKEY_FILE: Final = "witness.vkey"
KEY_FILE: Final = "witness.pem"
_STATUS_S: Final = 1.0
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessConfig:
    """What a witness is told at start; an empty name gives it one made of its key."""

    policy: Path
    state: Path
    name: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    passphrase: str = ""


def read_policy_logs(path: Path) -> tuple[VerifierKey, ...]:
    """The logs that a policy file names; raise `MalformedFile` for another content or none."""
    data = read_file(path)
    if data is None:
        raise MalformedFile(str(path), 0, 0, "no such file")
    logs = tuple(log.key for log in parse_policy(data, str(path)).logs)
    if not logs:
        raise MalformedFile(str(path), 0, 0, "no log line: there is nothing to witness")
    return logs


def open_witness(config: WitnessConfig) -> WitnessDesk:
    """Open a witness's state, or make it at the first start.

    Raises `NodeError` where the state cannot be used, `MalformedRecord` where it is damaged.
    """
    logs = read_policy_logs(config.policy)
    keys, guard = config.state / "keys", config.state / "guard"
    make_private_directory(config.state)
    make_private_directory(keys)
    secret = read_passphrase(config.passphrase) if config.passphrase else None
    is_new = not (keys / KEY_FILE).exists()
    records = WitnessRecords(guard, may_be_new=is_new)
    try:
        key = (make_key if is_new else load_key)(keys / KEY_FILE, secret)
        own = _own_name(config, cosigner_key(KeyName(_default_name(key.key_id)), key.public_key))
        return WitnessDesk(Witness(name=own.name, signer=key, logs=logs), records)
    except BaseException:
        records.close()
        raise


async def run_witness(config: WitnessConfig, ready: Callable[[str, str], None]) -> int:
    """Serve until SIGTERM or SIGINT; `ready` is told the vkey and the URL. The exit code."""
    desk = open_witness(config)
    server = HttpServer(Edge(log=None, witness=desk).answer)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for which in _SIGNALS:
        loop.add_signal_handler(which, stop.set)
    try:
        port = await server.start(config.host, config.port)
        host = f"[{config.host}]" if ":" in config.host else config.host
        url = f"http://{host}:{port}"
        ready(desk.witness.key.encode(), url)
        while not stop.is_set():
            content = _status(desk, url, await desk.sizes())
            replace_file(config.state / STATUS_FILE, content, durable=False)
            try:
                await asyncio.wait_for(stop.wait(), _STATUS_S)
            except TimeoutError:
                continue
        return 4 if desk.failed else 0
    finally:
        await server.stop()
        await desk.close()


def _default_name(key_id: str) -> str:
    return f"pausenet.witness/{key_id[:32]}"


def _own_name(config: WitnessConfig, by_default: VerifierKey) -> VerifierKey:
    """The name under which this key signs, for good: it is written down at the first start."""
    path = config.state / VKEY_FILE
    try:
        wanted = KeyName(config.name) if config.name else by_default.name
    except ValueError as error:
        raise Misuse(f"--name: {error}") from error
    made = cosigner_key(wanted, by_default.public_key)
    stored = read_file(path)
    if stored is None:
        write_new(path, f"{made.encode()}\n".encode())
        return made
    found = VerifierKey.decode(stored.decode("utf-8", "replace").removesuffix("\n"))
    if found.public_key != by_default.public_key:
        raise NodeError(f"{path}: names another key than {KEY_FILE}")
    if config.name and config.name != found.name:
        raise NodeError(f"{path}: this witness is called {found.name}")
    return found


def _status(desk: WitnessDesk, url: str, sizes: dict[str, int]) -> bytes:
    return orjson.dumps(
        {
            "role": "witness",
            "vkey": desk.witness.key.encode(),
            "url": url,
            "ready": not desk.failed,
            "trouble": desk.failed,
            "cosigned": desk.cosigned,
            "logs": sizes,
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )
