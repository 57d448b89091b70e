from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pausenet.errors import InvalidProof, MalformedProof, Misuse
from pausenet.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
    verify_witness_consistency,
)
from pausenet.values import Digest, Seq, TreeSize
from tests.log.notes import entries_of, tree_of
from tests.reference import merkle as slow

LARGEST = 70
ENTRIES = entries_of(LARGEST)
TREE = tree_of(LARGEST)
sizes = st.integers(1, LARGEST)


def test_the_empty_root_is_the_hash_of_nothing():
    assert EMPTY_ROOT.hex().startswith("e3b0c44298fc1c14")
    assert Frontier().root() == Tree().root(TreeSize(0)) == EMPTY_ROOT


def test_a_leaf_never_hashes_like_a_node():
    left, right = leaf_hash(b"l"), leaf_hash(b"r")
    assert leaf_hash(left + right) != node_hash(left, right)


def test_frontier_and_tree_have_the_reference_root_at_every_size():
    frontier = Frontier()
    for size in range(LARGEST):
        assert frontier.size == size
        assert frontier.root() == TREE.root(TreeSize(size)) == slow.mth(ENTRIES[:size])
        frontier.append(leaf_hash(ENTRIES[size]))


def test_the_frontier_of_a_tree_goes_on_by_itself():
    for size in range(12):
        tree = Tree(leaf_hash(entry) for entry in ENTRIES[:size])
        frontier = Frontier.of(tree)
        assert (frontier.size, frontier.root()) == (size, tree.root(TreeSize(size)))
        frontier.append(leaf_hash(b"more"))
        assert frontier.root() == slow.mth([*ENTRIES[:size], b"more"])
        assert tree.size == size


@given(sizes, st.data())
def test_inclusion_proofs_are_the_reference_paths_and_verify(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = TREE.inclusion(Seq(index), TreeSize(size))
    assert list(proof) == slow.path(index, ENTRIES[:size])
    leaf, root = leaf_hash(ENTRIES[index]), TREE.root(TreeSize(size))
    verify_inclusion(leaf, index, size, proof, root)
    assert slow.root_from_path(leaf, index, size, list(proof)) == root


@given(sizes, sizes)
def test_consistency_proofs_are_the_reference_proofs_and_verify(one, other):
    old, new = sorted((one, other))
    proof = TREE.consistency(TreeSize(old), TreeSize(new))
    assert list(proof) == slow.proof(old, ENTRIES[:new])
    roots = TREE.root(TreeSize(old)), TREE.root(TreeSize(new))
    verify_consistency(old, new, proof, *roots)
    verify_witness_consistency(old, new, proof, *roots)


@given(st.integers(0, 2**70), st.integers(0, 2**70), st.integers(0, 8))
def test_inclusion_agrees_with_the_reference_on_any_index_and_size(index, size, length):
    leaf = leaf_hash(b"leaf")
    proof = [leaf_hash(bytes([number])) for number in range(length)]
    try:
        root = slow.root_from_path(leaf, index, size, proof) if index < size else None
    except (ValueError, RecursionError):
        root = None
    if root is None:
        with pytest.raises(MalformedProof):
            verify_inclusion(leaf, index, size, proof, leaf)
    else:
        verify_inclusion(leaf, index, size, proof, root)


@given(sizes, st.data())
def test_one_flipped_bit_refuses_an_inclusion_proof(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = TREE.inclusion(Seq(index), TreeSize(size))
    parts = [leaf_hash(ENTRIES[index]), TREE.root(TreeSize(size)), *proof]
    place = data.draw(st.integers(0, len(parts) - 1))
    parts[place] = flipped(parts[place], data.draw(st.integers(0, 255)))
    leaf, root, *hashes = parts
    with pytest.raises(InvalidProof):
        verify_inclusion(leaf, index, size, hashes, root)


@given(sizes, sizes, st.data())
def test_one_flipped_bit_refuses_a_consistency_proof(one, other, data):
    old, new = sorted((one, other))
    proof = TREE.consistency(TreeSize(old), TreeSize(new))
    parts = [TREE.root(TreeSize(old)), TREE.root(TreeSize(new)), *proof]
    place = data.draw(st.integers(0, len(parts) - 1))
    parts[place] = flipped(parts[place], data.draw(st.integers(0, 255)))
    with pytest.raises(InvalidProof):
        verify_consistency(old, new, parts[2:], parts[0], parts[1])


@given(sizes, sizes, st.data())
def test_a_proof_cut_or_lengthened_is_malformed(one, other, data):
    old, new = sorted((one, other))
    assume(old != new)
    proof = TREE.consistency(TreeSize(old), TreeSize(new))
    roots = TREE.root(TreeSize(old)), TREE.root(TreeSize(new))
    for wrong in (proof[:-1], (*proof, EMPTY_ROOT)):
        with pytest.raises(MalformedProof):
            verify_consistency(old, new, wrong, *roots)
    index = data.draw(st.integers(0, new - 1))
    path = TREE.inclusion(Seq(index), TreeSize(new))
    for wrong in (path[:-1], (*path, EMPTY_ROOT)):
        with pytest.raises(MalformedProof):
            verify_inclusion(leaf_hash(ENTRIES[index]), index, new, wrong, roots[1])


def test_a_forked_log_is_not_consistent_with_itself():
    forked = Tree(leaf_hash(entry) for entry in [*ENTRIES[:5], b"other", *ENTRIES[6:9]])
    proof = forked.consistency(TreeSize(7), TreeSize(9))
    with pytest.raises(InvalidProof):
        verify_consistency(7, 9, proof, TREE.root(TreeSize(7)), forked.root(TreeSize(9)))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_hash_of_another_length_is_malformed(length):
    wrong, right = b"\x00" * length, leaf_hash(b"a")
    for leaf, proof, root in ((wrong, [], right), (right, [], wrong), (right, [wrong], right)):
        with pytest.raises(MalformedProof):
            verify_inclusion(leaf, 0, 1, proof, root)
        with pytest.raises(MalformedProof):
            verify_consistency(1, 1, proof, leaf, root)


def test_an_endless_proof_is_malformed():
    with pytest.raises(MalformedProof, match="at most"):
        verify_inclusion(EMPTY_ROOT, 0, 2, [EMPTY_ROOT] * 1000, EMPTY_ROOT)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 1), (0, -1)])
