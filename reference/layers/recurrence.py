"""Recurrence: a cell taken over the steps of axis 1.

    y_t, s_t = cell(x_t, s)      s: the states that the step before left, at first initial_state
    y_t, s_t = y, s              if step t is masked: all stays as the step before left it

Steps are taken from the first to the last or, with go_backwards, from the last to the first; y is
listed in the order taken. A cell is an oracle of one step that also has

    states(x)            the shapes of its states, for a step of shape x
    output_of(states)    the one of its states that is its output

Source: https://keras.io/api/layers/recurrent_layers/rnn/ (Keras 3.15.1); for masked steps
https://www.tensorflow.org/versions/r2.15/api_docs/python/tf/keras/backend/rnn ("output from
previous timestep is returned").
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ..core import Array, Shape, Weights, check

NO_CALL: Mapping[str, Any] = {}

States = Any
"""The states of a cell: an array, or any nesting of lists of arrays."""

Scan = tuple[list[Array], list[Array], list[Array]]
"""y of every step taken, whether a step has been used by then, and the states after the last."""


class Recurrent:
    """What every recurrent layer shares: its ``cell``, taken over time.

    Shapes
        x               (batch, time, *step)
        mask            (batch, time), True = use the step
        initial_state   those of the cell's states, one array or any nesting; None: zeros
        y               (batch, time, *output)   if return_sequences
                        (batch, *output)         otherwise: that of the last step
        mask of y       (batch, time)            if return_sequences; otherwise y has none

    With return_state the result is (y, *last states). With zero_output_for_mask and
    return_sequences, y is 0 at masked steps. ``unroll`` and ``seed`` change no number.

    With stateful, ``update`` gives the last states under the roles ``state/0``, …, and a call that
    finds them among its weights starts from there, unless initial_state is given. They are no
    weights: without them a call starts from zeros, as it does after ``reset_state``.

    Training with a dropout or recurrent_dropout above 0 takes the draw, True = keep, the same at
    all steps: dropout_mask with the shape of a step of x, recurrent_dropout_mask with that of y's.

    Ambiguous: y at masked steps before the first used one, where no step before left a y. Readings:
    that of the initial state (here), as "the first state […] must be the output at the previous
    timestep"; 0. Also the last y, if all steps are masked.
    Ambiguous: the mask of y with go_backwards. Readings: in the order of y (here); in that of x.
    Ambiguous: the mask of y where a mask is given. Readings: that of x (here); the one given.
    Ambiguous: x without steps. Here ValueError.
    """

    cell: Any
    return_sequences: bool
    return_state: bool
    go_backwards: bool
    stateful: bool
    zero_output_for_mask: bool = False

    prefix: ClassVar[str] = ""
    """What stands before the cell's roles in those of the layer."""

    def weights(self, x: Shape) -> dict[str, Shape]:
        shapes = self.cell.weights(one_step(x))
        return {self.prefix + role: shape for role, shape in shapes.items()}

    def __call__(
        self,
        w: Weights,
        x: Array,
        *,
        initial_state: States = None,
        mask: Array | None = None,
        training: bool | None = False,
        dropout_mask: Any = None,
        recurrent_dropout_mask: Any = None,
    ) -> Array | tuple[Array, ...]:
        draws = {"dropout_mask": dropout_mask, "recurrent_dropout_mask": recurrent_dropout_mask}
        outputs, _, states = self._scan(w, x, initial_state, mask, training=training, **draws)
        return self._result(outputs, states, mask)

    def readings(
        self, w: Weights, x: Array, *, initial_state: States = None, mask: Any = None, **call: Any
    ) -> dict[str, Array | tuple[Array, ...]]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        outputs, begun, states = self._scan(w, x, initial_state, mask, **call)
        zeros = [np.where(used, y, 0.0) for y, used in zip(outputs, begun, strict=True)]
        return {
            "masked before the first used step: initial state": self._result(outputs, states, mask),
            "masked before the first used step: 0": self._result(zeros, states, mask),
        }

    def update(
        self, w: Weights, x: Array, *, initial_state: States = None, mask: Any = None, **call: Any
    ) -> dict[str, Array]:
        """The states that a stateful layer carries into the next call."""
        if not self.stateful:
            return {}
        _, _, states = self._scan(w, x, initial_state, mask, **call)
        return {f"state/{i}": state for i, state in enumerate(states)}

    def reset_state(self, w: Weights) -> dict[str, Array]:
        """The weights without the states that a stateful layer has carried."""
        return {role: value for role, value in w.items() if not role.startswith("state/")}

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> Array | None:
        return next(iter(self.mask_readings(x, masks=masks).values()))

    def mask_readings(
        self, x: Array, *, masks: tuple[Array | None, ...], call: Mapping[str, Any] = NO_CALL
    ) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name; first that of ``compute_mask``."""
        given = {"": masks[0]}
        if call.get("mask") is not None:
            given["the one given, "] = call["mask"]
        found: dict[str, Array | None] = {}
        for name, mask in given.items():
            own = mask if self.return_sequences else None
            turned = np.flip(own, 1) if own is not None and self.go_backwards else own
            found |= {f"{name}in the order of y": turned, f"{name}in the order of x": own}
        return found

    def _scan(
        self, w: Weights, x: Array, initial_state: States, mask: Array | None, **call: Any
    ) -> Scan:
        """Take all steps; ``call`` goes to the cell."""
        step, cell, own = one_step(x.shape), self.cell, part(w, self.prefix)
        found = x.shape[:2] if mask is None else mask.shape
        check(found == x.shape[:2], f"mask of shape {found}: want {x.shape[:2]}")
        states = self._start(w, initial_state, cell.states(step), x.dtype)
        y, used = cell.output_of(states), np.full(mask_shape(states), mask is None)

        outputs, begun = [], []
        for t in reversed(range(x.shape[1])) if self.go_backwards else range(x.shape[1]):
            new = cell(own, x[:, t], *states, **call)
            if mask is not None:
                keep = mask[:, t].astype(bool).reshape(used.shape)
                new = [np.where(keep, a, b) for a, b in zip(new, [y, *states], strict=True)]
                used = used | keep
            y, *states = new
            outputs.append(y)
            begun.append(used)
        return outputs, begun, states

    def _start(
        self, w: Weights, given: States, shapes: Sequence[Shape], dtype: np.dtype
    ) -> list[Array]:
        """The states before the first step: given, carried or zeros."""
        if given is None and self.stateful and "state/0" in w:
            given = [w[f"state/{i}"] for i in range(len(shapes))]
        if given is None:
            return [np.zeros(shape, dtype) for shape in shapes]
        states = flat(given)
        found, want = [s.shape for s in states], list(shapes)
        check(found == want, f"initial_state of shapes {found}: want {want}")
        return states

    def _result(
        self, outputs: list[Array], states: list[Array], mask: Array | None
    ) -> Array | tuple[Array, ...]:
        y = np.stack(outputs, axis=1) if self.return_sequences else outputs[-1]
        if self.return_sequences and self.zero_output_for_mask and mask is not None:
            y = zeroed(y, np.flip(mask, 1) if self.go_backwards else mask)
        return (y, *states) if self.return_state else y


def one_step(x: Shape) -> Shape:
    """The shape of one step of ``x``."""
    check(len(x) >= 3 and x[1] > 0, f"x of shape {x}: want (batch, time, …) with a step at least")
    return (x[0], *x[2:])


def zeroed(y: Array, mask: Array) -> Array:
    """``y`` (batch, time, …) with 0 at masked steps."""
    return np.where(mask.astype(bool).reshape(*mask.shape, *(1,) * (y.ndim - 2)), y, 0.0)


def part(w: Weights, prefix: str) -> dict[str, Array]:
    """The weights of a part, by their roles in it."""
    return {role.removeprefix(prefix): w[role] for role in w if role.startswith(prefix)}


def flat(states: States) -> list[Array]:
    """All arrays of a nesting, in order."""
    return [states] if hasattr(states, "shape") else [a for s in states for a in flat(s)]


def mask_shape(states: list[Array]) -> Shape:
    """(batch, 1, …): how a mask of one step broadcasts against the states."""
    return (states[0].shape[0], *(1,) * (states[0].ndim - 1))
