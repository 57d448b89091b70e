"""The safety-performance trade-off with effort that is chosen (the model of AIIncentives.jl).

Lab i spends X_s on safety and X_p on performance, at r a unit. All of A, a, B, b, theta, d, r may
differ from lab to lab.

1. Performance p = B X_p^b, safety s = A X_s^a p^-theta: what performs better is harder to make
   safe.
2. The system of the winner is safe with chance sigma = s / (1 + s); i wins with chance
   q_i = p_i / sum p.
3. With 1 for who wins safely, 0 for the others, -d for all after a disaster,
   u_i = sigma_i q_i - (1 - sum_j sigma_j q_j) d_i - r_i (X_s + X_p).
4. Given X_p the best X_s solves (1 + d) q K a X_s^(a-1) = r (1 + K X_s^a)^2 with K = A p^-theta. In
   x = ln X_s the logarithm of left over right is concave and falls (a < 1), so that Newton's method
   from a point beyond the root comes down to it without overshooting.
5. The best X_p is the best of a grid in ln X_p, then the zero of du/dln X_p beside it.
6. An equilibrium is sought by best responses of all at once, half of the way in logarithms, until
   no ln X moves by more than 1e-9; `regret` is what the best response then still gains. A search
   that does not settle, or a lab that wants no performance at all, is `NotFound`: mixed equilibria
   are not sought.

Float64; inputs in units of input, r in prizes a unit; relative tolerance of s and p 1e-6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.inference.roots import crossing

Floats: TypeAlias = NDArray[np.float64]
_STEPS_MAX: Final = 200
_SETTLED: Final = 1e-9
_POINTS: Final = 257
_NEWTON: Final = 40
_SPAN: Final = 30.0
"""How far below its largest useful value, in ln, an input is sought."""
_REGRET_MAX: Final = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A lab's symbols: A, a, B, b, theta, d, r. Raises `Misuse` outside their ranges."""

    safety_skill: float = 10.0
    safety_elasticity: float = 0.5
    performance_skill: float = 10.0
    performance_elasticity: float = 0.5
    tension: float = 0.25
    loss: float = 1.0
    price: float = 0.1

    def __post_init__(self) -> None:
        if not (self.safety_skill > 0.0 and self.performance_skill > 0.0 and self.price > 0.0):
            raise Misuse("Lab: expected A, B and r above 0")
        if not (0.0 < self.safety_elasticity < 1.0 and 0.0 < self.performance_elasticity <= 1.0):
            raise Misuse("Lab: expected elasticities 0 < a < 1 and 0 < b <= 1")
        if not (self.tension >= 0.0 and self.loss >= 0.0):
            raise Misuse("Lab: expected theta and d of 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """An equilibrium: inputs, safety and performance of each lab, and what is left to gain."""

    safety_input: tuple[float, ...]
    performance_input: tuple[float, ...]
    safety: tuple[float, ...]
    performance: tuple[float, ...]
    payoffs: tuple[float, ...]
    disaster: float
    regret: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """All that matters to a lab of the others: their performance, and that times their safety."""

    performance: float
    safe: float


def performance(lab: Lab, own: Floats) -> Floats:
    """p for X_p (step 1)."""
    found: Floats = lab.performance_skill * own**lab.performance_elasticity
    return found


def safety(lab: Lab, own: Floats, performing: Floats) -> Floats:
    """s for X_s and p (step 1)."""
    found: Floats = lab.safety_skill * own**lab.safety_elasticity * performing**-lab.tension
    return found


def payoff(lab: Lab, others: Others, safety_input: Floats, performance_input: Floats) -> Floats:
    """u of a lab for arrays of its inputs (steps 1 to 3)."""
    p = performance(lab, performance_input)
    s = safety(lab, safety_input, p)
    total = p + others.performance
    own = p / total * s / (1.0 + s)
    cost = lab.price * (safety_input + performance_input)
    found: Floats = own - (1.0 - own - others.safe / total) * lab.loss - cost
    return found


def best_safety(lab: Lab, others: Others, performance_input: Floats) -> Floats:
    """The best X_s for each X_p (step 4)."""
    p = performance(lab, performance_input)
    a = lab.safety_elasticity
    gain = (1.0 + lab.loss) * p / (p + others.performance)
    k = np.log(lab.safety_skill) - lab.tension * np.log(p)
    scale = np.log(gain * a / lab.price) + k
    x = np.minimum(scale / (1.0 - a), (scale - 2.0 * k) / (1.0 + a))
    for _ in range(_NEWTON):
        odds = np.logaddexp(0.0, k + a * x)
        value = scale - (1.0 - a) * x - 2.0 * odds
        step = value / (1.0 - a + 2.0 * a * np.exp(k + a * x - odds))
        x = x + step
        if float(np.max(np.abs(step))) <= 1e-14:
            break
    found: Floats = np.exp(x)
    return found


def slope(lab: Lab, others: Others, ln_performance_input: float) -> float:
    """du / d ln X_p, X_s being the best for it (step 5)."""
    own = np.exp(np.float64(ln_performance_input)).reshape(1)
    p = float(performance(lab, own)[0])
    s = float(safety(lab, best_safety(lab, others, own), np.array([p]))[0])
    total, sigma = p + others.performance, s / (1.0 + s)
    q = p / total
    won = (1.0 + lab.loss) * q * sigma * (1.0 - q - lab.tension * (1.0 - sigma))
    lost = lab.loss * others.safe / total * q
    return lab.performance_elasticity * (won - lost) - lab.price * float(own[0])


def best_response(lab: Lab, others: Others) -> tuple[float, float, float]:
    """X_s, X_p and the payoff of a best response (steps 4 and 5)."""
    high = float(np.log((1.0 + 2.0 * lab.loss) / lab.price))
    grid = np.linspace(high - _SPAN, high, _POINTS)
    inputs = np.exp(grid)
    place = int(np.argmax(payoff(lab, others, best_safety(lab, others, inputs), inputs)))
    near, far = float(grid[max(place - 1, 0)]), float(grid[min(place + 1, _POINTS - 1)])
    found = float(grid[place])
    if slope(lab, others, near) > 0.0 > slope(lab, others, far):
        found = crossing(lambda x: slope(lab, others, x), near, far, tolerance=1e-13)
    own = np.exp(np.float64(found)).reshape(1)
    safe = best_safety(lab, others, own)
    return float(safe[0]), float(own[0]), float(payoff(lab, others, safe, own)[0])


def equilibrium(labs: tuple[Lab, ...]) -> Effort | NotFound:
    """A pure equilibrium, or why none was found (step 6). Raises `Misuse` for a single lab."""
    if len(labs) < 2:
        raise Misuse("effort: expected two labs or more")
    prices = np.array([lab.price for lab in labs])
    logs = np.log(np.stack([0.1 / prices, 0.1 / prices]))
    for _ in range(_STEPS_MAX):
        answers = _answers(labs, logs)
        moved = np.log(answers[:2]) - logs
        logs = logs + 0.5 * moved
        if float(np.max(np.abs(moved))) <= _SETTLED:
            return _settled(labs, logs)
        if float(np.min(logs[1] - np.log(1.0 / prices))) < -0.9 * _SPAN:
            return NotFound("a lab wants to perform ever less: none is where all perform")
    found = _settled(labs, logs)
    if isinstance(found, Effort):
        return found
    return NotFound("best responses go round, and mixed equilibria are not sought")


def _answers(labs: tuple[Lab, ...], logs: Floats) -> Floats:
    """Best responses to a profile, shape (3, n): X_s, X_p, payoff; equal labs are asked once."""
    p, s = _made(labs, logs)
    known: dict[tuple[Lab, Others], tuple[float, float, float]] = {}
    rows = []
    total, safe = float(np.sum(p)), p * s / (1.0 + s)
    for place, lab in enumerate(labs):
        others = Others(
            performance=total - float(p[place]), safe=float(np.sum(safe)) - float(safe[place])
        )
        key = (lab, others)
        if key not in known:
            known[key] = best_response(lab, others)
        rows.append(known[key])
    return np.array(rows).T


def _made(labs: tuple[Lab, ...], logs: Floats) -> tuple[Floats, Floats]:
    """p and s of a profile."""
    p = np.array([performance(lab, np.exp(logs[1, i])) for i, lab in enumerate(labs)])
    s = np.array([safety(lab, np.exp(logs[0, i]), p[i]) for i, lab in enumerate(labs)])
    return p, s


def _settled(labs: tuple[Lab, ...], logs: Floats) -> Effort | NotFound:
    """What a profile gives, if nobody gains by leaving it."""
    p, s = _made(labs, logs)
    q, sigma = p / np.sum(p), s / (1.0 + s)
    disaster = 1.0 - float(np.sum(q * sigma))
    losses = np.array([lab.loss for lab in labs])
    costs = np.array([lab.price for lab in labs]) * np.sum(np.exp(logs), axis=0)
    payoffs = q * sigma - disaster * losses - costs
    gained = float(np.max(_answers(labs, logs)[2] - payoffs))
    if gained > _REGRET_MAX:
        return NotFound(f"a lab would still gain {gained:.2g} by another effort")
    return Effort(
        safety_input=tuple(np.exp(logs[0]).tolist()),
        performance_input=tuple(np.exp(logs[1]).tolist()),
        safety=tuple(s.tolist()),
        performance=tuple(p.tolist()),
        payoffs=tuple(payoffs.tolist()),
        disaster=disaster,
        regret=max(0.0, gained),
    )
