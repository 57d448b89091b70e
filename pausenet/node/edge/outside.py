"""Asking outside witnesses to cosign a node's own log (c2sp.org/tlog-witness, as its client).

Whoever a policy file names with a URL is asked for each checkpoint that k storing cosigners have
signed. What they sign is shown beside the storing cosignatures, and counted by the policy's own
quorum: it is never added to them, and nothing in the network waits for it (protocol.md 4.1).
"""

from __future__ import annotations

import asyncio
import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from pausenet.errors import InvalidSignature, MalformedCheckpoint, MalformedFile
from pausenet.log.addcheckpoint import (
    ANSWER_BYTES_MAX,
    SIZE_TYPE,
    Submission,
    decode_lines,
    decode_size,
)
from pausenet.log.checkpoint import Checkpoint, Note
from pausenet.log.cosignature import Cosignature
from pausenet.log.policyfile import PolicyWitness, WitnessPolicy
from pausenet.statements.canonical import Json
from pausenet.values import Digest, TreeSize

ASK_S: Final = 3.0
"""How long one call to a witness may take."""
REST_MIN_S: Final = 1.0
REST_MAX_S: Final = 60.0
"""A witness that failed is asked again after a rest that doubles from the one to the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a witness answered: a status of HTTP, a content type, a body."""

    status: int
    type: str
    body: bytes


Post = Callable[[str, bytes], Reply]
"""Sends a submission to a URL; raises `OSError` where there is no whole answer."""


class Proofs(Protocol):
    """What can prove that a log has grown; `log.merkle.Tree` is one."""

    def consistency(self, old: TreeSize, new: TreeSize) -> tuple[Digest, ...]:
        """The proof that the tree of `new` leaves extends that of `old`."""


@dataclass(slots=True, kw_only=True)
class _Asked:
    """One witness, and what came of asking it."""

    witness: PolicyWitness
    size: TreeSize = TreeSize(0)  # noqa: RUF009  # an immutable number
    last: Cosignature | None = None
    problem: str = ""
    rest_s: float = REST_MIN_S
    resting_until_s: float = 0.0


class OutsideWitnesses:
    """The witnesses of one policy file, as a log's owner knows them; for one event loop."""

    def __init__(self, policy: WitnessPolicy, post: Post | None = None) -> None:
        self._policy, self._post = policy, post or post_over_http
        self._asked = [_Asked(witness=each) for each in policy.witnesses if each.url]
        for asked in self._asked:
            require_url(asked.witness.url)

    def __len__(self) -> int:
        return len(self._asked)

    async def ask(self, note: Note, proofs: Proofs) -> None:
        """Ask every witness that has not cosigned this checkpoint and does not rest."""
        now_s = asyncio.get_running_loop().time()
        due = [
            asked
            for asked in self._asked
            if asked.resting_until_s <= now_s
            and (asked.last is None or asked.last.checkpoint != note.body)
        ]
        await asyncio.gather(*(self._ask(asked, note, proofs) for asked in due))

    def with_lines(self, note: Note) -> Note:
        """The note with the lines of all witnesses that have cosigned this very checkpoint."""
        lines = tuple(
            asked.last.line(asked.witness.key) for asked in self._on(note.body) if asked.last
        )
        return Note(body=note.body, signatures=(*note.signatures, *lines))

    def report(self, head: Checkpoint | None) -> dict[str, Json]:
        """Who has cosigned what, how many stand on this checkpoint, and what the policy says."""
        if not self._asked:
            return {}
        on = [] if head is None else self._on(head)
        met = self._policy.is_met_by({asked.witness.key.name for asked in on})
        return {
            "size": 0 if head is None else int(head.size),
            "cosigned_by": len(on),
            "asked": len(self._asked),
            "quorum": "met" if met and head is not None else "not met",
            "witnesses": {
                asked.witness.name: {
                    "size": int(asked.last.checkpoint.size) if asked.last else 0,
                    "time": int(asked.last.time) if asked.last else 0,
                    "problem": asked.problem,
                }
                for asked in self._asked
            },
        }

    def _on(self, head: Checkpoint) -> list[_Asked]:
        return [each for each in self._asked if each.last and each.last.checkpoint == head]

    async def _ask(self, asked: _Asked, note: Note, proofs: Proofs) -> None:
        """One round with one witness: a second try where it tells the size that it knows."""
        try:
            for _ in range(2):
                if asked.size > note.body.size:
                    raise MalformedCheckpoint(f"it has cosigned {asked.size} entries already")
                if await self._once(asked, note, proofs):
                    asked.problem, asked.rest_s = "", REST_MIN_S
                    return
            raise MalformedCheckpoint("it told two sizes")
        except (OSError, MalformedCheckpoint, InvalidSignature) as error:
            asked.problem = str(error)[:200] or type(error).__name__
            asked.resting_until_s = asyncio.get_running_loop().time() + asked.rest_s
            asked.rest_s = min(2 * asked.rest_s, REST_MAX_S)

    async def _once(self, asked: _Asked, note: Note, proofs: Proofs) -> bool:
        """Submit once; False where the witness told another size."""
        own = tuple(line for line in note.signatures if line.name == note.body.origin)
        submission = Submission(
            old=asked.size,
            proof=proofs.consistency(asked.size, note.body.size),
            note=Note(body=note.body, signatures=own),
        )
        url = asked.witness.url.rstrip("/") + "/add-checkpoint"
        reply = await asyncio.to_thread(self._post, url, submission.encode())
        if reply.status == 200:
            asked.last = decode_lines(reply.body, note.body, asked.witness.key)
            asked.size = note.body.size
            return True
        if reply.status == 409 and reply.type.partition(";")[0].strip() == SIZE_TYPE:
            asked.size = decode_size(reply.body)
            return False
        raise MalformedCheckpoint(f"it answered {reply.status}")


def require_url(url: str) -> None:
    """Raise `MalformedFile` unless this is an http or https URL without user, query, fragment."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fine = False
    if not fine or parts.username is not None or parts.query or parts.fragment:
        raise MalformedFile("witness policy", 0, 0, f"not the URL of a witness: {url!r:.80}")


def post_over_http(url: str, body: bytes) -> Reply:
    """POST with the standard library: no redirect, no more than an answer may hold."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=ASK_S, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=ASK_S)
    try:
        connection.request("POST", parts.path, body, {"Content-Type": "application/octet-stream"})
        answer = connection.getresponse()
        content = answer.read(ANSWER_BYTES_MAX + 1)
        return Reply(status=answer.status, type=answer.getheader("Content-Type", ""), body=content)
    except http.client.HTTPException as error:
        raise OSError(f"not HTTP: {type(error).__name__}") from error
    finally:
        connection.close()
