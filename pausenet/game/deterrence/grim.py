"""One defection in a pause that is watched imperfectly, answered by races for ever (grim).

Payoffs a period are T > R > P; each period a defector is found with chance d = 1 - beta, a lab
that keeps the pause is accused with chance alpha; either ends the pause, and a loss F, imposed with
chance q, falls on the accused. X is what an accusation costs a lab.

1. V = R + delta ((1 - alpha) V + alpha (V - X)), and after an accusation P for ever less q F, so
   X = (R - P + (1 - delta) q F) / (1 - delta (1 - alpha)).
2. One defection does not pay where delta (1 - alpha - beta) X >= T - R; by the one-shot deviation
   principle no other deviation pays then.
3. The least delta is the smaller root of a quadratic; for F = 0 it is
   (T - R) / ((T - R)(1 - alpha) + (1 - alpha - beta)(R - P)).
4. Without false alarms an answer tau periods late makes it
   delta^(tau + 1) d ((R - P) / (1 - delta) + q F) >= T - R.
5. With a test on a normal deviate of mean mu sigma, beta(alpha) = Phi(z - mu), z the upper
   alpha quantile. For F = 0 the alpha that needs the least patience has the likelihood ratio
   1 + (T - R) / (R - P): z = ln(1 + (T - R) / (R - P)) / mu + mu / 2.

Friedman 1971 for sure detection; step 5 follows from step 3 by the Neyman-Pearson lemma.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible, Number
from pausenet.inference.normal import above, upper_quantile

CONVERGED: Final = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A stage game, how it is watched, and what an accusation costs once, on average (q F).

    Payoffs are a period's, chances lie in [0, 1], `loss` is 0 or more. Raises `Misuse` unless
    temptation and cooperation lie above punishment, and detection is no rarer than false alarms.
    """

    temptation: Fraction | float
    cooperation: Fraction | float
    punishment: Fraction | float
    detection: Fraction | float
    false_alarm: Fraction | float = Fraction(0)
    loss: Fraction | float = Fraction(0)

    def __post_init__(self) -> None:
        if not self.punishment < self.cooperation:
            raise Misuse("expected cooperation above punishment: else no pause is wanted")
        if not self.punishment < self.temptation:
            raise Misuse("expected temptation above punishment")
        if not (0 <= self.detection <= 1 and 0 <= self.false_alarm <= 1):
            raise Misuse("expected chances between 0 and 1")
        if self.detection < self.false_alarm:
            raise Misuse("expected detection above false_alarm: else a coin would be a better test")
        if self.loss < 0:
            raise Misuse("expected a loss of 0 or more")

    @property
    def gain(self) -> Fraction | float:
        """T - R, what one defection gains at once; 0 where nothing tempts."""
        return max(self.temptation - self.cooperation, Fraction(0))

    @property
    def sorrow(self) -> Fraction | float:
        """R - P, what the end of the pause costs a period."""
        return self.cooperation - self.punishment

    @property
    def power(self) -> Fraction | float:
        """1 - alpha - beta: by how much a defection raises the chance of an accusation."""
        return self.detection - self.false_alarm


def cost_of_accusation(game: Watched, discount: Number) -> Number:
    """X of step 1."""
    return (game.sorrow + (1 - discount) * game.loss) / (1 - discount * (1 - game.false_alarm))


def value(game: Watched, discount: Number) -> Number:
    """What the pause is worth a period to a lab that keeps it: (1 - delta) V."""
    lost = discount * game.false_alarm * cost_of_accusation(game, discount)
    return game.cooperation - lost


def margin(game: Watched, discount: Number) -> Number:
    """What one defection loses by, in payoffs of a period (step 2)."""
    return discount * game.power * cost_of_accusation(game, discount) - game.gain


