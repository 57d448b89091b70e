"""What one storing cosigner has signed of one log, in order of its times (F8b, protocol.md 8).

An honest cosigner's sizes never shrink as its times grow. The notes may come in any order, so
that each is compared with its neighbours in time and not only with the largest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import Final

from pausenet.log.checkpoint import Checkpoint, Note
from pausenet.values import NetworkTime, TreeSize

HISTORY_MAX: Final = 256
"""How many notes of one cosigner and log are kept: the latest by time."""
_TIME: Final = itemgetter(0)


class History:
    """The notes of one cosigner, each later one at least as large as those before it.

    Of the notes of one head only the first and the last by time are kept, and of all the latest
    `HISTORY_MAX`: a shrinking is overlooked only where both its notes are older than those.
    """

    def __init__(self) -> None:
        self._notes: list[tuple[NetworkTime, TreeSize, Note]] = []

    def add(self, time: NetworkTime, note: Note) -> tuple[Note, Note] | None:
        """Take a note in; give the pair (older and larger, newer and smaller) where it makes one.

        A note that makes such a pair is not kept: the pair is the proof.
        """
        size, notes = note.body.size, self._notes
        if notes and notes[-1][2] is note and notes[-1][0] == time:
            return None  # gossip repeats it
        before = after = len(notes)
        if notes and notes[-1][0] >= time:  # most come in the order of their times
            before = bisect_left(notes, time, key=_TIME)
            after = bisect_right(notes, time, key=_TIME)
        if before > 0 and notes[before - 1][1] > size:
            return notes[before - 1][2], note
        if after < len(notes) and notes[after][1] < size:
            return note, notes[after][2]
        place = before
        while place < after and notes[place][1] < size:
            place += 1
        if place < after and notes[place][1] == size:
            return None
        notes.insert(place, (time, size, note))
        self._thin(place)
        del notes[: max(0, len(notes) - HISTORY_MAX)]
        return None

    def beside(self, head: Checkpoint) -> Note | None:
        """A note of the same size with another root, where one is kept."""
        others = (note for _, held, note in reversed(self._notes) if held == head.size)
        return next((note for note in others if note.body.root != head.root), None)

    def _thin(self, place: int) -> None:
        """Drop what now stands between two others of its head, at or beside a place."""
        notes = self._notes
        for middle in (place + 1, place, place - 1):
            if 0 < middle < len(notes) - 1:
                head = notes[middle][2].body
                if notes[middle - 1][2].body == head == notes[middle + 1][2].body:
                    del notes[middle]
                    return
