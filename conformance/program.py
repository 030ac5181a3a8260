"""A case as one pure function from named arrays to everything it computes.

The bounds engine runs this function on noisy arrays and on dual numbers; it sees the whole case, so
an error made in one call and carried by the state into the next is bounded too.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import signature
from typing import Any, NamedTuple

import numpy as np

from ..adapters.protocol import FUNCTIONS, Case, Step
from ..reference import attachments, oracle
from ..reference.carried import carried
from ..reference.core import Array
from .bounds import value_of


class Slot(NamedTuple):
    """Which result of the case an array is: ``output 0`` of call 0, its ``loss``, a ``state``."""

    call: int
    what: str
    which: str


@dataclass(frozen=True)
class Program:
    """``case`` run by its oracle.

    formula    takes the place of the oracle's ``__call__``, and of its ``update`` if it has one
    updating   takes the place of the oracle's ``update``
    """

    case: Case
    formula: Callable[..., Any] | None = field(default=None, compare=False)
    updating: Callable[..., Any] | None = field(default=None, compare=False)

    @cached_property
    def layer(self) -> Any:
        """The oracle; raises ValueError where the configuration is documented as invalid."""
        return oracle(self.case.item, self.case.config, FUNCTIONS)

    @cached_property
    def arguments(self) -> dict[str, Array]:
        """The floating arrays of the case as float64, by name."""
        named = {f"weights/{role}": w for role, w in self.case.weights.items()}
        for number, step in enumerate(self.case.calls):
            named |= {f"calls/{number}/inputs/{i}": x for i, x in enumerate(step.inputs)}
            for name, value in step.call.items():
                named |= _arrays(f"calls/{number}/{name}", value)
        with np.errstate(invalid="ignore"):  # a signalling NaN warns when it is converted
            return {name: x.astype(np.float64) for name, x in named.items() if _floating(x)}

    @cached_property
    def exact(self) -> tuple[tuple[Slot, Array], ...]:
        """Every result in plain float64. Raises ValueError where the oracle refuses the case."""
        with np.errstate(all="ignore"):
            return tuple(self.run(self.arguments))

    def function(self, arrays: Mapping[str, Array]) -> tuple[Array, ...]:
        """The results alone: what the bounds engine evaluates."""
        return tuple(value for _, value in self.run(arrays))

    def run(self, arrays: Mapping[str, Array]) -> Iterator[tuple[Slot, Array]]:
        """Run every step on ``arrays`` (named as ``arguments``), yielding what it computes.

        What a call leaves to the next one is a value: no derivative passes through it.
        """
        layer = self.layer
        call = self.formula or layer
        case = self.case
        w = {role: arrays.get(f"weights/{role}", value) for role, value in case.weights.items()}
        if case.item.startswith("layers."):
            self._check_weights(layer)
        number = -1
        for step in case.steps:
            if step.do == "reset_state":
                w = layer.reset_state(w)
            if step.do != "call":
                continue
            number += 1
            inputs, named = self.called(number, arrays, call)
            result = call(w, *inputs, **named)
            outputs = result if isinstance(result, tuple) else (result,)
            for place, y in enumerate(outputs):
                yield Slot(number, "output", str(place)), y
            penalised = attachments.activities(layer, outputs, w, *inputs, **named)
            yield from self._losses(number, layer, w, penalised)
            if hasattr(layer, "update"):
                update = self.updating or getattr(call, "update", layer.update)
                changed = update(w, *inputs, **named)
                w = {**w, **{role: value_of(value) for role, value in changed.items()}}
                for role, value in changed.items():
                    yield Slot(number, "state", role), value

    def masks(self, step: Step) -> dict[str, Any]:
        """Reading -> the mask of a call's output; a single one where the documentation is clear.

        By the oracle's ``compute_mask``, else the input's own mask passes through.
        """
        masks = step.masks or (None,) * len(step.inputs)
        if hasattr(self.layer, "mask_readings"):
            readings = self.layer.mask_readings
            call = {"call": step.call} if "call" in signature(readings).parameters else {}
            return readings(*step.inputs, masks=masks, **call)
        if hasattr(self.layer, "compute_mask"):
            return {"documented": self.layer.compute_mask(*step.inputs, masks=masks)}
        own, given = masks[0] if len(masks) == 1 else None, step.call.get("mask")
        if given is None:
            return {"documented": own}
        return {"that of the input": own, "the one given": given}

    def called(
        self, number: int, arrays: Mapping[str, Array], formula: Callable[..., Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """The inputs and keyword arguments of a call, the masks that its inputs carry included.

        A formula that takes ``masks`` gets those of all inputs.
        """
        step = self.case.calls[number]
        inputs = [arrays.get(f"calls/{number}/inputs/{i}", x) for i, x in enumerate(step.inputs)]
        named = {k: _replaced(f"calls/{number}/{k}", v, arrays) for k, v in step.call.items()}
        named |= carried(self.layer, step.masks, step.call)
        if "masks" in signature(formula).parameters:
            named["masks"] = step.masks or (None,) * len(step.inputs)
        return inputs, named

    def _check_weights(self, layer: Any) -> None:
        """Let the oracle refuse shapes that it documents as invalid at build time."""
        shapes = layer.weights(*(x.shape for x in self.case.calls[0].inputs))
        found = {role: w.shape for role, w in self.case.weights.items()}
        if found != {role: tuple(shape) for role, shape in shapes.items()}:
            raise TypeError(f"{self.case.item}: weights {found}, the oracle has {shapes}")

    def _losses(
        self, number: int, layer: Any, w: Mapping[str, Array], penalised: tuple[Array, ...]
    ) -> Iterator[tuple[Slot, Array]]:
        losses = (
            *attachments.weight_losses(layer, w),
            *attachments.activity_losses(layer, penalised),
        )
        if losses:
            yield Slot(number, "loss", str(len(losses))), sum(losses[1:], start=losses[0])


def _arrays(name: str, value: Any) -> dict[str, Array]:
    """The arrays in a call's argument, which may be a list of them, by name."""
    if isinstance(value, np.ndarray):
        return {name: value}
    parts = enumerate(value) if isinstance(value, list | tuple) else ()
    return {n: x for i, part in parts for n, x in _arrays(f"{name}/{i}", part).items()}


def _replaced(name: str, value: Any, arrays: Mapping[str, Array]) -> Any:
    """A call's argument with those of ``arrays`` in the place of its own."""
    if isinstance(value, list | tuple):
        return [_replaced(f"{name}/{i}", part, arrays) for i, part in enumerate(value)]
    return arrays.get(name, value)


def _floating(x: Array) -> bool:
    return x.dtype.kind == "f" or x.dtype.name == "bfloat16"
