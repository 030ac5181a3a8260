"""Where derivatives are sets, as conformance files declare it.

A declaration is a function from the case's Program to masks by name: ``calls/0/inputs/0`` and
``weights/kernel`` mark elements that sit on a kink themselves (their gradient is compared with the
set), ``outputs/0`` marks outputs that do (they get the cotangent 0, so that no gradient passes).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..reference import activations, identifiers
from ..reference.core import Array
from .program import Program

Kinks = Callable[[Program], Mapping[str, Array]]

POINTS: dict[Callable[..., Any], tuple[float, ...]] = {
    activations.relu: (0.0,),
    activations.leaky_relu: (0.0,),
    activations.relu6: (0.0, 6.0),
    activations.hard_sigmoid: (-3.0, 3.0),
    activations.hard_silu: (-3.0, 3.0),
    activations.selu: (0.0,),
}
"""Activation with its default arguments -> the points where it has no derivative."""


def at(*points: float) -> Kinks:
    """Kinks of a function of one array at fixed points."""
    return lambda program: {name: np.isin(x, points) for name, x in program.arguments.items()}


def of_activation(program: Program) -> dict[str, Array]:
    """Outputs whose pre-activation sits on a kink of the layer's activation."""
    points = POINTS.get(identifiers.activation(program.layer.activation), ())
    if not points:
        return {}
    linear = Program(program.case, replace(program.layer, activation=None))
    outputs = [y for slot, y in linear.exact if slot.what == "output"]
    return {f"outputs/{i}": np.isin(y, points) for i, y in enumerate(outputs)}
