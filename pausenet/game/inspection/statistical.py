"""One inspection whose test errs: the false alarms that deterrence costs (Avenhaus and Canty).

| symbol | here | meaning | unit |
|---|---|---|---|
| mu / sigma | `separation` | how far a violation moves the reading | sigmas |
| b, d | `penalty`, `gain` | what detection costs the lab, what missing gains it | payoff |
| f, e | `alarm_loss_lab`, `alarm_loss` | what a false alarm costs lab and inspector | payoff |
| a, c | `caught_loss`, `missed_loss` | what a violation costs the inspector | payoff |
| alpha, beta | | false alarm, non-detection | 1 |

1. Payoffs (inspector, lab): kept and no alarm (0, 0); false alarm (-e, -f); caught (-a, -b);
   missed (-c, +d), with 0 < e < a < c.
2. The best test of size alpha (Neyman and Pearson) has beta(alpha) = Phi(z_alpha - mu / sigma).
3. The lab keeps the rule where -f alpha >= -b (1 - beta) + d beta, which is
   beta(alpha) <= (b - f alpha) / (b + d).
4. h(alpha) = (b - f alpha) / (b + d) - beta(alpha) is concave and starts at -d / (b + d) < 0. Its
   peak is where exp(m z - m^2 / 2) = f / (b + d), m = mu / sigma. alpha* is its first zero; where
   the peak is below 0 no rate deters.
5. A leader announces alpha* and expects -e alpha*. Without announcement the lab violates with
   q = e / (e + (c - a) R), R = exp(m z* - m^2 / 2) = -beta'(alpha*), the inspector still tests at
   alpha* and expects -(1 - q) e alpha* - q (a + (c - a) beta*).

Avenhaus and Canty 1996; Avenhaus, von Stengel and Zamir 2002.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Cell, Infeasible, Lines, Mark, Series, Table
from pausenet.game.checks import Check
from pausenet.game.inspection.papers import COMPLIANCE, HANDBOOK
from pausenet.game.inspection.shared import check, column
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.inference.normal import above, below, upper_quantile

_FARTHEST: Final = 37.0
_STEPS: Final = 200
ABSURD: Final = 0.2
"""A false-alarm rate above which a test accuses so often that nobody would accept it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deterring:
    """The least false-alarm rate at which the announced test deters, and what it detects."""

    alpha: float
    beta: float
    z: float

    @property
    def detection(self) -> float:
        """1 - beta."""
        return 1.0 - self.beta


Rate: TypeAlias = Deterring | Infeasible


def non_detection(alpha: float, separation: float) -> float:
    """beta(alpha) of the best test (step 2).

    >>> round(non_detection(0.05, 3.29), 3)
    0.05
    """
    if alpha <= 0.0 or alpha >= 1.0:
        return 1.0 if alpha <= 0.0 else 0.0
    return below(upper_quantile(alpha) - separation)


def deterring_rate(separation: float, penalty: float, gain: float, alarm_loss_lab: float) -> Rate:
    """alpha*: the least rate that deters, by bisection over the threshold z (steps 3 and 4).

    >>> rate = deterring_rate(2.0, 1.0, 1.0, 0.1)
    >>> isinstance(rate, Deterring) and round(rate.alpha, 6)
    0.022906
    """
    if separation < 0.0 or penalty <= 0.0 or gain <= 0.0 or alarm_loss_lab < 0.0:
        raise Misuse("deterring_rate: expected penalty and gain above 0, the others from 0")

    def slack(z: float) -> float:
        missed = below(z - separation)
        return (penalty - alarm_loss_lab * above(z)) / (penalty + gain) - missed

    # 4. the peak; without a separation the line h is straight, so its peak is an end
    if alarm_loss_lab == 0.0 or separation == 0.0:
        peak = -_FARTHEST
    else:
        loss = math.log(alarm_loss_lab) - math.log(penalty + gain)
        peak = loss / separation + separation / 2.0
        peak = max(-_FARTHEST, min(_FARTHEST, peak))
    if slack(peak) < 0.0:
        return Infeasible("the test is too weak: at no false-alarm rate does violating cost more")
    deters, tempts = peak, max(_FARTHEST, separation + _FARTHEST)
    for _ in range(_STEPS):
        middle = (deters + tempts) / 2.0
        if middle in (deters, tempts):
            break
        if slack(middle) >= 0.0:
            deters = middle
        else:
            tempts = middle
    return Deterring(alpha=above(deters), beta=below(deters - separation), z=deters)


def secret_play(
    rate: Deterring, separation: float, alarm_loss: float, caught_loss: float, missed_loss: float
) -> tuple[float, float]:
    """Without announcement: how likely the lab violates, what the inspector expects (step 5)."""
    log_ratio = separation * rate.z - separation * separation / 2.0
    ratio = math.exp(min(700.0, log_ratio))
    violates = alarm_loss / (alarm_loss + (missed_loss - caught_loss) * ratio)
    spent = (1.0 - violates) * alarm_loss * rate.alpha
    lost = violates * (caught_loss + (missed_loss - caught_loss) * rate.beta)
    return violates, -spent - lost


