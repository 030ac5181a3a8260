"""Where the derivative is a set: one-sided derivatives on both sides of single elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .arithmetic import Arithmetic
from .directional import Cotangents, differentiated, expect_directional
from .dual import Dual
from .expected import Expected, Function
from .formats import FORMATS
from .sampled import Sampled

NEARBY = 2.0**-26
"""Half of float64's digits: how far away, relatively, a derivative is still that at the point."""


def subgradients(
    function: Function,
    arguments: Mapping[str, np.ndarray],
    cotangents: Cotangents,
    name: str,
    elements: Sequence[int] | np.ndarray,
    dtype: str,
    seed: int = 0,
    *,
    alternates: Sequence[Function] = (),
) -> tuple[np.ndarray, np.ndarray]:
    """The hull (low, high) of the derivative by each flat element of ``name``.

    Each element alone is moved one ulp up and down; the hull reaches from the smaller of both
    derivatives to the larger, widened by what rounding is allowed on either side. In float64 the
    oracle rounds itself: there it moves by ``NEARBY`` and by half of it, and the derivative at the
    point is extrapolated from both.
    """
    format = FORMATS[dtype]
    steps = (NEARBY, NEARBY / 2.0) if format.name == "float64" else (2.0 * format.u,)
    low, high = [], []

    def derivative(x: np.ndarray, direction: np.ndarray) -> Expected:
        moved = {**arguments, name: format.rounded(x)}
        along = {name: direction}
        return expect_directional(
            function, moved, cotangents, along, dtype, seed, alternates=alternates
        )

    for element in elements:
        direction = np.zeros((1, arguments[name].size))
        direction[0, element] = 1.0
        direction = direction.reshape(1, *arguments[name].shape)
        sides = zip(
            *(_both_sides(arguments[name], element, step, format.tiny) for step in steps),
            strict=True,
        )
        at = [_extrapolated([derivative(x, direction) for x in side]) for side in sides]
        low.append(min(value - allowed for value, allowed in at))
        high.append(max(value + allowed for value, allowed in at))
    return np.array(low), np.array(high)


def _extrapolated(side: Sequence[Expected]) -> tuple[float, float]:
    """Value and allowance at the point, from one distance or from two, the second being half."""
    near = side[-1]
    value, allowed = float(near.value[0]), float(near.allowed[0])
    if len(side) == 1:
        return value, allowed
    return 2.0 * value - float(side[0].value[0]), 2.0 * allowed + float(side[0].allowed[0])


def one_sided(
    function: Function,
    arguments: Mapping[str, np.ndarray],
    cotangents: Cotangents,
    name: str,
    step: float,
) -> np.ndarray:
    """Derivatives by every element of ``name`` above and below it by ``step`` of it: (2, size).

    One evaluation: each row of the hidden axis is the computation with one element moved.
    """
    x = arguments[name]
    sides = [_both_sides(x, i, step) for i in range(x.size)]
    rows = np.stack([above for above, _ in sides] + [below for _, below in sides])
    eye = np.eye(x.size).reshape(x.size, 1, *x.shape)
    arithmetic = Arithmetic()
    dual = Dual(Sampled(rows, arithmetic), Sampled(np.concatenate((eye, eye)), arithmetic))
    with np.errstate(all="ignore"):
        outputs = function({**arguments, name: dual})
        total: Any = np.zeros(len(rows))
        for tangent, c in differentiated(outputs, cotangents):
            total = total + (tangent.samples[:, 0] * c).reshape(len(rows), -1).sum(axis=1)
    return total.reshape(2, x.size)


def kinks(
    function: Function,
    arguments: Mapping[str, np.ndarray],
    cotangents: Cotangents,
    name: str,
) -> np.ndarray:
    """Elements of ``name`` at which the derivatives of both sides differ.

    Between the sides of a smooth function the difference halves with the step; across a kink it
    stays. So an element is one if at half the step more than three quarters remain, of a difference
    that is more than float64's rounding.
    """
    x = arguments[name]
    if not x.size:
        return np.zeros(x.shape, bool)
    sides = one_sided(function, arguments, cotangents, name, NEARBY)
    nearer = one_sided(function, arguments, cotangents, name, NEARBY / 2.0)
    wide, near = (np.abs(above - below) for above, below in (sides, nearer))
    visible = wide > NEARBY * np.abs(sides).max(axis=0)
    return ((near > 0.75 * wide) & visible).reshape(x.shape)


def _both_sides(
    x: np.ndarray, element: int, step: float, least: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """``x`` with one element moved up, and down; a zero moves by the scale of its neighbours.

    It moves by ``least`` at least, so that rounding does not move it back.
    """
    at = x.reshape(-1)[element]
    others = np.abs(x[np.isfinite(x) & (x != 0.0)])
    distance = max(step * (np.abs(at) or others.min(initial=1.0)), least)
    moved = np.repeat(x.reshape(1, -1), 2, axis=0)
    moved[:, element] += np.array([distance, -distance])
    return moved[0].reshape(x.shape), moved[1].reshape(x.shape)
