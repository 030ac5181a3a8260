"""Exact derivatives of the oracle and their bounds, by dual numbers over samples.

Σ cotangent · output has the derivative ⟨c, J v⟩ along a direction v of the arguments. An
implementation's gradient g = Jᵀ c must satisfy ⟨g, v⟩ = ⟨c, J v⟩ for every v: all directions take
one evaluation of the oracle, and a direction with a single non-zero entry shows a single wrong
element.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .arithmetic import Noisy
from .dual import Dual
from .expected import (
    C_GRADIENTS,
    Expected,
    Function,
    check_representable,
    is_floating,
    judged,
    perturbed,
)
from .formats import FORMATS
from .sampled import Sampled
from .spread import amplitude_for, run

Cotangents = Sequence[np.ndarray | None]
"""One per output; None for an output that is not differentiated."""


def expect_directional(
    function: Function,
    arguments: Mapping[str, np.ndarray],
    cotangents: Cotangents,
    directions: Mapping[str, np.ndarray],
    dtype: str,
    seed: int,
    *,
    alternates: Sequence[Function] = (),
) -> Expected:
    """⟨c, J v⟩ per direction: ``directions[name]`` has shape (D, *arguments[name].shape).

    An argument without directions is held constant (its rounding is not).
    """
    return _expect(_inner, function, arguments, cotangents, directions, dtype, seed, alternates)


def expect_elementwise(
    function: Function,
    arguments: Mapping[str, np.ndarray],
    cotangent: np.ndarray,
    name: str,
    dtype: str,
    seed: int,
    *,
    alternates: Sequence[Function] = (),
) -> Expected:
    """The gradient of Σ cotangent · output by argument ``name``, element by element.

    For functions whose first output has that argument's shape and depends on it elementwise.
    """
    ones = {name: np.ones((1, *arguments[name].shape))}
    return _expect(_scaled, function, arguments, (cotangent,), ones, dtype, seed, alternates)


def _expect(
    reduce: Any,
    function: Function,
    arguments: Mapping[str, np.ndarray],
    cotangents: Cotangents,
    directions: Mapping[str, np.ndarray],
    dtype: str,
    seed: int,
    alternates: Sequence[Function],
) -> Expected:
    format = FORMATS[dtype]
    check_representable(arguments, format)
    amplitude = amplitude_for(format)

    def derivative(f: Function, arithmetic: Noisy | None) -> Any:
        return reduce(f(dual_arguments(arguments, directions, arithmetic)), cotangents, directions)

    with np.errstate(all="ignore"):
        value = np.asarray(derivative(function, None))
        runs = [
            run(lambda a: (derivative(f, a),), format, (seed, j, 2), amplitude)[0]  # noqa: B023
            for j, f in enumerate((function, *alternates))
        ]
        return judged(value, runs, format, C_GRADIENTS, amplitude)


def dual_arguments(
    arguments: Mapping[str, np.ndarray],
    directions: Mapping[str, np.ndarray],
    arithmetic: Noisy | None,
) -> dict[str, Any]:
    """Arguments with their directions as tangents; on samples if there is an arithmetic."""
    values = dict(arguments) if arithmetic is None else perturbed(arguments, arithmetic)
    for name, direction in directions.items():
        if not is_floating(arguments[name]):
            raise ValueError(f"argument {name!r} is not floating: it has no derivative")
        if arithmetic is None:
            tangent: Any = direction
        else:
            tangent = Sampled(arithmetic.fixed(direction), arithmetic)
        values[name] = Dual(values[name], tangent)
    return values


def differentiated(outputs: Sequence[Any], cotangents: Cotangents) -> list[tuple[Any, np.ndarray]]:
    """Tangents and cotangents of the outputs that depend on the arguments."""
    pairs = zip(outputs, cotangents, strict=True)
    return [(o.tangent, c) for o, c in pairs if isinstance(o, Dual) and c is not None]


def _inner(outputs: Sequence[Any], cotangents: Cotangents, directions: Mapping[str, Any]) -> Any:
    """⟨c, J v⟩ with the rounding of one sum over everything; zero terms count for nothing."""
    count = len(next(iter(directions.values())))
    terms = [np.reshape(t * c, (count, -1)) for t, c in differentiated(outputs, cotangents)]
    if not terms:
        return np.zeros(count)
    joined = np.concatenate(terms, axis=1)
    if not isinstance(joined, Sampled):
        return joined.sum(axis=1)
    present = (joined.samples[:2] != 0.0).any(axis=0)
    return np.sum(joined, axis=1, where=present)


def _scaled(outputs: Sequence[Any], cotangents: Cotangents, directions: Mapping[str, Any]) -> Any:
    (tangent, cotangent), *_ = differentiated(outputs[:1], cotangents)
    return (tangent * cotangent)[0]
