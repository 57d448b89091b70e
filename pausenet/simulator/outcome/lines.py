"""A replication as a line of JSON, read back strictly: how a run in progress keeps what is done."""

from __future__ import annotations

import json

from pausenet.errors import MalformedInput, Misuse
from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.outcome.replication import Detection, Gain, Notice, PartySeen, Replication
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields
from pausenet.statements.finding import Fault, Grade
from pausenet.values import ParticipantId, Pflop


def write_line(run: Replication) -> str:
    """One line, its newline included."""
    value: dict[str, Json] = {
        "number": run.number,
        "seed": run.seed,
        "network": run.network,
        "trace": run.trace,
        "broken": list(run.broken),
        "parties": [_party_json(seen) for seen in run.parties],
    }
    return json.dumps(value, separators=(",", ":"), sort_keys=True) + "\n"


def read_line(line: str) -> Replication:
    """Read a line back; raises `Misuse` for anything that `write_line` does not write."""
    try:
        fields = Fields(json.loads(line), "replication")
        found = Replication(
            number=fields.value("number", int),
            seed=fields.value("seed", int),
            network=fields.text("network"),
            trace=fields.text("trace"),
            broken=fields.items("broken", lambda value, _: str(value)),
            parties=fields.items("parties", _party),
        )
        fields.done()
        same = write_line(found) == line
    except (MalformedInput, ValueError, RecursionError) as error:
        raise Misuse(f"expected a line of a replication, found {line!r:.80}") from error
    if not same:
        raise Misuse(f"expected a line as it was written, found {line!r:.80}")
    return found


def _party_json(seen: PartySeen) -> Json:
    return {
        "party": str(seen.party),
        "evades": [str(kind) for kind in seen.evades],
        "begins_s": seen.begins_s,
        "watched_s": seen.watched_s,
        "found": [_detection_json(each) for each in seen.found],
        "proven": [_detection_json(each) for each in seen.proven],
        "early": [_detection_json(each) for each in seen.early],
        "leads": [{"channel": str(each.channel), "moment_s": each.moment_s} for each in seen.leads],
        "stands": seen.stands,
        "gained": [_gain_json(each) for each in seen.gained],
    }


def _party(value: Json, path: str) -> PartySeen:
    fields = Fields(value, path)
    found = PartySeen(
        party=fields.word("party", ParticipantId),
        evades=fields.items("evades", _kind),
        begins_s=fields.value("begins_s", int),
        watched_s=fields.value("watched_s", int),
        found=fields.items("found", _detection),
        proven=fields.items("proven", _detection),
        early=fields.items("early", _detection),
        leads=fields.items("leads", _notice),
        stands=fields.truth("stands"),
        gained=fields.items("gained", _gain),
    )
    fields.done()
    return found


def _kind(value: Json, path: str) -> CheatKind | EvasionKind:
    if value in {str(kind) for kind in EvasionKind}:
        return EvasionKind(str(value))
    if value in {str(kind) for kind in CheatKind}:
        return CheatKind(str(value))
    raise ValueError(f"{path}: expected an evasion, found {value!r:.80}")


def _notice(value: Json, path: str) -> Notice:
    fields = Fields(value, path)
    found = Notice(
        channel=fields.word("channel", ChannelKind), moment_s=fields.value("moment_s", int)
    )
    fields.done()
    return found


def _detection_json(each: Detection) -> Json:
    return {
        "fault": str(each.fault),
        "grade": str(each.grade),
        "moment_s": each.moment_s,
        "cut": each.cut,
    }


def _detection(value: Json, path: str) -> Detection:
    fields = Fields(value, path)
    found = Detection(
        fault=fields.word("fault", Fault),
        grade=fields.word("grade", Grade),
        moment_s=fields.value("moment_s", int),
        cut=fields.value("cut", int),
    )
    fields.done()
    return found


def _gain_json(each: Gain) -> Json:
    return {
        "by_finding": int(each.by_finding),
        "by_response": int(each.by_response),
        "response_s": each.response_s,
        "lead_by_finding": repr(each.lead_by_finding),  # exact, as a float's shortest text
        "lead_months": repr(each.lead_months),
    }


def _gain(value: Json, path: str) -> Gain:
    fields = Fields(value, path)
    found = Gain(
        by_finding=fields.value("by_finding", Pflop),
        by_response=fields.value("by_response", Pflop),
        response_s=fields.value("response_s", int),
        lead_by_finding=float(fields.text("lead_by_finding")),
        lead_months=float(fields.text("lead_months")),
    )
    fields.done()
    return found
