"""One leaf of a usage ledger: a job's record with its salt and the running sums (2.7).

A record never stands in a log. Its lab keeps it, and opens it to an inspector alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from pausenet.errors import MalformedInput, MalformedStatement
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields
from pausenet.statements.usage import COUNT_MAX, ClassUsage, WorkloadClass
from pausenet.values import NetworkId, NetworkTime, ParticipantId, PeriodIndex, Salt

RECORD_BYTES_MAX: Final = 4_096
RUN_NAME_MAX: Final = 64

Sums: TypeAlias = tuple[tuple[WorkloadClass, ClassUsage], ...]
Place: TypeAlias = tuple[str, int, str, str, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """What one site did in one stretch of time, and the sums of each class up to and with it."""

    salt: Salt
    network: NetworkId
    lab: ParticipantId
    period: PeriodIndex
    index: int
    site: ParticipantId
    workload: WorkloadClass
    start: NetworkTime
    end: NetworkTime
    used: ClassUsage
    run: str
    sums: Sums

    @property
    def place(self) -> Place:
        """What a ledger is ordered by; no two of its records share it."""
        used = self.used
        return (
            str(self.site),
            int(self.start),
            str(self.workload),
            self.run,
            int(self.end),
            int(used.occupied_s),
            int(used.used_pflop),
        )

    def encode(self) -> bytes:
        """The record as the leaf holds it."""
        return canonical.encode(self.to_json())

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "salt": self.salt.hex(),
            "network": self.network.hex(),
            "lab": self.lab,
            "period": self.period,
            "index": self.index,
            "site": self.site,
            "class": str(self.workload),
            "start": self.start,
            "end": self.end,
            "occupied_s": self.used.occupied_s,
            "used_pflop": self.used.used_pflop,
            "run": self.run,
            "sums": {str(name): usage.to_json() for name, usage in self.sums},
        }


@lru_cache(maxsize=256)
def decode_record(data: bytes) -> JobRecord:
    """Read a record in its one spelling; raise `MalformedStatement`.

    The last few hundred are remembered: whoever looks at one looks at it beside its neighbours.
    """
    try:
        value = canonical.decode(data, maximum_bytes=RECORD_BYTES_MAX)
    except MalformedInput as error:
        raise MalformedStatement(f"record: {error}") from error
    fields = Fields(value, "record")
    sums = fields.inner("sums")
    found = JobRecord(
        salt=fields.word("salt", Salt.from_hex),
        network=fields.word("network", NetworkId.from_hex),
        lab=fields.word("lab", ParticipantId),
        period=fields.value("period", PeriodIndex),
        index=fields.integer("index", 0, COUNT_MAX),
        site=fields.word("site", ParticipantId),
        workload=fields.word("class", WorkloadClass),
        start=fields.value("start", NetworkTime),
        end=fields.value("end", NetworkTime),
        used=ClassUsage.read(
            {"occupied_s": fields.take("occupied_s"), "used_pflop": fields.take("used_pflop")},
            "record",
        ),
        run=fields.text("run", RUN_NAME_MAX),
        sums=tuple((name, ClassUsage.read(sums.take(name), "sums")) for name in WorkloadClass),
    )
    sums.done()
    fields.done()
    return found
