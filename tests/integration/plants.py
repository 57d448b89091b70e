"""Mistakes built into a node's process on purpose, each of which a test must notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pausenet.protocol.messages import Heads, Message
from pausenet.wire import codec


def drop_a_field() -> None:
    """A codec that forgets one field: `notes` of `Heads` leaves this node empty."""
    whole = codec.encode

    def encode(message: Message) -> bytes:
        return whole(replace(message, notes=()) if isinstance(message, Heads) else message)

    codec.encode = encode


PLANTS: Final[dict[str, Callable[[], None]]] = {"drop-a-field": drop_a_field}
