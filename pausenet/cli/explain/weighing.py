"""What each channel adds to a run's evidence against one party, and what it costs.

Every bundle is judged first. A warrant that states its rates becomes a channel with the likelihood
ratio of its alarm, detection that is sure over false alarms; channels of one independence group of
the register are one group here. Both rates are those of all tests of a series together, over the
whole length that the rules give it, and are stated for two ways of hiding one strategic quantity:
in each of two periods, and spread over the series. Each way is a suspicion of its own, and
evidence is weighed against each apart. What states no rate is named and not counted, and a proof
needs no counting. Nor is a test counted that is sure of no more detection than chance: detection
is stated from below, and an alarm never speaks for the lab.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pausenet.cli.explain.worth import Rates, percent, stated_rates
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
class Way:
    """One way of hiding: the tests' power against it, and what each channel adds."""

    power: str
    weights: tuple[Weight, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """All evidence against one party, by the way of hiding, and what is not counted."""

    accused: ParticipantId
    groups: Mapping[str, str]
    ways: Mapping[str, Way]
    uncounted: tuple[str, ...]

    def lines(self, base: Fraction) -> Iterator[str]:
        """The answer in words, one line a channel."""
        yield f"{self.accused}"
        for hidden, way in self.ways.items():
            yield f"  if it {hidden}, from a base rate of {100 * float(base):.3g} %"
            yield f"    {way.power}"
            for each in way.weights:
                cost = ", ".join(f"{float(cost):g}" for cost in each.cost) or "not given"
                point = ", ".join(f"{found:.3g}" for found in each.cost_of_a_point) or "-"
                yield (
                    f"    {each.name} (group {self.groups[each.name]}): with it at least "
                    f"{100 * each.with_it:.3g} %, without it {100 * each.without_it:.3g} %; adds "
                    f"{each.points:.3g} points; cost {cost}, of a point {point}"
                )
        yield from (f"  not counted: {each}" for each in self.uncounted)

    def to_json(self) -> dict[str, Json]:
        """The same for a program; numbers as texts, for the canonical form knows no fractions."""
        ways: list[Json] = [
            {
                "hidden": hidden,
                "power": way.power,
                "channels": [self._row(each) for each in way.weights],
            }
            for hidden, way in self.ways.items()
        ]
        return {"accused": str(self.accused), "ways": ways, "uncounted": list(self.uncounted)}

    def _row(self, weight: Weight) -> Json:
        return {
            "name": weight.name,
            "group": self.groups[weight.name],
            "with_it": f"{weight.with_it:.6g}",
            "without_it": f"{weight.without_it:.6g}",
            "points": f"{weight.points:.6g}",
            "cost": [f"{float(cost):.6g}" for cost in weight.cost],
            "cost_of_a_point": [f"{found:.6g}" for found in weight.cost_of_a_point],
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
    ways: dict[str, dict[str, Channel]] = {}
    powers: dict[str, str] = {}
    groups: dict[str, str] = {}
    uncounted = list(refused)
    for bundle in bundles:
        claim = bundle.accusation
        rates, meter = stated_rates(claim.text), _meter(bundle)
        if not (rates and meter):
            uncounted.append(f"{claim.fault}: {_why(claim.fault.fault_class)}")
            continue
        name, controls, group = meter[0]
        for each in rates:
            if each.ratio <= 1:
                uncounted.append(f"{claim.fault}, if it {each.hidden}: {_blind(each)}")
                continue
            channels = ways.setdefault(each.hidden, {})
            ratio = math.log(each.ratio)
            if name not in channels or ratio > channels[name].log_ratio:
                channels[name] = Channel(name=name, controls=controls, log_ratio=ratio)
                groups[name], powers[each.hidden] = group, _power(each)
    return Weighed(
        accused=accused,
        groups=groups,
        ways={
            hidden: Way(
                power=powers[hidden],
                weights=weights(tuple(channels.values()), base, dict(costs)),
            )
            for hidden, channels in ways.items()
        },
        uncounted=tuple(uncounted),
    )


def _why(fault_class: FaultClass) -> str:
    if fault_class is FaultClass.PROOF:
        return "a proof stands by itself and takes no base rate"
    return "a warrant that states no rates of its own"


def _blind(rates: Rates) -> str:
    return (
        f"a test that is sure to find this no more often than chance alarms, in "
        f"{percent(rates.detection)} beside {percent(rates.false_alarm)}"
    )


def _power(rates: Rates) -> str:
    """The rates of a channel's tests in words: they hold for a whole series."""
    return (
        f"over a {rates.candidate}, the length that the rules in force give it, one of all its "
        f"tests alarms in at least {percent(rates.detection)}, and in "
        f"{percent(rates.false_alarm)} where nothing is hidden"
    )


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
