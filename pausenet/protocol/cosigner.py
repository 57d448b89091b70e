"""The storing cosigner: signs only what is parsed, checked and durable (protocol.md 4.1, 4.2)."""

from __future__ import annotations

from pausenet.errors import Misuse, SigningRefused
from pausenet.log.checkpoint import Note, strip
from pausenet.log.cosignature import cosign
from pausenet.log.vkey import KeyName
from pausenet.protocol.guard import Guard
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Write
from pausenet.protocol.register import Keyring
from pausenet.values import NetworkTime, Origin


class StoringCosigner:
    """One verifier's storing key, behind its guard."""

    def __init__(self, keys: Keyring, guard: Guard, book: LogBook) -> None:
        if keys.storing is None:
            raise Misuse(f"{keys.id} has no storing key")
        self._keys, self._guard, self._book = keys, guard, book
        self._own = book.register.origin_of(keys.id)
        self._name = KeyName(self._own.storing)
        self.notes: dict[Origin, bytes] = {}

    def cosign(self, origin: Origin, now: NetworkTime) -> tuple[Write | None, bytes] | None:
        """Cosign a mirror's head at this time; the write must be durable before the note leaves.

        None where there is nothing to sign, or where an earlier signature forbids it: after a
        crash or a restore the mirror must first hold again what this key has signed before.
        """
        mirror = self._book.mirrors[origin]
        last = self._guard.cosigned.get(origin)
        if mirror.note is None or mirror.size == 0:
            return None
        if last is not None and not self._holds(origin):
            return None
        head = mirror.note.body
        keys = self._keys.in_use(self._book.mirrors[self._own].succession)
        if keys is None or keys.storing is None:
            return None  # the log has come to keys that are not here
        line = cosign(head, self._name, keys.storing, now)
        log_line = strip(mirror.note, (mirror.log_key(mirror.size),)).signatures
        data = Note(body=head, signatures=(*log_line, line)).encode()
        try:
            write = self._guard.cosignature(origin, head.size, head.root, now, data)
        except SigningRefused:
            return None  # the signature made above leaves with nobody
        self.notes[origin] = data
        self._book.judge(data)
        return write, data

    def _holds(self, origin: Origin) -> bool:
        """Whether the mirror contains what was last cosigned of it."""
        mirror, last = self._book.mirrors[origin], self._guard.cosigned[origin]
        return last.size <= mirror.size and mirror.root(last.size) == last.root
