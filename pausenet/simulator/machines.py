"""What makes the machines of a simulated run: the protocol's own, wrapped in their cheats."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pausenet.protocol.appraisal import Appraise, appraise_cut
from pausenet.protocol.messages import Machine
from pausenet.protocol.register import Keyring, Register
from pausenet.scenario.plan import CheatPlan
from pausenet.simulator.adversary import adversary_of
from pausenet.simulator.setting import Setting
from pausenet.values import ParticipantId


def makers_of(
    setting: Setting, cheats: tuple[CheatPlan, ...], appraise: Appraise = appraise_cut
) -> dict[ParticipantId, Callable[[Register], Machine]]:
    """What makes each participant's machine, wrapped in its cheats."""

    return {
        name: partial(make, setting, cheats, appraise, name, setting.keys[name])
        for name in setting.nodes()
    }


def maker_of(
    setting: Setting, appraise: Appraise, name: ParticipantId
) -> Callable[[Register], Machine]:
    """What makes the machine of a newcomer, who is honest."""
    return partial(make, setting, (), appraise, name, setting.keys[name])


def make(
    setting: Setting,
    cheats: tuple[CheatPlan, ...],
    appraise: Appraise,
    name: ParticipantId,
    keys: Keyring,
    register: Register,
) -> Machine:
    """A participant's machine with these keys, by this register, wrapped in its cheats."""
    machine = setting.machine(name, keys, register, appraise)
    for cheat in cheats:
        if cheat.by == name:
            wrap = adversary_of(cheat, register=register, keys=keys)
            machine = wrap(machine)
    return machine