def test_an_index_outside_the_tree_is_malformed(index, size):
    with pytest.raises(MalformedProof):
        verify_inclusion(EMPTY_ROOT, index, size, [], EMPTY_ROOT)


def test_the_library_refuses_an_old_size_of_zero_and_the_witness_does_not():
    root = TREE.root(TreeSize(3))
    with pytest.raises(MalformedProof):
        verify_consistency(0, 3, [], EMPTY_ROOT, root)
    verify_witness_consistency(0, 3, [], EMPTY_ROOT, root)
    verify_witness_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)


def test_a_witness_refuses_a_wrong_empty_tree():
    root = TREE.root(TreeSize(3))
    with pytest.raises(MalformedProof):
        verify_witness_consistency(0, 3, [root], EMPTY_ROOT, root)
    with pytest.raises(InvalidProof):
        verify_witness_consistency(0, 3, [], root, root)
    with pytest.raises(InvalidProof):
        verify_witness_consistency(0, 0, [], EMPTY_ROOT, root)
    with pytest.raises(MalformedProof):
        verify_witness_consistency(0, -1, [], EMPTY_ROOT, root)


def test_a_tree_that_shrinks_is_malformed():
    with pytest.raises(MalformedProof):
        verify_consistency(3, 2, [], TREE.root(TreeSize(3)), TREE.root(TreeSize(2)))


def test_asking_a_tree_for_more_than_it_holds_is_misuse():
    for ask in (
        lambda: TREE.root(TreeSize(LARGEST + 1)),
        lambda: TREE.inclusion(Seq(3), TreeSize(3)),
        lambda: TREE.consistency(TreeSize(4), TreeSize(3)),
        lambda: TREE.consistency(TreeSize(4), TreeSize(LARGEST + 1)),
        lambda: TREE.leaf(Seq(LARGEST)),
        lambda: TREE.subtree(7, 0),
    ):
        with pytest.raises(Misuse):
            ask()


def test_proofs_of_a_large_tree_stay_short():
    tree = tree_of(3000)
    for old, new in pairwise((1, 2, 1023, 1024, 1025, 2999, 3000)):
        assert len(tree.consistency(TreeSize(old), TreeSize(new))) <= 13
        assert len(tree.inclusion(Seq(old), TreeSize(new))) <= 12


def flipped(value: Digest, bit: int) -> Digest:
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << bit % 8
    return Digest(bytes(changed))
