"""The partial derivatives of the elementwise functions, for ``forward_mode.py``."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special


def _share_taken(y: Any, a: Any, b: Any) -> Any:
    """Which of two is taken by maximum or minimum; of equal ones half each."""
    return np.where(a == b, 0.5, np.where(a == y, 1.0, 0.0))


ONE, MINUS_ONE = (lambda y, *_: np.ones_like(y)), (lambda y, *_: -np.ones_like(y))

SLOPES: dict[np.ufunc, tuple[Callable[..., Any], ...]] = {
    np.add: (ONE, ONE),
    np.subtract: (ONE, MINUS_ONE),
    np.multiply: (lambda y, a, b: b, lambda y, a, b: a),
    np.divide: (lambda y, a, b: 1.0 / b, lambda y, a, b: -y / b),
    np.power: (
        lambda y, a, b: np.where(b == 0, 0.0, b * np.power(a, b - 1.0)),
        lambda y, a, b: np.where(y == 0, 0.0, y * np.log(a)),
    ),
    np.maximum: (_share_taken, lambda y, a, b: _share_taken(y, b, a)),
    np.minimum: (_share_taken, lambda y, a, b: _share_taken(y, b, a)),
    np.logaddexp: (lambda y, a, b: np.exp(a - y), lambda y, a, b: np.exp(b - y)),
    np.negative: (MINUS_ONE,),
    np.positive: (ONE,),
    np.absolute: (lambda y, a: np.sign(a),),
    np.square: (lambda y, a: 2.0 * a,),
    np.reciprocal: (lambda y, a: -y * y,),
    np.sqrt: (lambda y, a: 0.5 / y,),
    np.exp: (lambda y, a: y,),
    np.expm1: (lambda y, a: y + 1.0,),
    np.log: (lambda y, a: 1.0 / a,),
    np.log1p: (lambda y, a: 1.0 / (1.0 + a),),
    np.tanh: (lambda y, a: 1.0 / np.square(np.cosh(a)),),
    np.sin: (lambda y, a: np.cos(a),),
    np.cos: (lambda y, a: -np.sin(a),),
    np.arctan: (lambda y, a: 1.0 / (1.0 + a * a),),
    special.erf: (lambda y, a: 2.0 / math.sqrt(math.pi) * np.exp(-a * a),),
    special.erfc: (lambda y, a: -2.0 / math.sqrt(math.pi) * np.exp(-a * a),),
    special.expit: (lambda y, a: y * special.expit(-a),),
}
"""Elementwise function -> the partial derivative by each argument, from the result and these."""

CONSTANT = {
    *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
    *(np.isnan, np.isinf, np.isfinite, np.sign, np.signbit, np.floor, np.ceil, np.rint, np.trunc),
    *(np.logical_and, np.logical_or, np.logical_not, np.logical_xor, np.floor_divide),
}
"""Functions that are constant between their jumps."""
