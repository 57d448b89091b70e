"""Appraisals that the verifiers of one simulated run share.

An appraisal is a pure function of register, cut and logs. In a network each verifier makes its
own; in one process the second, third and fourth would only repeat the first one's arithmetic. An
answer is given again only for the same cut over logs with the very same roots as far as the cut
names them, so that whoever holds other entries gets an appraisal of those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.appraisal import CutAppraised, appraise_cut
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.register import Register
from pausenet.statements.cut import Cut
from pausenet.values import Digest, Origin, TreeSize

_Key: TypeAlias = tuple[Digest, Digest, tuple[tuple[Origin, Digest], ...]]


class SharedAppraisals:
    """Appraises as `appraise_cut` does; keep one for a run."""

    def __init__(self) -> None:
        self._made: dict[_Key, CutAppraised] = {}
        self.reader = StatementReader()
        self._trees: dict[Origin, tuple[list[bytes], Tree]] = {}

    def __call__(
        self, register: Register, cut: Cut, logs: Mapping[Origin, Sequence[bytes]], _: object
    ) -> CutAppraised:
        """Appraise a cut, or give what was made of the same before."""
        roots = tuple(
            (item.origin, self._root(item.origin, logs[item.origin], item.size))
            for item in cut.origins
        )
        key = (register.root, cut.digest, roots)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = appraise_cut(register, cut, logs, self.reader)
        return made

    def _root(self, origin: Origin, entries: Sequence[bytes], size: TreeSize) -> Digest:
        """The root over the first entries; a log that is as it was is hashed no further."""
        held, tree = self._trees.setdefault(origin, ([], Tree()))
        known = min(len(held), size)
        if held[:known] != entries[:known]:
            return Tree(leaf_hash(entry) for entry in entries[:size]).root(size)
        for entry in entries[known:size]:
            held.append(entry)
            tree.append(leaf_hash(entry))
        return tree.root(size)
