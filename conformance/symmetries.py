"""Laws that many items share: what happens to the outputs when the inputs are moved or cut."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from ..adapters.protocol import Case, Step
from ..reference.core import Array
from .spec import Law


def with_inputs(case: Case, change: Callable[[Array], Array]) -> Case:
    """The case with ``change`` applied to every input and mask of its steps, without cotangents."""

    def changed(step: Step) -> Step:
        masks = tuple(None if mask is None else change(mask) for mask in step.masks)
        call = {k: _changed(v, change) for k, v in step.call.items()}
        inputs = tuple(change(x) for x in step.inputs)
        return Step(step.do, inputs, masks, call)

    steps = tuple(changed(step) for step in case.steps)
    return msgspec.structs.replace(case, steps=steps, cotangents=())


def _changed(value: Any, change: Callable[[Array], Array]) -> Any:
    """Arrays, and those in lists, changed."""
    if isinstance(value, list | tuple):
        return [_changed(part, change) for part in value]
    return change(value) if isinstance(value, np.ndarray) else value


def _single(case: Case) -> bool:
    return len(case.calls) == 1


def _batched(case: Case) -> bool:
    step = case.calls[0]
    arrays = [*step.inputs, *(v for v in step.call.values() if isinstance(v, np.ndarray))]
    batch = arrays[0].shape[:1]
    return (
        _single(case) and batch > (1,) and all(x.ndim > 1 and x.shape[:1] == batch for x in arrays)
    )


ELEMENTWISE = Law(
    "elementwise: reversed elements give reversed results",
    lambda case: with_inputs(case, np.flip) if _single(case) else None,
    lambda case, outputs: tuple(np.flip(y) for y in outputs),
)

BATCH_INDEPENDENT = Law(
    "batch independence: an example alone gives what it gives among others",
    lambda case: with_inputs(case, lambda x: x[:1]) if _batched(case) else None,
    lambda case, outputs: tuple(y[:1] for y in outputs),
)

HOMOGENEOUS = Law(
    "linearity: twice the input gives twice the output",
    lambda case: (
        with_inputs(case, lambda x: x * 2 if x.dtype.kind == "f" else x)
        if _single(case) and case.calls[0].inputs[0].dtype.kind == "f"
        else None
    ),
    lambda case, outputs: tuple(y * 2 for y in outputs),
)

ODD = Law(
    "oddness: the negated input gives the negated output",
    lambda case: (
        with_inputs(case, lambda x: -x if x.dtype.kind != "b" else x) if _single(case) else None
    ),
    lambda case, outputs: tuple(y * -1.0 for y in outputs),
)

PENALTY_LAWS = (
    Law(
        "evenness: the negative input gives the same penalty",
        lambda case: with_inputs(case, np.negative) if _single(case) else None,
        lambda case, outputs: outputs,
    ),
    Law(
        "order: reversed elements give the same penalty",
        lambda case: with_inputs(case, np.flip) if _single(case) else None,
        lambda case, outputs: outputs,
    ),
)
"""What every penalty on the size of an array's elements obeys."""


def homogeneous_of_degree(n: int) -> Law:
    """Twice the input gives 2ⁿ times the output."""
    return Law(
        f"homogeneity: twice the input gives {2**n} times the output",
        lambda case: with_inputs(case, lambda x: x * x.dtype.type(2)) if _single(case) else None,
        lambda case, outputs: tuple(y * 2**n for y in outputs),
    )
