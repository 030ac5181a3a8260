"""Mutants of chapter 9, cells and their layers: gates, biases, masks, states, directions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...reference import layers
from ...reference.core import Array, Weights
from . import Mutant


class ForgetAndInputSwapped(layers.LSTMCell):
    """The gates i and f are taken in the other order."""

    def __call__(self, w: Weights, x: Array, *states: Array, **call: Any) -> Any:
        return super().__call__(_gates(w, (1, 0, 2, 3)), x, *states, **call)


class OutputOfTheOldMemory(layers.LSTMCell):
    """h is made from the memory before the step."""

    def __call__(self, w: Weights, x: Array, *states: Array, **call: Any) -> Any:
        _, h, c = super().__call__(w, x, *states, **call)
        new, old = np.tanh(c), np.tanh(states[1])
        return h - new + old, h - new + old, c


class NoUnitForgetBias(layers.LSTMCell):
    """unit_forget_bias is ignored."""

    def __post_init__(self) -> None:
        genuine = self.bias_initializer
        super().__post_init__()
        object.__setattr__(self, "bias_initializer", genuine)


class ResetBefore(layers.GRUCell):
    """reset_after is taken as False where there is no bias."""

    def __call__(self, w: Weights, x: Array, *states: Array, **call: Any) -> Any:
        if self.use_bias:
            return super().__call__(w, x, *states, **call)
        inner = layers.GRUCell(**{**vars(self), "reset_after": False})
        return inner(w, x, *states, **call)


class NoRecurrentBias(layers.GRUCell):
    """The recurrent bias is dropped."""

    def __call__(self, w: Weights, x: Array, *states: Array, **call: Any) -> Any:
        if self.use_bias and self.reset_after:
            b = w["bias"]
            w = {**w, "bias": np.stack([b[0], b[1] * 0.0])}
        return super().__call__(w, x, *states, **call)


class UpdateTheOtherWay(layers.GRUCell):
    """z keeps the candidate instead of the state."""

    def __call__(self, w: Weights, x: Array, *states: Array, **call: Any) -> Any:
        h, _ = super().__call__(w, x, *states, **call)
        candidate, _ = super().__call__(_shut(w, self), x, *states, **call)
        other = states[0] + candidate - h
        return other, other


class RecurrentDropoutIgnored(layers.SimpleRNNCell):
    """recurrent_dropout is ignored."""

    def __call__(self, w: Weights, x: Array, *states: Array, **call: Any) -> Any:
        inner = layers.SimpleRNNCell(**{**vars(self), "recurrent_dropout": 0.0})
        return inner(w, x, *states, **call)


class RecurrentTransposed(layers.SimpleRNNCell):
    """The recurrent kernel is used transposed."""

    def __call__(self, w: Weights, x: Array, *states: Array, **call: Any) -> Any:
        return super().__call__(
            {**w, "recurrent_kernel": w["recurrent_kernel"].T}, x, *states, **call
        )


class MaskIgnored(layers.LSTM):
    """The mask is ignored."""

    def __call__(self, w: Weights, x: Array, *, mask: Any = None, **call: Any) -> Any:
        return super().__call__(w, x, **call)


class BackwardsListedForwards(layers.LSTM):
    """go_backwards lists the results in the order of x."""

    def __call__(self, w: Weights, x: Array, **call: Any) -> Any:
        result = super().__call__(w, x, **call)
        if not (self.go_backwards and self.return_sequences):
            return result
        y, *states = result if self.return_state else (result,)
        return (np.flip(y, 1), *states) if states else np.flip(y, 1)


class InitialStateIgnored(layers.GRU):
    """initial_state is ignored."""

    def __call__(self, w: Weights, x: Array, *, initial_state: Any = None, **call: Any) -> Any:
        return super().__call__(w, x, **call)


class MaskedStepsForget(layers.GRU):
    """A masked step leaves a state of 0."""

    def _scan(self, w: Weights, x: Array, initial_state: Any, mask: Any, **call: Any) -> Any:
        outputs, begun, states = super()._scan(w, x, initial_state, mask, **call)
        if mask is None:
            return outputs, begun, states
        last = mask[:, 0 if self.go_backwards else -1].astype(bool)[:, None]
        return outputs, begun, [np.where(last, state, 0.0) for state in states]


class NeverStateful(layers.SimpleRNN):
    """The state is carried, and not used."""

    def __call__(self, w: Weights, x: Array, **call: Any) -> Any:
        return super().__call__(self.reset_state(w), x, **call)


class GoesForwards(layers.SimpleRNN):
    """go_backwards is ignored where the sequence is unrolled."""

    def __call__(self, w: Weights, x: Array, **call: Any) -> Any:
        if not self.unroll:
            return super().__call__(w, x, **call)
        return layers.SimpleRNN.__call__(
            replace(self, unroll=False, go_backwards=False), w, x, **call
        )


def _gates(w: Weights, order: tuple[int, ...]) -> dict[str, Array]:
    """The weights with the gates in another order."""
    parts = {role: np.split(value, len(order), axis=-1) for role, value in w.items()}
    return {role: np.concatenate([p[i] for i in order], axis=-1) for role, p in parts.items()}


def _shut(w: Weights, cell: layers.GRUCell) -> dict[str, Array]:
    """The weights with an update gate that keeps nothing: the new state is the candidate."""
    kernel, recurrent = np.split(w["kernel"], 3, -1), np.split(w["recurrent_kernel"], 3, -1)
    return {**w, "kernel": _without_first(kernel), "recurrent_kernel": _without_first(recurrent)}


def _without_first(parts: list[Array]) -> Array:
    return np.concatenate([parts[0] * 0.0, *parts[1:]], axis=-1)


_CHANGES = {
    "LSTMCell.gates_swapped": ForgetAndInputSwapped,
    "LSTMCell.old_memory": OutputOfTheOldMemory,
    "LSTMCell.no_unit_forget_bias": NoUnitForgetBias,
    "GRUCell.reset_before": ResetBefore,
    "GRUCell.no_recurrent_bias": NoRecurrentBias,
    "GRUCell.update_other_way": UpdateTheOtherWay,
    "SimpleRNNCell.recurrent_dropout_ignored": RecurrentDropoutIgnored,
    "SimpleRNNCell.transposed": RecurrentTransposed,
    "LSTM.mask_ignored": MaskIgnored,
    "LSTM.backwards_listed_forwards": BackwardsListedForwards,
    "GRU.initial_state_ignored": InitialStateIgnored,
    "GRU.masked_steps_forget": MaskedStepsForget,
    "SimpleRNN.never_stateful": NeverStateful,
    "SimpleRNN.goes_forwards": GoesForwards,
}

MUTANTS = {
    f"layers.{name}": Mutant(
        f"layers.{name.partition('.')[0]}", made, (made.__doc__ or "").strip().rstrip(".")
    )
    for name, made in _CHANGES.items()
}
