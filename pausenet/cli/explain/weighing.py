"""What each channel adds to a run's evidence against one party, and what it costs.

Every bundle is judged first. A warrant that states its rates becomes a channel with the likelihood
ratio of its alarm, detection that is sure over false alarms; channels of one independence group of
the register are one group here. What states no rate is named and not counted, and a proof needs no
counting. Nor is a test counted that is sure of no more detection than chance: detection is stated
from below, and an alarm never speaks for the lab.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pausenet.cli.explain.worth import Rates, stated_rates
from pausenet.inference.fusion.channels import Channel, Controls
from pausenet.inference.fusion.weights import Weight, weights
from pausenet.protocol.bundle import Outcome, verify_bundle
from pausenet.protocol.evidence import Bundle, Signed, decode_bundle
from pausenet.protocol.register import Register
from pausenet.protocol.succession import open_envelope
from pausenet.statements.canonical import Json
from pausenet.statements.finding import FaultClass
from pausenet.values import ParticipantId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """All evidence against one party: channels with their weights, and what is not counted."""

    accused: ParticipantId
    hidden: str
    groups: Mapping[str, str]
    weights: tuple[Weight, ...]
    uncounted: tuple[str, ...]

    def lines(self, base: Fraction) -> Iterator[str]:
        """The answer in words, one line a channel."""
        yield f"{self.accused}"
        for each in self.weights:
            cost = ", ".join(f"{float(cost):g}" for cost in each.cost) or "not given"
            point = ", ".join(f"{found:.3g}" for found in each.cost_of_a_point) or "-"
            yield (
                f"  {each.name} (group {self.groups[each.name]}): with it "
                f"{100 * each.with_it:.3g} %, without it {100 * each.without_it:.3g} %; adds "
                f"{each.points:.3g} points; cost {cost}, of a point {point}"
            )
        if self.weights:
            yield f"  from a base rate of {100 * float(base):.3g} %, if it {self.hidden}"
        yield from (f"  not counted: {each}" for each in self.uncounted)

    def to_json(self) -> dict[str, Json]:
        """The same for a program; numbers as texts, for the canonical form knows no fractions."""
        channels: list[Json] = [
            {
                "name": each.name,
                "group": self.groups[each.name],
                "with_it": f"{each.with_it:.6g}",
                "without_it": f"{each.without_it:.6g}",
                "points": f"{each.points:.6g}",
                "cost": [f"{float(cost):.6g}" for cost in each.cost],
                "cost_of_a_point": [f"{found:.6g}" for found in each.cost_of_a_point],
            }
            for each in self.weights
        ]
        return {
            "accused": str(self.accused),
            "hidden": self.hidden,
            "channels": channels,
            "uncounted": list(self.uncounted),
        }


def weighed(
    bundles: Sequence[bytes], base: Fraction, costs: Mapping[str, Fraction]
) -> tuple[Weighed, ...]:
    """The evidence of a run by accused; bundles whose materials show nothing are only named."""
    found: dict[ParticipantId, list[Bundle]] = {}
    refused: dict[ParticipantId, list[str]] = {}
    for data in bundles:
        bundle = decode_bundle(data)
        accused = bundle.accusation.accused
        found.setdefault(accused, [])
        outcome = verify_bundle(data, bundle.network).outcome
        if outcome in (Outcome.PROVEN, Outcome.REPRODUCED):
            found[accused].append(bundle)
        else:
            said = f"{bundle.accusation.fault}: {outcome}, its materials do not show it here"
            refused.setdefault(accused, []).append(said)
    return tuple(
        _of_one(accused, found[accused], refused.get(accused, []), base, costs)
        for accused in sorted(found)
    )


def _of_one(
    accused: ParticipantId,
    bundles: Sequence[Bundle],
    refused: Sequence[str],
    base: Fraction,
    costs: Mapping[str, Fraction],
) -> Weighed:
    channels: dict[str, Channel] = {}
    groups: dict[str, str] = {}
    hidden, uncounted = "", list(refused)
    for bundle in bundles:
        claim = bundle.accusation
        rates = stated_rates(claim.text)[:1]
        meter = _meter(bundle)
        if not (rates and meter and rates[0].ratio > 1):
            uncounted.append(f"{claim.fault}: {_why(claim.fault.fault_class, rates)}")
            continue
        name, controls, group = meter[0]
        ratio = math.log(rates[0].ratio)
        if name not in channels or ratio > channels[name].log_ratio:
            channels[name] = Channel(name=name, controls=controls, log_ratio=ratio)
            groups[name], hidden = group, rates[0].hidden
    return Weighed(
        accused=accused,
        hidden=hidden,
        groups=groups,
        weights=weights(tuple(channels.values()), base, dict(costs)),
        uncounted=tuple(uncounted),
    )


def _why(fault_class: FaultClass, rates: Sequence[Rates]) -> str:
    if fault_class is FaultClass.PROOF:
        return "a proof stands by itself and takes no base rate"
    if rates and rates[0].ratio <= 1:
        return "a test that is sure to find this no more often than chance alarms"
    return "a warrant that states no rates of its own"


def _meter(bundle: Bundle) -> tuple[tuple[str, Controls, str], ...]:
    """The meter whose readings stand in a bundle, who controls it, and its group; or nobody.

    The register gives each participant a group; whoever is of one group is taken to be in one
    hand, that of its first member.
    """
    register = Register.load(bundle.register, None, bundle.network)
    authors = {
        open_envelope(each.entry)[1].author for each in bundle.materials if isinstance(each, Signed)
    }
    for name in sorted(authors):
        member = register.members[name]
        if member.role is Role.METER:
            hand = min(each.id for each in register.members.values() if each.group == member.group)
            return ((str(name), Controls(meter=hand, key=hand), member.group),)
    return ()
