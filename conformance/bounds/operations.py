"""The table of elementwise operations: how each rounds, and its derivative.

    kappa       error of one evaluation in units of u (times C it must cover every implementation)
    kind        ROUNDED    noise of ``kappa``, fewer where a constant makes it exact
                EXACT      never rounds
                SELECTING  returns one of its operands: exact, but a constant operand may be rounded
                DECIDING   a comparison or a step: exact on inputs nothing has rounded yet
    derivative  the tangent of the result from the *rounded* result ``y`` (1 - y·y for tanh), the
                operands and their tangents (None: constant), as automatic differentiation
                computes it; None: piecewise constant, the result is not differentiated

The rules are plain arithmetic, so that they run on arrays, samples, and their noise alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import log, pi, sqrt
from typing import Any

import numpy as np
from scipy import special

Rule = Callable[..., Any]


class Kind(Enum):
    """See the module's docstring."""

    ROUNDED = "rounded"
    EXACT = "exact"
    SELECTING = "selecting"
    DECIDING = "deciding"


@dataclass(frozen=True)
class Operation:
    """One row of the table."""

    kind: Kind
    kappa: float = 0.0
    derivative: Rule | None = None


# ---- rules of two operands: (y, a, b, da, db) ----------------------------------------------------


def _add(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    return db if da is None else da if db is None else da + db


def _subtract(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    return -db if da is None else da if db is None else da - db


def _multiply(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    return a * db if da is None else da * b if db is None else da * b + a * db


def _divide(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    return -y * db / b if da is None else da / b if db is None else (da - y * db) / b


def _power(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    by_base = None if da is None else b * np.power(a, b - 1.0) * da
    if db is None:
        return by_base
    by_exponent = y * np.log(a) * db
    return by_exponent if by_base is None else by_base + by_exponent


def _logaddexp(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    left = None if da is None else np.exp(a - y) * da
    return _add(y, a, b, left, None if db is None else np.exp(b - y) * db)


def _hypot(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    left = None if da is None else a / y * da
    return _add(y, a, b, left, None if db is None else b / y * db)


def _arctan2(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    square = a * a + b * b
    left = None if da is None else b / square * da
    return _subtract(y, a, b, left, None if db is None else a / square * db)


def _maximum(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    da, db = (0.0 if da is None else da), (0.0 if db is None else db)
    return np.where(a > b, da, np.where(a < b, db, 0.5 * (da + db)))


def _minimum(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    return _maximum(y, b, a, da, db)


def _expm1(y: Any, a: Any, da: Any) -> Any:
    """eᵃ, with the spread of y + 1, which is how automatic differentiation computes it."""
    return (np.exp(a) + (y - np.expm1(a))) * da


# ---- the table -----------------------------------------------------------------------------------


def _rounded(kappa: float, derivative: Rule) -> Operation:
    return Operation(Kind.ROUNDED, kappa, derivative)


_DECIDING = Operation(Kind.DECIDING)

ELEMENTWISE: dict[np.ufunc, Operation] = {
    np.add: _rounded(1.0, _add),
    np.subtract: _rounded(1.0, _subtract),
    np.multiply: _rounded(1.0, _multiply),
    np.divide: _rounded(1.5, _divide),
    np.square: _rounded(1.0, lambda y, a, da: (a + a) * da),
    np.sqrt: _rounded(1.0, lambda y, a, da: da / (y + y)),
    np.cbrt: _rounded(2.0, lambda y, a, da: da / (3.0 * (y * y))),
    np.reciprocal: _rounded(1.5, lambda y, a, da: -(y * y) * da),
    np.power: _rounded(4.0, _power),
    np.exp: _rounded(2.0, lambda y, a, da: y * da),
    np.exp2: _rounded(2.0, lambda y, a, da: y * log(2.0) * da),
    np.expm1: _rounded(2.0, _expm1),
    np.log: _rounded(2.0, lambda y, a, da: da / a),
    np.log2: _rounded(2.0, lambda y, a, da: da / (a * log(2.0))),
    np.log10: _rounded(2.0, lambda y, a, da: da / (a * log(10.0))),
    np.log1p: _rounded(2.0, lambda y, a, da: da / (1.0 + a)),
    np.logaddexp: _rounded(4.0, _logaddexp),
    np.sin: _rounded(2.0, lambda y, a, da: np.cos(a) * da),
    np.cos: _rounded(2.0, lambda y, a, da: -np.sin(a) * da),
    np.tan: _rounded(3.0, lambda y, a, da: (1.0 + y * y) * da),
    np.arctan: _rounded(2.0, lambda y, a, da: da / (1.0 + a * a)),
    np.arctan2: _rounded(3.0, _arctan2),
    np.sinh: _rounded(3.0, lambda y, a, da: np.cosh(a) * da),
    np.cosh: _rounded(3.0, lambda y, a, da: np.sinh(a) * da),
    np.tanh: _rounded(2.0, lambda y, a, da: (1.0 - y * y) * da),
    np.hypot: _rounded(2.0, _hypot),
    special.erf: _rounded(2.0, lambda y, a, da: 2.0 / sqrt(pi) * np.exp(-(a * a)) * da),
    special.erfc: _rounded(4.0, lambda y, a, da: -2.0 / sqrt(pi) * np.exp(-(a * a)) * da),
    special.expit: _rounded(4.0, lambda y, a, da: y * (1.0 - y) * da),
    np.negative: Operation(Kind.EXACT, 0.0, lambda y, a, da: -da),
    np.positive: Operation(Kind.EXACT, 0.0, lambda y, a, da: da),
    np.absolute: Operation(Kind.EXACT, 0.0, lambda y, a, da: np.sign(a) * da),
    np.maximum: Operation(Kind.SELECTING, 0.0, _maximum),
    np.minimum: Operation(Kind.SELECTING, 0.0, _minimum),
    **dict.fromkeys(
        (
            *(np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal),
            *(np.sign, np.floor, np.ceil, np.rint, np.trunc, np.signbit),
            *(np.isfinite, np.isinf, np.isnan),
            *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
            *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert),
        ),
        _DECIDING,
    ),
}
"""Every ufunc that the engine understands; ``matmul`` is a contraction."""

_POWERS: dict[Any, np.ufunc] = {2.0: np.square, 1.0: np.positive, 0.5: np.sqrt, -1.0: np.reciprocal}


def simplified(ufunc: np.ufunc, operands: tuple[Any, ...]) -> tuple[np.ufunc, tuple[Any, ...]]:
    """``x ** 2`` is a square, as it is for NumPy's own arrays; other powers stay powers."""
    if ufunc is np.power and np.isscalar(operands[1]) and operands[1] in _POWERS:
        return _POWERS[operands[1]], operands[:1]
    return ufunc, operands
