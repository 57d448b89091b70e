"""Diversion against a sequence of balances: the lab spreads its loss, the inspector tests.

| symbol | here | meaning | unit |
|---|---|---|---|
| n | `periods` | balances in the time that counts | periods |
| M | `total` | what the lab diverts in all, M_1 + ... + M_n = M | quantity |
| Sigma | `balance_covariance` | covariance of the balances MUF_1 ... MUF_n | quantity squared |
| alpha | `false_alarm` | chance of an alarm in all n periods where nothing is diverted | 1 |

1. A balance is stock before + flows - stock after, so neighbours share a stock reading:
   Sigma_tt = 2 sigma_I^2 + sigma_T^2, Sigma_(t,t+1) = -sigma_I^2, and an error that stays for the
   whole time, as of a calibration, adds sigma_S^2 everywhere.
2. The lab chooses the pattern M_t, the inspector a test of size alpha. Saddle point (Avenhaus and
   Jaech): M_t* = M (Sigma 1)_t / (1' Sigma 1), and the test of the sum of all balances, CuMUF.
3. The value is 1 - beta = Phi(M / sqrt(1' Sigma 1) - z_alpha): no pattern is found less often by
   that test, and no test finds that pattern more often.
4. It depends on the sum of all balances alone: closing the account more often does not raise it.
   Against a pattern that is known the best test finds Phi(sqrt(M' Sigma^-1 M) - z_alpha).
5. The lab is deterred where 1 - beta >= 1 / (1 + F), with F the penalty in gains.

Avenhaus and Canty 1996; Avenhaus and Jaech 1981. The tests themselves are those of
`pausenet.inference.sequential`.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Cell, Lines, Series, Table, counted
from pausenet.game.checks import Check
from pausenet.game.inspection.papers import COMPLIANCE, JAECH
from pausenet.game.inspection.shared import check, column
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.inference.arrays import Floats
from pausenet.inference.detection import sigmas_needed
from pausenet.inference.sequential import merged
from pausenet.inference.sequential.losses import (
    abrupt,
    best_detection,
    guaranteed_detection,
    uniform,
    worst_case,
)


def balance_covariance(
    periods: int, inventory_sigma: float, transfer_sigma: float, shared_sigma: float = 0.0
) -> Floats:
    """Sigma, of shape (n, n) (step 1).

    >>> balance_covariance(2, 1.0, 0.5).tolist()
    [[2.25, -1.0], [-1.0, 2.25]]
    """
    if periods < 1 or min(inventory_sigma, transfer_sigma, shared_sigma) < 0.0:
        raise Misuse("balance_covariance: expected a period at least and errors from 0")
    if inventory_sigma == transfer_sigma == 0.0:
        raise Misuse("balance_covariance: expected an error of inventories or of transfers above 0")
    stock, flow = inventory_sigma**2, transfer_sigma**2
    beside = np.eye(periods, k=1) + np.eye(periods, k=-1)
    covariance: Floats = (2.0 * stock + flow) * np.eye(periods) - stock * beside + shared_sigma**2
    return covariance


def diverted(total: float, covariance: Floats) -> Floats:
    """M*: the pattern that the best test finds least often, shape (n,) (step 2)."""
    return worst_case(total, covariance)


def value(total: float, covariance: Floats, alpha: float) -> float:
    """1 - beta at the saddle point (step 3)."""
    return guaranteed_detection(total, covariance, alpha)


def _divided(covariance: Floats) -> list[tuple[int, Floats]]:
    """The same time with fewer balances, each number of them that divides n."""
    count = len(covariance)
    return [
        (parts, merged(covariance, [count // parts] * parts))
        for parts in range(1, count + 1)
        if count % parts == 0
    ]


def _solve(chosen: Chosen) -> Answer:
    n, total, alpha = chosen.whole("periods"), chosen.real("total"), chosen.real("false_alarm")
    covariance = balance_covariance(
        n, *(chosen.real(f"{name}_sigma") for name in ("inventory", "transfer", "shared"))
    )
    worst = diverted(total, covariance)
    found = value(total, covariance, alpha)
    needed = 1.0 / (1.0 + chosen.real("penalty"))
    middle = abrupt(total, n, n // 2)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("the worst pattern (the value of the game)", found),
        ("evenly spread, and known to be", best_detection(uniform(total, n), covariance, alpha)),
        ("all in one period, and known to be", best_detection(middle, covariance, alpha)),
        ("needed to deter", needed),
    )
    divided: tuple[tuple[Cell, ...], ...] = tuple(
        (
            parts,
            value(total, part, alpha),
            best_detection(abrupt(total, parts, parts // 2), part, alpha),
        )
        for parts, part in _divided(covariance)
    )
    verdict = "deters" if found >= needed else "does not deter"
    return Answer(
        sentence=f"A lab that spreads a loss of {total:g} over {counted(n, 'balance')} in the way "
        f"that is hardest to see is found with probability {found:.3f} at {alpha:.3g} false "
        f"alarms over "
        f"the whole time; that {verdict}, as {needed:.3f} is needed. Closing the account more "
        "often would not raise it.",
        not_shown="What false alarms cost a lab that keeps the rule, how soon an alarm comes, "
        "losses that false statements on the use of the compute cover, and several accounts.",
        tables=(
            Table(
                title="How likely the diversion is found",
                columns=(column("the loss", ""), column("detection")),
                rows=rows,
            ),
            Table(
                title="The same time, closed less often",
                columns=(
                    column("balances", ""),
                    column("worst pattern"),
                    column("all in one period, known"),
                ),
                rows=divided,
            ),
        ),
        picture=_picture(n, worst, total),
        hand_check=f"M / sqrt(1' Sigma 1) = {total:g} / sqrt({float(np.sum(covariance)):.6g}) = "
        f"{total / math.sqrt(float(np.sum(covariance))):.6g} sigma.",
    )


def _picture(periods: int, worst: Floats, total: float) -> Lines:
    return Lines(
        title="Hardest to see is a loss that is spread as the balances hang together.",
        subtitle="How the total is spread over the periods by a lab that expects the best test.",
        x=Axis(title="period", low=1, high=max(2, periods)),
        y=Axis(title="loss (quantity)", low=0),
        series=(
            Series(
                name="hardest to see",
                points=tuple((t + 1, float(loss)) for t, loss in enumerate(worst)),
            ),
            Series(
                name="evenly spread",
                points=tuple((t + 1, total / periods) for t in range(periods)),
                dashed=True,
            ),
        ),
    )


_STATED: Final = "12 periods, stock 1, transfers 0.5, M = 4, alpha = 0.05"


def _reference() -> Floats:
    return balance_covariance(12, 1.0, 0.5)


def _needed(alpha: str, wanted: str, stated: str) -> Check:
    return check(
        COMPLIANCE,
        "one balance",
        f"M/sigma for false alarm {alpha}, detection {wanted}",
        stated,
        lambda: sigmas_needed(float(wanted), float(alpha)),
    )


def _error(name: str, symbol: str, default: str, meaning: str) -> Parameter:
    return Parameter(
        name=name,
        symbol=symbol,
        unit="quantity",
        default=Fraction(default),
        meaning=meaning,
        low=0,
    )


DIVERSION: Final = Model(
    name="diversion",
    title="Diversion against balances",
    question="How likely is a diversion found that is spread over time as cleverly as can be?",
    validity="Normal errors of known size; one account; the lab knows the test and chooses the "
    "pattern, the total is given; the alarm may come at the end.",
    papers=(JAECH, COMPLIANCE),
    parameters=(
        Parameter(
            name="periods",
            symbol="n",
            unit="periods",
            default=Fraction(12),
            meaning="How many balances are closed.",
            low=1,
            high=366,
            whole=True,
        ),
        _error("inventory_sigma", "sigma_I", "1", "The error of one reading of the stock."),
        _error("transfer_sigma", "sigma_T", "1/2", "The error of a period's flows."),
        _error(
            "shared_sigma", "sigma_S", "0", "An error that all balances share, such as calibration."
        ),
        Parameter(
            name="total",
            symbol="M",
            unit="quantity",
            default=Fraction(4),
            meaning="What the lab diverts in all.",
            above=0,
        ),
        Parameter(
            name="false_alarm",
            symbol="alpha",
            unit="1",
            default=Fraction(1, 20),
            meaning="How likely an alarm is over the whole time where nothing is diverted.",
            above=0,
            below=1,
        ),
        Parameter(
            name="penalty",
            symbol="F",
            unit="gains of the diversion",
            default=Fraction(3),
            meaning="What being found costs the lab.",
            low=0,
        ),
    ),
    solve=_solve,
    checks=(
        _needed("0.05", "0.95", "3.2897"),
        _needed("0.05", "0.9", "2.9264"),
        _needed("0.01", "0.95", "3.9712"),
        check(JAECH, _STATED, "worst case", "0.557250", lambda: value(4.0, _reference(), 0.05)),
        check(
            JAECH,
            _STATED,
            "known and evenly spread",
            "0.634163",
            lambda: best_detection(uniform(4.0, 12), _reference(), 0.05),
        ),
        check(
            JAECH,
            _STATED,
            "known and abrupt",
            "0.988927",
            lambda: best_detection(abrupt(4.0, 12, 6), _reference(), 0.05),
        ),
        check(
            JAECH,
            _STATED,
            "worst pattern, first period",
            "1",
            lambda: float(diverted(4.0, _reference())[0]),
        ),
        check(
            JAECH,
            _STATED,
            "worst pattern, second period",
            "0.2",
            lambda: float(diverted(4.0, _reference())[1]),
        ),
    ),
)
