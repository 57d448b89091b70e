"""The Merkle tree of RFC 6962 over SHA-256, and its two kinds of proof (protocol.md 3.1).

A leaf is `H(00 || entry)`, an inner node `H(01 || left || right)`, the empty tree `H("")`. The
verifying functions take bytes and integers as they come from outside and follow RFC 9162,
2.1.3.2 (inclusion) and 2.1.4.2 (consistency); each hash must be exactly 32 bytes long.

>>> tree = Tree(leaf_hash(entry) for entry in (b"a", b"b", b"c"))
>>> proof = tree.inclusion(Seq(1), TreeSize(3))
>>> verify_inclusion(leaf_hash(b"b"), 1, 3, proof, tree.root(TreeSize(3)))
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, Self

from pausenet.errors import InvalidProof, MalformedProof, Misuse
from pausenet.values import Digest, Seq, TreeSize

EMPTY_ROOT: Final = Digest.of()
"""The root of the tree without leaves."""

PROOF_HASHES_MAX: Final = 128
"""More hashes than any proof between trees of 2^64 leaves can hold."""

_REMEMBERED_BYTES_MAX: Final = 16_384


_digest: Final = bytes.__new__
"""Makes a `Digest` of what SHA-256 has given: 32 bytes that need no look."""


def leaf_hash(entry: bytes) -> Digest:
    """Hash one entry as a leaf.

    The last thousand small ones are remembered: an entry comes to a process by many ways.
    """
    return _leaf_hash(entry) if len(entry) > _REMEMBERED_BYTES_MAX else _remembered_leaf(entry)


def _leaf_hash(entry: bytes) -> Digest:
    return _digest(Digest, hashlib.sha256(b"\x00" + entry).digest())


_remembered_leaf = lru_cache(maxsize=1_024)(_leaf_hash)


def node_hash(left: bytes, right: bytes) -> Digest:
    """Hash two neighbours, each 32 bytes, to their parent."""
    return _digest(Digest, hashlib.sha256(b"\x01" + left + right).digest())


class Frontier:
    """The right edge of a growing tree: enough to append and to know the root, in O(log n).

    It holds the roots of the full subtrees that the binary digits of the size name, the
    largest first.
    """

    __slots__ = ("_peaks", "_size")

    def __init__(self) -> None:
        self._peaks: list[Digest] = []
        self._size = 0

    @property
    def size(self) -> TreeSize:
        """The number of leaves appended."""
        return TreeSize(self._size)

    def append(self, leaf: Digest) -> None:
        """Add one leaf hash at the right."""
        node, digits = leaf, self._size
        while digits & 1:
            node = node_hash(self._peaks.pop(), node)
            digits >>= 1
        self._peaks.append(node)
        self._size += 1

    def root(self) -> Digest:
        """The root over all leaves appended."""
        return _bagged(self._peaks) if self._peaks else EMPTY_ROOT

    @classmethod
    def of(cls, tree: Tree) -> Self:
        """The right edge of a tree as it is now."""
        found = cls()
        found._peaks, found._size = tree.peaks(), int(tree.size)
        return found


class Tree:
    """All leaf hashes and the roots of all full subtrees: any earlier root and any proof.

    Appending costs O(1) on average; memory is two hashes a leaf, and one for each size whose
    root has been asked for: it never changes.
    """

    __slots__ = ("_levels", "_roots")

    def __init__(self, leaves: Iterable[Digest] = ()) -> None:
        self._levels: list[list[Digest]] = [[]]
        self._roots: dict[int, Digest] = {0: EMPTY_ROOT}
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> TreeSize:
        """The number of leaves."""
        return TreeSize(len(self._levels[0]))

    def append(self, leaf: Digest) -> None:
        """Add one leaf hash at the right."""
        node, height = leaf, 0
        while True:
            if height == len(self._levels):
                self._levels.append([])
            level = self._levels[height]
            level.append(node)
            if len(level) & 1:
                return
            node = node_hash(level[-2], level[-1])
            height += 1

    def leaf(self, index: Seq) -> Digest:
        """The leaf hash at an index; `Misuse` where there is none."""
        return self.subtree(0, index)

    def subtree(self, height: int, index: int) -> Digest:
        """The root of the full subtree of 2^height leaves from leaf index x 2^height on."""
        if height < 0 or index < 0 or (index + 1) << height > self.size:
            raise Misuse(f"no full subtree {index} of height {height} in {self.size} leaves")
        return self._levels[height][index]

    def root(self, size: TreeSize) -> Digest:
        """The root over the first `size` leaves; `Misuse` where there are fewer."""
        found = self._roots.get(size)
        if found is None:
            self._require(size)
            found = self._roots[size] = self._range(0, size)
        return found

    def inclusion(self, index: Seq, size: TreeSize) -> tuple[Digest, ...]:
        """The proof that leaf `index` stands in the tree of `size` leaves, its sibling first."""
        self._require(size)
        if index >= size:
            raise Misuse(f"expected an index below {size}, found {index}")
        siblings: list[Digest] = []
        low, high = 0, int(size)
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                siblings.append(self._range(middle, high))
                high = middle
            else:
                siblings.append(self._range(low, middle))
                low = middle
        return tuple(reversed(siblings))

    def consistency(self, old: TreeSize, new: TreeSize) -> tuple[Digest, ...]:
        """The proof that the tree of `new` leaves extends that of `old`; empty for old = 0."""
        self._require(new)
        if old > new:
            raise Misuse(f"expected an old size of at most {new}, found {old}")
        if old in (0, new):
            return ()
        nodes: list[Digest] = []
        low, high = 0, int(new)
        while high != old:
            middle = low + _split(high - low)
            if old <= middle:
                nodes.append(self._range(middle, high))
                high = middle
            else:
                nodes.append(self._range(low, middle))
                low = middle
        if low:
            nodes.append(self._range(low, high))
        return tuple(reversed(nodes))

    def _require(self, size: int) -> None:
        if size > len(self._levels[0]):
            raise Misuse(f"expected a size of at most {self.size}, found {size}")

    def peaks(self) -> list[Digest]:
        """The roots of the full subtrees that the binary digits of the size name."""
        return self._peaks(0, int(self.size))

    def _range(self, low: int, high: int) -> Digest:
        """The root over the leaves low..high-1; low is a multiple of every full part's width."""
        return _bagged(self._peaks(low, high))

    def _peaks(self, low: int, high: int) -> list[Digest]:
        """The roots of the largest full subtrees that make up the leaves low..high-1."""
        peaks: list[Digest] = []
        while low < high:
            height = (high - low).bit_length() - 1
            peaks.append(self._levels[height][low >> height])
            low += 1 << height
        return peaks


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check by RFC 9162, 2.1.3.2 that a leaf hash stands at `index` of a tree of `size` leaves.

    Raises `MalformedProof` for a proof of the wrong shape, `InvalidProof` for another root.
    """
    _require_hashes(root)
    node = included_root(leaf, index, size, proof)
    if node != root:
        raise InvalidProof(f"inclusion: expected root {root.hex()}, found {node}")


def included_root(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> Digest:
    """The root to which an inclusion proof leads (RFC 9162, 2.1.3.2); it proves nothing itself.

    Raises `MalformedProof` for a proof of the wrong shape.
    """
    _require_hashes(leaf, *_bounded(proof))
    if not 0 <= index < size:
        raise MalformedProof(f"expected an index from 0 below {size}, found {index}")
    fn, sn, node = index, size - 1, Digest(leaf)
    for sibling in proof:
        if sn == 0:
            raise MalformedProof("more hashes than the path has")
        if fn & 1 or fn == sn:
            node = node_hash(sibling, node)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise MalformedProof("fewer hashes than the path has")
    return node


def verify_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check by RFC 9162, 2.1.4.2 that one tree extends another; an old size of 0 is refused.

    Raises `MalformedProof` for a proof of the wrong shape, `InvalidProof` for other roots.
    """
    _require_hashes(old_root, new_root, *_bounded(proof))
    if not 0 < old_size <= new_size:
        raise MalformedProof(f"expected an old size in 1..{new_size}, found {old_size}")
    if old_size == new_size:
        if proof:
            raise MalformedProof("equal sizes take an empty proof")
        if old_root != new_root:
            raise InvalidProof(f"consistency: size {new_size} with two roots")
        return
    power_of_two = old_size & (old_size - 1) == 0
    path = [old_root, *proof] if power_of_two else list(proof)
    if not path:
        raise MalformedProof("fewer hashes than the path has")
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old_node = new_node = Digest(path[0])
    for sibling in path[1:]:
        if sn == 0:
            raise MalformedProof("more hashes than the path has")
        if fn & 1 or fn == sn:
            old_node, new_node = node_hash(sibling, old_node), node_hash(sibling, new_node)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new_node = node_hash(new_node, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise MalformedProof("fewer hashes than the path has")
    if old_node != old_root or new_node != new_root:
        raise InvalidProof(f"consistency: {old_size} is not shown to be a prefix of {new_size}")


def verify_witness_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check consistency by a witness's rule: every tree extends the empty one, without a proof.

    Raises as `verify_consistency` does.
    """
    if old_size != 0:
        verify_consistency(old_size, new_size, proof, old_root, new_root)
        return
    _require_hashes(old_root, new_root)
    if new_size < 0 or proof:
        raise MalformedProof("an old size of 0 takes an empty proof")
    if old_root != EMPTY_ROOT or (new_size == 0 and new_root != EMPTY_ROOT):
        raise InvalidProof("consistency: size 0 with a root that is not the empty tree's")


def _bagged(peaks: Sequence[Digest]) -> Digest:
    """Join the roots of neighbouring full subtrees, the largest first, to one root."""
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = node_hash(peak, node)
    return node


def _split(leaves: int) -> int:
    """The largest power of two below a number of leaves (at least 2)."""
    return 1 << ((leaves - 1).bit_length() - 1)


def _bounded(proof: Sequence[bytes]) -> Sequence[bytes]:
    if len(proof) > PROOF_HASHES_MAX:
        raise MalformedProof(f"expected at most {PROOF_HASHES_MAX} hashes, found {len(proof)}")
    return proof


def _require_hashes(*hashes: bytes) -> None:
    for value in hashes:
        if len(value) != Digest.LENGTH:
            raise MalformedProof(f"expected a hash of 32 bytes, found {len(value)}")
