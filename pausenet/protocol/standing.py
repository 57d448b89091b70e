"""How far verifiers had spoken while they counted: by the network's cuts of each epoch (5.2).

A verifier's keys outlive its time among those who count, and a log can be added to for ever. When
something was said shows in the cuts: what stands in a network cut of a period was said by then.
So f+1 of an epoch are f+1 only by what they had said while it lasted; who turns bad later, one
after the other, can add nothing to it (decision 0027).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pausenet.protocol.epochs import Epoch
from pausenet.protocol.reader import LogView
from pausenet.protocol.register import Register
from pausenet.statements.cut import Cut
from pausenet.values import ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """For each epoch, by number, and verifier of it: how many entries its cuts hold of its log."""

    sizes: Mapping[tuple[int, ParticipantId], int]

    def counts(self, epoch: Epoch, who: ParticipantId, seq: int) -> bool:
        """Whether a verifier of an epoch had said this while the epoch lasted."""
        return seq < self.sizes.get((epoch.number, who), 0)

    @classmethod
    def of(
        cls, register: Register, cut: Cut, others: Iterable[Cut], views: Sequence[LogView]
    ) -> Self:
        """What the network's cuts show: the appraised one, by which all is read, and `others`.

        A cut that holds another face of a verifier's log shows nothing of this one.
        """
        sizes: dict[tuple[int, ParticipantId], int] = {}
        for view in views:
            who = view.member.id
            if who in register.verifiers:
                sizes[register.epoch.number, who] = int(view.size)
        # Of the epoch that is read by, the appraised cut itself shows most: all of each log.
        for other in others if len(register.epochs) > 1 else ():
            court = register.resting_on(other.register_size, other.register_root, other.period)
            if other == cut or court is None:
                continue
            roots = {item.origin: item for item in other.origins}
            for view in views:
                who, item = view.member.id, roots.get(view.member.origin)
                if item is None or who not in court.verifiers:
                    continue
                if view.has_root(item.size, item.root):
                    place = (court.epoch.number, who)
                    sizes[place] = max(sizes.get(place, 0), int(item.size))
        return cls(sizes=sizes)
