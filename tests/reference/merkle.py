"""The Merkle tree of RFC 6962, section 2.1, written down as the text has it: slow and obvious.

Everything is recursive over lists of entries, so that it shares no idea with the fast trees.
"""

from __future__ import annotations

from hashlib import sha256


def split(n: int) -> int:
    """The largest power of two smaller than n, for n > 1."""
    k = 1
    while 2 * k < n:
        k = 2 * k
    return k


def mth(entries: list[bytes]) -> bytes:
    """The Merkle tree hash of a list of entries."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: list[bytes]) -> list[bytes]:
    """The audit path of entry m."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def proof(m: int, entries: list[bytes]) -> list[bytes]:
    """The consistency proof from the first m entries to all of them."""
    return subproof(m, entries, True)


def subproof(m: int, entries: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    n = len(entries)
    if m == n:
        return [] if whole else [mth(entries)]
    k = split(n)
    if m <= k:
        return [*subproof(m, entries[:k], whole), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], False), mth(entries[:k])]


def root_from_path(leaf: bytes, m: int, n: int, hashes: list[bytes]) -> bytes:
    """The root that an audit path leads to, read from its end; the length must fit."""
    if n == 1:
        if hashes:
            raise ValueError("too long")
        return leaf
    if not hashes:
        raise ValueError("too short")
    k = split(n)
    *inner, top = hashes
    if m < k:
        return sha256(b"\x01" + root_from_path(leaf, m, k, inner) + top).digest()
    return sha256(b"\x01" + top + root_from_path(leaf, m - k, n - k, inner)).digest()
