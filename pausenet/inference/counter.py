"""Draws by counter: a 64-bit word for each place, the same in plain Python, numpy, compiled code.

The finaliser of SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators,
OOPSLA 2014) is a bijection of 64-bit words. A draw is the finaliser of a key and a place; no draw
hangs on another, so that any order and any number of threads give the same. Nothing is drawn by
chance here: keys follow from seeds, which the caller has.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Words: TypeAlias = npt.NDArray[np.uint64]

WORD: Final = 2**64 - 1
MULTIPLIERS: Final = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
SHIFTS: Final = (30, 27, 31)
_FIRST, _SECOND = (np.uint64(each) for each in MULTIPLIERS)
_BY: Final = tuple(np.uint64(each) for each in SHIFTS)


def mix(word: int) -> int:
    """The finaliser, of one word.

    >>> mix(1) == mix(1), mix(1) == mix(2), mix(0)
    (True, False, 0)
    """
    word = ((word ^ (word >> SHIFTS[0])) * MULTIPLIERS[0]) & WORD
    word = ((word ^ (word >> SHIFTS[1])) * MULTIPLIERS[1]) & WORD
    return word ^ (word >> SHIFTS[2])


def mix_all(words: Words) -> Words:
    """The same of each word, in the same shape.

    >>> mix_all(np.array([1, 2], dtype=np.uint64)).tolist() == [mix(1), mix(2)]
    True
    """
    words = (words ^ (words >> _BY[0])) * _FIRST
    words = (words ^ (words >> _BY[1])) * _SECOND
    return words ^ (words >> _BY[2])
