"""The corners of a polytope, exactly, by the double description method.

Motzkin, Raiffa, Thompson & Thrall 1953; the test for neighbours is that of Fukuda & Prodon 1996,
Double Description Method Revisited. Degenerate polytopes need no special care: a corner knows
every inequality that is tight at it.

1. Begin with the cone z >= 0, whose edges are the unit vectors.
2. For each further row, keep the edges with `row . z >= 0`; an edge with 0 is tight there.
3. For each pair of neighbours on both sides, add the edge between them that is tight. Two edges are
   neighbours if no third is tight wherever both are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.game.answer import NotFound

EDGES_MAX: Final = 4_000


@dataclass(frozen=True, slots=True)
class Edge:
    """A ray of the cone in whole numbers, and the bits of the inequalities tight at it."""

    ray: tuple[int, ...]
    tight: int


def edges(
    size: int, rows: Sequence[Sequence[int]], bits: Sequence[int], edges_max: int = EDGES_MAX
) -> tuple[Edge, ...] | NotFound:
    """The extreme rays of {z >= 0, row . z >= 0 for every row}, z of `size` numbers.

    `bits` names each coordinate's inequality and after them each row's, by a bit of its own.
    """
    every = sum(1 << bit for bit in bits[:size])
    found = [
        Edge(tuple(int(i == k) for i in range(size)), every ^ (1 << bits[k])) for k in range(size)
    ]
    for row, bit in zip(rows, bits[size:], strict=True):
        found = _cut(found, row, 1 << bit, size)
        if len(found) > edges_max:
            return NotFound(f"a polytope has more than {edges_max} corners on the way")
    return tuple(found)


def _cut(found: list[Edge], row: Sequence[int], bit: int, size: int) -> list[Edge]:
    """The edges after one more inequality (steps 2 and 3)."""
    inside: list[tuple[Edge, int]] = []
    outside: list[tuple[Edge, int]] = []
    kept: list[Edge] = []
    for edge in found:
        value = sum(a * z for a, z in zip(row, edge.ray, strict=True) if z)
        if value > 0:
            inside.append((edge, value))
            kept.append(edge)
        elif value < 0:
            outside.append((edge, value))
        else:
            kept.append(Edge(edge.ray, edge.tight | bit))
    tights = [edge.tight for edge in found]
    for near, above in inside:
        for far, below in outside:
            both = near.tight & far.tight
            if both.bit_count() < size - 2:
                continue
            if sum(1 for tight in tights if tight & both == both) > 2:
                continue
            ray = [above * f - below * n for n, f in zip(near.ray, far.ray, strict=True)]
            part = math.gcd(*ray)
            kept.append(Edge(tuple(each // part for each in ray), both | bit))
    return kept
