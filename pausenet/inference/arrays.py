"""The standard normal over whole arrays, and points that fill a cube evenly without chance.

numpy has neither `erfc` nor a normal quantile, so both stand here as published rational
approximations. All arrays are float64; the shape of the answer is that of the argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

# West, Better approximations to cumulative normal functions (Wilmott, May 2005), after Hart,
# Computer Approximations (1968), algorithm 5666; highest power first.
_HART_TOP: Final = (
    *(3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383),
    *(112.079291497871, 221.213596169931, 220.206867912376),
)
_HART_BOTTOM: Final = (
    *(8.83883476483184e-02, 1.75566716318264, 16.064177579207, 86.7807322029461),
    *(296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752),
)
_HART_LIMIT: Final = 3.5
_FRACTION_TERMS: Final = 30

# Wichura, Algorithm AS 241 (Applied Statistics 37, 1988), PPND16; highest power first.
_MIDDLE_TOP: Final = (
    *(2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4),
    *(4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3),
    *(1.3314166789178437745e2, 3.3871328727963666080),
)
_MIDDLE_BOTTOM: Final = (
    *(5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4),
    *(2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2),
    *(4.2313330701600911252e1, 1.0),
)
_OUTER_TOP: Final = (
    *(7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1),
    *(1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550),
    *(4.63033784615654529590, 1.42343711074968357734),
)
_OUTER_BOTTOM: Final = (
    *(1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2),
    *(1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940),
    *(2.05319162663775882187, 1.0),
)
_FAR_TOP: Final = (
    *(2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3),
    *(2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580),
    *(5.46378491116411436990, 6.65790464350110377720),
)
_FAR_BOTTOM: Final = (
    *(2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5),
    *(7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1),
    *(5.99832206555887937690e-1, 1.0),
)
_ROOT_TWO_PI: Final = 2.5066282746310002
_GOLDEN: Final = 0.6180339887498949


def _ratio(x: Floats, top: Sequence[float], bottom: Sequence[float]) -> Floats:
    return _polynomial(x, top) / _polynomial(x, bottom)


def _polynomial(x: Floats, coefficients: Sequence[float]) -> Floats:
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value


def density_of(z: Floats) -> Floats:
    """The density at each z."""
    values: Floats = np.exp(-0.5 * np.square(z)) / _ROOT_TWO_PI
    return values


def below_of(z: Floats) -> Floats:
    """P(Z <= z) for each z of an array; relative error below 10^-12, down to the smallest float.

    1. Within three and a half sigmas Hart's ratio of polynomials. 2. Beyond, the continued
    fraction of Mills' ratio (Abramowitz and Stegun 26.2.14), from its thirtieth term upwards.
    """
    values = np.atleast_1d(np.asarray(z, dtype=np.float64))
    size = np.abs(values)
    bell = np.exp(-0.5 * size * size)
    # 1.
    lower = bell * _ratio(np.minimum(size, _HART_LIMIT), _HART_TOP, _HART_BOTTOM)
    # 2.
    beyond = size > _HART_LIMIT
    outer = size[beyond]
    far = outer
    for term in range(_FRACTION_TERMS, 0, -1):
        far = outer + term / far
    lower[beyond] = bell[beyond] / (far * _ROOT_TWO_PI)
    chances: Floats = np.where(values > 0.0, 1.0 - lower, lower).reshape(np.shape(z))
    return chances


def quantile_of(probability: Floats) -> Floats:
    """The z with P(Z <= z) = probability, each between 0 and 1; relative error near 10^-15.

    Wichura's AS 241: one ratio for the middle, two for the tails by the root of their logarithm.
    """
    p = np.atleast_1d(np.asarray(probability, dtype=np.float64))
    centred = p - 0.5
    inner = np.abs(centred) <= 0.425
    value = np.empty_like(p)
    near = centred[inner]
    value[inner] = near * _ratio(0.180625 - near * near, _MIDDLE_TOP, _MIDDLE_BOTTOM)
    root = np.sqrt(-np.log(np.minimum(p[~inner], 1.0 - p[~inner])))
    size = np.where(
        root <= 5.0,
        _ratio(root - 1.6, _OUTER_TOP, _OUTER_BOTTOM),
        _ratio(root - 5.0, _FAR_TOP, _FAR_BOTTOM),
    )
    value[~inner] = np.copysign(size, centred[~inner])
    return value.reshape(np.shape(probability))


def lattice(points: int, dimensions: int, *, shift: int = 0) -> Floats:
    """Points in the open unit cube, shape (points, dimensions), the same at every call.

    Richtmyer's lattice with the tent transform (Genz and Bretz, Computation of Multivariate
    Normal and t Probabilities, 2009, 4.2.2): 1. point i has the fractional part of i sqrt(prime_d)
    in dimension d; 2. a shift, here multiples of the golden ratio; 3. the tent |2x - 1|. Several
    shifts give several answers, whose spread tells the error: chance is not needed.
    """
    roots = np.sqrt(np.array(_primes(dimensions), dtype=np.float64))
    index = np.arange(1, points + 1, dtype=np.float64)[:, np.newaxis]
    offsets = shift * _GOLDEN * np.arange(1, dimensions + 1)
    wrapped = np.mod(index * roots + offsets, 1.0)
    tiny = 2.0**-53
    values: Floats = np.clip(np.abs(2.0 * wrapped - 1.0), tiny, 1.0 - tiny)
    return values


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found
