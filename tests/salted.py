"""Looks for a lab's salted job records in bytes where they must not be."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator

from pausenet.log.merkle import leaf_hash


def needles(leaf: bytes) -> Iterator[bytes]:
    """A record's salt and its content, in every spelling in which they could be found."""
    salt = str(json.loads(leaf)["salt"])
    content = leaf.split(b'"salt"')[0]
    yield from (salt.encode(), salt.upper().encode(), bytes.fromhex(salt), content)
    for secret in (salt.encode(), bytes.fromhex(salt), content):
        for shift in range(3):
            whole = base64.b64encode(bytes(shift) + secret)
            yield whole[4 : 4 * (len(secret) // 3)]


def leaks(leaf: bytes, hay: bytes) -> bool:
    """Whether anything of a record is there."""
    return any(needle in hay for needle in needles(leaf))


def unopened(leaves: tuple[bytes, ...], hay: bytes) -> list[bytes]:
    """The records that no opening in these bytes names: an inspector may have the others."""
    wrapped = re.findall(rb'"payload":"([A-Za-z0-9+/=]+)"', hay)
    said = b"".join([hay, *map(base64.b64decode, wrapped)])
    named = set(re.findall(rb'"leaf":"([0-9a-f]{64})"', said))
    return [leaf for leaf in leaves if leaf_hash(leaf).hex().encode() not in named]
