"""The one owner of chance: named, independent streams of one seed.

A stream's draws depend on the seed and its name only, so that a fault added in one place does
not change what another place draws. Nothing here depends on `PYTHONHASHSEED`.
"""

from __future__ import annotations

import hashlib
import random
from typing import Final

PARTS_PER_MILLION: Final = 1_000_000


def seed_bytes(seed: int, *names: str) -> bytes:
    """32 bytes that belong to this seed and these names, for keys and salts.

    >>> seed_bytes(7, "key").hex()[:8] == seed_bytes(8, "key").hex()[:8]
    False
    """
    text = "\n".join(("pausenet/simulator/v1", str(seed), *names))
    return hashlib.sha256(text.encode()).digest()


def stream(seed: int, *names: str) -> random.Random:
    """The stream of this name; asking again begins it anew.

    >>> stream(7, "network").random() == stream(7, "network").random()
    True
    >>> stream(7, "network").random() == stream(7, "disk").random()
    False
    """
    return random.Random(int.from_bytes(seed_bytes(seed, *names), "big"))  # noqa: S311  # no secret


def happens(chance: random.Random, ppm: int) -> bool:
    """Whether something of this chance happens; a chance of 0 draws nothing."""
    return ppm > 0 and chance.randrange(PARTS_PER_MILLION) < ppm
