"""Replications as tables: one row a replication, and one row a party of a replication.

Times are in days, compute is in FLOP, chances and errors are in parts per million. Every column
is described here; the documentation and the files' readers have it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.drawing import drawn, number_at, spreads_of
from pausenet.simulator.outcome.replication import (
    FLOP_PER_PFLOP,
    Detection,
    PartySeen,
    Replication,
)
from pausenet.statements.clauses import PPM
from pausenet.values import Pflop

Cell: TypeAlias = str | int | float

RUN_COLUMNS: Final[Mapping[str, str]] = {
    "scenario": "the scenario's name",
    "replication": "its number, from 0",
    "seed": "the seed: `pausenet run SCENARIO --seed SEED` makes this run again, with its evidence",
    "drawn": "every number that was drawn for an interval, as PLACE=NUMBER in base units",
    "network_id": "the network's id; the run made again has the same",
    "trace": "a digest of every event and effect of the run",
    "evaders": "parties that evade",
    "evaders_found": "those of them against whom the network found anything of their evasion",
    "false_findings": "other parties with a finding, and evaders with one before their evasion",
    "false_proofs": "parties that keep the rules and against whom a breach was proven; must be 0",
    "promises_broken": "promises of the protocol that did not hold; must be 0",
}
"""The columns of `replications.csv`, and what each says."""

PARTY_COLUMNS: Final[Mapping[str, str]] = {
    "scenario": "the scenario's name",
    "replication": "the replication's number, from 0",
    "seed": "its seed",
    "party": "who the row is about",
    "accelerators": "the lab's accelerators in H100-equivalents; empty for others",
    "utilisation_ppm": "its planned utilisation, in parts per million",
    "training_ppm": "the share of that in pre-training, in parts per million",
    "meter_random_ppm": "standard deviation of one reading, in parts per million",
    "meter_systematic_ppm": "standard deviation of the calibration, in parts per million",
    "evades": "its evasions; empty for one that keeps the rules",
    "amount_ppm": "the share that its first evasion hides or goes over, in parts per million",
    "begins_day": "day on which its evasion begins, or else from which the agreement binds it",
    "watched_days": "how long it was watched from there; the time of censoring without a finding",
    "found": "1 with a finding of its evasion, or else with a false one; 0 without",
    "fault": "the first such finding",
    "grade": "its grade",
    "cut": "the period of the cut it first stood under",
    "delay_days": "from the beginning to that finding; empty without one",
    "proven": "1 with a confirmed finding",
    "proven_delay_days": "from the beginning to the first confirmed finding",
    "early_fault": "a finding against an evader that is not of its evasion",
    "lead": "the channel of the first lead about it; empty without one",
    "lead_delay_days": "from the beginning to that lead; empty without one",
    "stands": "1 where a finding is left at the end",
    "gained_by_finding_flop": "compute gained by finding or lead, or to the end; or empty",
    "gained_by_response_flop": "compute gained by the response; empty without finding and lead",
    "response_days": "from the beginning to the response; empty without finding and lead",
    "lead_months_by_finding": "what the compute is worth in months of lead, by the finding or lead",
    "lead_months": "what the compute is worth in months of lead, by the response or the end",
}
"""The columns of `results.csv`, and what each says."""


def run_row(scenario: Scenario, run: Replication) -> dict[str, Cell]:
    """The row of a replication."""
    followers = [seen for seen in run.parties if not seen.evades]
    evaders = [seen for seen in run.parties if seen.evades]
    return {
        "scenario": scenario.name,
        "replication": run.number,
        "seed": run.seed,
        "drawn": _drawn_text(scenario, run.seed),
        "network_id": run.network,
        "trace": run.trace,
        "evaders": len(evaders),
        "evaders_found": sum(seen.found != () for seen in evaders),
        "false_findings": sum(seen.found != () for seen in followers)
        + sum(seen.early != () for seen in evaders),
        "false_proofs": sum(seen.proven != () for seen in followers),
        "promises_broken": len(run.broken),
    }


def _drawn_text(scenario: Scenario, seed: int) -> str:
    numbers = drawn(scenario, seed)
    places = (path for path, _ in spreads_of(scenario))
    return " ".join(f"{'.'.join(path)}={number_at(numbers, path)}" for path in places)


def party_rows(scenario: Scenario, run: Replication) -> list[dict[str, Cell]]:
    """The rows of a replication's parties, with the numbers that were drawn for it."""
    scenario = drawn(scenario, run.seed)
    return [_party_row(scenario, run, seen) for seen in run.parties]


def _party_row(scenario: Scenario, run: Replication, seen: PartySeen) -> dict[str, Cell]:
    lab = next((each for each in scenario.labs if each.name == seen.party), None)
    cheat = next((each for each in scenario.cheats if each.by == seen.party and each.real), None)
    found, proven = _one(seen.found), _one(seen.proven)
    gain = seen.gained[0] if seen.gained else None
    responded = gain is not None and seen.noticed
    row: dict[str, Cell] = dict.fromkeys(PARTY_COLUMNS, "")
    row |= {"scenario": scenario.name, "replication": run.number, "seed": run.seed}
    row |= {
        "party": seen.party,
        "accelerators": lab.accelerators if lab else "",
        "utilisation_ppm": lab.utilisation_ppm if lab else "",
        "training_ppm": lab.training_ppm if lab else "",
        "meter_random_ppm": scenario.meters.random_ppm,
        "meter_systematic_ppm": scenario.meters.systematic_ppm,
        "evades": " ".join(seen.evades),
        "amount_ppm": cheat.amount_ppm if cheat else "",
        "begins_day": days(seen.begins_s),
        "watched_days": days(seen.watched_s),
        "found": int(found is not None),
        "proven": int(proven is not None),
        "early_fault": str(seen.early[0].fault) if seen.early else "",
        "stands": int(seen.stands),
    }
    if found:
        row |= {"fault": str(found.fault), "grade": str(found.grade), "cut": found.cut}
        row["delay_days"] = days(seen.delay_s)
    if proven:
        row["proven_delay_days"] = days(proven.moment_s - seen.begins_s)
    if seen.leads:
        row["lead"] = str(seen.leads[0].channel)
        row["lead_delay_days"] = days(seen.leads[0].moment_s - seen.begins_s)
    if gain:
        row["gained_by_finding_flop"] = flop(gain.by_finding)
        row["lead_months_by_finding"] = round(gain.lead_by_finding, 3)
        row["lead_months"] = round(gain.lead_months, 3)
    if gain and responded:
        row["gained_by_response_flop"] = flop(gain.by_response)
        row["response_days"] = days(gain.response_s - seen.begins_s)
    assert row.keys() == PARTY_COLUMNS.keys(), "every column is documented"
    return row


def days(seconds: int) -> float:
    """Seconds in days, to a thousandth."""
    return round(seconds / DAY_S, 3)


def flop(amount: Pflop) -> str:
    """An amount in FLOP, to four figures: `1.234e+24`.

    >>> flop(Pflop(1234567890))
    '1.235e+24'
    """
    return f"{amount * FLOP_PER_PFLOP:.3e}"


def share_text(ppm: int) -> str:
    """A share in per cent.

    >>> share_text(80_000)
    '8 %'
    """
    return f"{ppm * 100 / PPM:g} %"


def _one(found: tuple[Detection, ...]) -> Detection | None:
    return found[0] if found else None