def critical_discount(game: Watched) -> Number | Infeasible:
    """The root of step 3, exact without a loss; 1 or more means that no patience is enough.

    >>> critical_discount(Watched(temptation=Fraction(5), cooperation=Fraction(3),
    ...     punishment=Fraction(1), detection=Fraction(9, 10), false_alarm=Fraction(1, 20)))
    Fraction(5, 9)
    """
    if game.gain == 0:
        return Fraction(0)
    slope = game.power * (game.sorrow + game.loss) + game.gain * (1 - game.false_alarm)
    bend = 4 * game.power * game.loss * game.gain
    if bend == 0:
        return game.gain / slope if slope else Infeasible("accusations tell nothing")
    inside = float(slope * slope - bend)
    if inside < 0:
        return Infeasible("false alarms cost more than accusations deter")
    return 2 * float(game.gain) / (float(slope) + math.sqrt(inside))


def least_patience(game: Watched) -> Number | Infeasible:
    """The smallest discount factor below 1 at which one defection does not pay."""
    found = critical_discount(game)
    if isinstance(found, Infeasible):
        return found
    return found if found < 1 else Infeasible("no patience is enough: false alarms weigh as much")


def least_power(game: Watched, discount: Number) -> Number | Infeasible:
    """The smallest chance of detection a period that deters, at these false alarms."""
    if game.gain == 0:
        return game.false_alarm
    cost = discount * cost_of_accusation(game, discount)
    found = game.false_alarm + game.gain / cost if cost else 2
    return found if found <= 1 else Infeasible("even sure detection would not cost enough")


def greatest_false_alarm(game: Watched, discount: Number) -> Number | Infeasible:
    """The largest chance of a false alarm a period at which the pause is kept."""
    quiet = replace(game, false_alarm=Fraction(0))
    if margin(quiet, discount) < 0:
        return Infeasible("the pause would not hold even without false alarms")
    weight = discount * (game.sorrow + (1 - discount) * game.loss)
    found = (weight * game.detection - game.gain * (1 - discount)) / (weight + game.gain * discount)
    return min(found, game.detection)


def least_loss(game: Watched, discount: Number) -> Number | Infeasible:
    """The smallest expected penalty q F that deters, beside the end of the pause."""
    if margin(replace(game, loss=Fraction(0)), discount) >= 0:
        return Fraction(0)
    if game.power == 0 or discount == 0:
        return Infeasible("accusations tell nothing")
    needed = game.gain * (1 - discount * (1 - game.false_alarm)) / (discount * game.power)
    return (needed - game.sorrow) / (1 - discount)


def late_margin(game: Watched, discount: Number, delay: Number) -> float:
    """As `margin`, without false alarms, for an answer `delay` periods late (step 4)."""
    late = math.pow(float(discount), float(delay) + 1.0)
    cost = float(game.sorrow) / (1.0 - float(discount)) + float(game.loss)
    return late * float(game.detection) * cost - float(game.gain)


def greatest_lateness(game: Watched, discount: Number) -> float | Infeasible:
    """The longest delay in periods that one defection can be answered with (step 4)."""
    if game.gain == 0:
        return Infeasible("nothing tempts, so no delay is too long")
    if late_margin(game, discount, 0) < 0:
        return Infeasible("even an answer at once would not cost enough")
    ratio = float(game.gain) / (late_margin(game, discount, -1) + float(game.gain))
    return max(0.0, math.log(ratio) / math.log(float(discount)) - 1.0)


def least_late_patience(game: Watched, delay: Number) -> float | Infeasible:
    """The smallest discount factor for a late answer, by bisection: step 4 rises in delta."""
    if game.gain == 0:
        return 0.0
    if game.detection == 0:
        return Infeasible("what is never detected is never answered")
    low, high = 0.0, 1.0
    while high - low > CONVERGED:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if late_margin(game, middle, delay) >= 0 else (middle, high)
    return high


def watched_by(game: Watched, separation: float, false_alarm: float) -> Watched:
    """The game watched by a test of `separation` sigmas at this rate of false alarms (step 5)."""
    power = above(upper_quantile(false_alarm) - separation)
    return replace(game, detection=max(power, false_alarm), false_alarm=false_alarm)


def best_false_alarm(game: Watched, separation: float) -> float:
    """The rate of false alarms that needs the least patience, for `separation` above 0 (step 5)."""
    if separation <= 0.0:
        raise Misuse("expected a test that separates by more than 0 sigmas")
    ratio = float(game.gain / game.sorrow)
    z = math.log1p(ratio) / separation + separation / 2.0
    return above(z)