def _solve(chosen: Chosen) -> Answer:
    m, b, d, f = (chosen.real(n) for n in ("separation", "penalty", "gain", "alarm_loss_lab"))
    e, a, c = (chosen.real(n) for n in ("alarm_loss", "caught_loss", "missed_loss"))
    if not 0.0 < e < a < c:
        raise Misuse("expected 0 < alarm_loss < caught_loss < missed_loss")
    rate = deterring_rate(m, b, d, f)
    if isinstance(rate, Infeasible):
        said = (
            f"No false-alarm rate deters: a violation moves the reading by {m:g} sigma, and at "
            "every rate at which it would be found often enough, a lab that keeps the rule is "
            "accused so often that keeping it no longer pays: verification is too weak."
        )
        rows: tuple[tuple[Cell, ...], ...] = (("least false-alarm rate that deters", rate),)
    else:
        violates, secret = secret_play(rate, m, e, a, c)
        said = _said(rate, m, -e * rate.alpha, secret)
        rows = (
            ("least false-alarm rate that deters", rate.alpha),
            ("detection probability there", rate.detection),
            ("inspector's payoff, rate announced", -e * rate.alpha),
            ("inspector's payoff, rate secret", secret),
            ("chance that the lab violates, rate secret", violates),
        )
    return Answer(
        sentence=said,
        not_shown="More than one inspection, errors that are not normal, what a second look at an "
        "alarm would clear up, and labs that value the same loss differently.",
        tables=(
            Table(
                title="A test that errs",
                columns=(column("quantity", ""), column("value")),
                rows=rows,
            ),
        ),
        picture=_picture(rate, m, b, d, f),
    )


def _said(rate: Deterring, separation: float, led: float, secret: float) -> str:
    if rate.alpha > ABSURD:
        return (
            f"Deterrence would need a false-alarm rate of {rate.alpha:.1%}: the test accuses "
            f"{'most' if rate.alpha > 0.5 else 'far too many'} labs that keep the rule (more than "
            f"{ABSURD:.0%}), so with "
            f"a separation of only {separation:g} sigma verification is too weak."
        )
    return (
        f"An announced test deters at a false-alarm rate of {rate.alpha:.3%}, where it finds a "
        f"violation with probability {rate.detection:.3f}; announcing it costs the inspector "
        f"{-led:.4g}, keeping it secret {-secret:.4g}."
    )


def _picture(
    rate: Rate, separation: float, penalty: float, gain: float, alarm_loss_lab: float
) -> Lines:
    """The operating characteristic against the line of deterrence."""
    zs = [separation + (step / 20.0 - 4.0) for step in range(161)]
    zs = [*(z - separation for z in zs), *zs] if separation < 4.0 else zs
    curve = sorted({(above(z), above(z - separation)) for z in zs})
    need = tuple(
        (x / 100.0, 1.0 - (penalty - alarm_loss_lab * x / 100.0) / (penalty + gain))
        for x in range(101)
    )
    marks: tuple[Mark, ...] = ()
    if isinstance(rate, Deterring):
        marks = (Mark(x=rate.alpha, y=rate.detection, words="just deters"),)
    return Lines(
        title="Deterrence begins where the test finds more than the line asks for.",
        subtitle="What the test finds by its false-alarm rate, and what deterrence needs.",
        x=Axis(title="false-alarm rate", low=0, high=1, percent=True),
        y=Axis(title="detection probability", low=0, high=1, percent=True),
        series=(
            Series(name="the best test", points=((0, 0), *curve, (1, 1))),
            Series(
                name="needed to deter",
                points=tuple(point for point in need if point[1] <= 1.0),
                dashed=True,
            ),
        ),
        marks=marks,
    )


def _stated(m: float, d: float, f: float, what: str, stated: str) -> Check:
    def ours() -> float | Infeasible:
        rate = deterring_rate(m, 1.0, d, f)
        if isinstance(rate, Infeasible):
            return rate
        return rate.detection if what.startswith("1 - beta") else rate.alpha

    where = f"deterring test, mu/sigma = {m:g}, b = 1, d = {d:g}, f = {f:g}"
    return check(COMPLIANCE, where, what, stated, ours)


def _payoff(name: str, symbol: str, default: str, meaning: str) -> Parameter:
    return Parameter(
        name=name, symbol=symbol, unit="payoff", default=Fraction(default), meaning=meaning, above=0
    )


STATISTICAL: Final = Model(
    name="avenhaus-canty",
    title="A test that errs",
    question="Which false-alarm rate must an inspector accept so that a violation does not pay?",
    validity="One inspection, one lab, one reading with normal errors; the lab knows the test.",
    papers=(COMPLIANCE, HANDBOOK),
    parameters=(
        Parameter(
            name="separation",
            symbol="mu/sigma",
            unit="sigmas",
            default=Fraction(2),
            meaning="How far a violation moves the reading.",
            low=0,
            high=30,
        ),
        _payoff("penalty", "b", "1", "What a violation that is detected costs the lab."),
        _payoff("gain", "d", "1", "What a violation that is missed gains the lab."),
        Parameter(
            name="alarm_loss_lab",
            symbol="f",
            unit="payoff",
            default=Fraction(1, 10),
            meaning="What a false alarm costs the lab.",
            low=0,
        ),
        _payoff("alarm_loss", "e", "1/10", "What a false alarm costs the inspector."),
        _payoff("caught_loss", "a", "1/2", "What a caught violation costs the inspector."),
        _payoff("missed_loss", "c", "1", "What a missed violation costs the inspector."),
    ),
    solve=_solve,
    checks=(
        _stated(3.29, 1.0, 0.1, "alpha*", "0.000501"),
        _stated(2.0, 1.0, 0.1, "alpha*", "0.022906"),
        _stated(2.0, 1.0, 0.1, "1 - beta*", "0.501145"),
        _stated(1.0, 9.0, 0.5, "alpha*", "0.695836"),
    ),
)
