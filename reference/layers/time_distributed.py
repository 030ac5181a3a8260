"""TimeDistributed: the same layer at every time step, with the same weights.

    y[:, t] = layer(x[:, t])

Source: https://keras.io/api/layers/recurrent_layers/time_distributed/ (Keras 3.15.1)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np

from ..core import Array, Shape, Weights, check
from .recurrence import one_step, part

Outputs = Array | tuple[Array, ...]


@dataclass(frozen=True)
class TimeDistributed:
    """Apply ``layer`` to every slice of axis 1.

    Shapes
        x, y      (batch, time, …), x of rank 3 or more; several x if the layer takes several
        mask      (batch, time, …): each step's slice goes to the layer, if its call takes a mask
        weights   those of the layer for one step, under ``layer/``

    ``training`` goes to the layer, if its call takes it. What a step changes in the layer's
    weights, the next step finds.

    Ambiguous: the values at masked steps. Here as at any other.
    Ambiguous: the mask of y. Readings: that of x (here); those that the layer gives its slices.

    Raises ValueError
        on build and call: x of rank below 3 or without steps; inputs of different lengths; what
            the layer refuses

    >>> from .dense import Dense
    >>> w = {"layer/kernel": np.array([[1.0], [10.0]])}
    >>> x = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    >>> TimeDistributed(Dense(1, use_bias=False))(w, x)
    array([[[21.], [43.]]])
    """

    layer: Any

    def __post_init__(self) -> None:
        check(hasattr(self.layer, "weights"), f"{self.layer!r} is no layer")

    def weights(self, *shapes: Shape) -> dict[str, Shape]:
        inner = self.layer.weights(*map(one_step, shapes))
        return {f"layer/{role}": shape for role, shape in inner.items()}

    def __call__(
        self, w: Weights, *inputs: Array, training: bool | None = None, mask: Array | None = None
    ) -> Outputs:
        return self._stacked(self.layer, w, inputs, training, mask)

    def readings(
        self, w: Weights, *inputs: Array, training: bool | None = None, mask: Array | None = None
    ) -> dict[str, Outputs]:
        """What the layer's documentation leaves open, by name; nothing if it does not say so."""
        if not hasattr(self.layer, "readings"):
            return {}
        own, call = part(w, "layer/"), self._call(training, mask, 0)
        names = self.layer.readings(own, *(x[:, 0] for x in inputs), **call)

        def read(name: str) -> Callable[..., Outputs]:
            return lambda *arrays, **call: self.layer.readings(*arrays, **call)[name]

        return {name: self._stacked(read(name), w, inputs, training, mask) for name in names}

    def update(
        self, w: Weights, *inputs: Array, training: bool | None = None, mask: Array | None = None
    ) -> dict[str, Array]:
        """The weights that the layer changes, as they are after the last step."""
        *_, (_, changed) = self._steps(self.layer, w, inputs, training, mask)
        return {f"layer/{role}": value for role, value in changed.items()}

    def reset_state(self, w: Weights) -> dict[str, Array]:
        """The weights without the states that a stateful layer has carried."""
        return {role: value for role, value in w.items() if not role.startswith("layer/state/")}

    def compute_mask(self, *inputs: Array, masks: tuple[Array | None, ...]) -> Array | None:
        return masks[0]

    def mask_readings(
        self, *inputs: Array, masks: tuple[Array | None, ...]
    ) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name; first that of ``compute_mask``."""
        found: dict[str, Array | None] = {"that of x": masks[0]}
        if hasattr(self.layer, "compute_mask"):
            none = (None,) * len(inputs)
            steps = range(inputs[0].shape[1])
            own = [self.layer.compute_mask(*(x[:, t] for x in inputs), masks=none) for t in steps]
            found["that of the layer"] = None if own[0] is None else np.stack(own, axis=1)
        return found

    def _stacked(
        self, layer: Any, w: Weights, inputs: tuple[Array, ...], training: Any, mask: Any
    ) -> Outputs:
        """The results of ``layer`` at all steps, along axis 1."""
        results = [result for result, _ in self._steps(layer, w, inputs, training, mask)]
        if not isinstance(results[0], tuple):
            return np.stack(results, axis=1)
        return tuple(np.stack(parts, axis=1) for parts in zip(*results, strict=True))

    def _steps(
        self, layer: Any, w: Weights, inputs: tuple[Array, ...], training: Any, mask: Any
    ) -> Iterator[tuple[Outputs, dict[str, Array]]]:
        """The result of every step, and what has changed in the weights by then."""
        for x in inputs:
            one_step(x.shape)
        lengths = {x.shape[1] for x in inputs}
        check(len(lengths) == 1, f"inputs of different lengths {sorted(lengths)}")
        own, changed = part(w, "layer/"), dict[str, Array]()
        for t in range(inputs[0].shape[1]):
            slices, call = [x[:, t] for x in inputs], self._call(training, mask, t)
            yield layer(own, *slices, **call), changed
            if hasattr(self.layer, "update"):
                changed |= self.layer.update(own, *slices, **call)
                own |= changed

    def _call(self, training: bool | None, mask: Array | None, t: int) -> dict[str, Any]:
        """The call arguments of step ``t``: those that are given and that the layer takes."""
        given = {"training": training, "mask": None if mask is None else mask[:, t]}
        takes = signature(self.layer.__call__).parameters
        return {k: v for k, v in given.items() if v is not None and k in takes}
