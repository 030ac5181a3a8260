"""Bidirectional: a recurrent layer from both ends.

    y = merge(forward(x), backward(x))       step by step with return_sequences
    merge: sum, mul, concat (of the last axes), ave, or None (both)

Source: https://keras.io/api/layers/recurrent_layers/bidirectional/ (Keras 3.15.1)
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..core import Array, Shape, Weights, check
from ..limits import not_covered
from .recurrence import NO_CALL, States, flat, part, zeroed

MERGE_MODES: dict[str | None, Callable[[Array, Array], Array]] = {
    "sum": np.add,
    "mul": np.multiply,
    "concat": lambda a, b: np.concatenate([a, b], axis=-1),
    "ave": lambda a, b: (a + b) / 2.0,
}
"""How two outputs become one; with None they do not."""

ALIKE = ("return_sequences", "return_state", "stateful")
"""Arguments that both layers must have in common."""

Outputs = Array | tuple[Array, ...]


class Bidirectional:
    """Run ``layer``, and ``backward_layer`` or else its copy with the other go_backwards.

    Shapes
        x, mask         as the layers take them
        initial_state   first half the states of the forward layer, second half of the backward one
        y               as of the layer; the last axis twice as long if merged by "concat"
        mask of y       (batch, time) if return_sequences, otherwise y has none
        weights         those of the layers, under ``forward/`` and ``backward/``

    The result is y, two of them if merge_mode is None; with return_state also the last states,
    forward first. With return_sequences, steps are merged with themselves: what was listed from the
    last step to the first is turned around; and y is 0 at masked steps. The states that stateful
    layers carry have roles ``forward/state/0``, ``backward/state/0``, …; dropout draws come in
    pairs, forward first: see Recurrent.

    Ambiguous: the order of y if ``layer`` itself goes backwards. Readings: as listed by ``layer``,
    from the last step to the first (here); that of x.
    Ambiguous: the backward output if nothing is merged. Readings: turned around as for merging
    (here); as its layer lists it.
    Ambiguous: ``layer`` with go_backwards and without a backward_layer, which might be an error.

    Raises ValueError
        on construction: layer without go_backwards, return_sequences or return_state; an unknown
            merge_mode; a backward_layer with another return_sequences, return_state or stateful,
            or with the same go_backwards
        on build and call: what the layers refuse; an odd number of states in initial_state

    >>> from .simple_rnn import SimpleRNN
    >>> rnn = SimpleRNN(1, activation=None, use_bias=False, return_sequences=True)
    >>> layer = Bidirectional(rnn)
    >>> w = {role: np.ones(shape) for role, shape in layer.weights((1, 2, 1)).items()}
    >>> layer(w, np.array([[[1.0], [5.0]]]))
    array([[[1., 6.], [6., 5.]]])
    """

    def __init__(  # written out because ``weights`` is an argument and a method
        self,
        layer: Any,
        merge_mode: str | None = "concat",
        weights: Any = None,
        backward_layer: Any = None,
    ) -> None:
        not_covered(weights=weights)
        for name in ("go_backwards", *ALIKE[:2]):
            check(hasattr(layer, name), f"{layer!r} has no {name}")
        known = merge_mode is None or merge_mode in MERGE_MODES
        check(known, f"merge_mode={merge_mode!r}: want one of {(*MERGE_MODES, None)}")
        if backward_layer is None:
            backward_layer = replace(layer, go_backwards=not layer.go_backwards)
        for name in ALIKE:
            pair = [getattr(part, name, None) for part in (layer, backward_layer)]
            check(pair[0] == pair[1], f"layer and backward_layer have {name}={pair}")
        differ = layer.go_backwards != getattr(backward_layer, "go_backwards", None)
        check(differ, f"layer and backward_layer both have go_backwards={layer.go_backwards}")
        self.forward, self.backward, self.merge_mode = layer, backward_layer, merge_mode
        self.stateful = getattr(layer, "stateful", False)

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {
            f"{way}/{role}": shape
            for way, layer in self._ways()
            for role, shape in layer.weights(x).items()
        }

    def __call__(
        self,
        w: Weights,
        x: Array,
        *,
        initial_state: States = None,
        mask: Array | None = None,
        training: bool | None = None,
        dropout_mask: Any = None,
        recurrent_dropout_mask: Any = None,
    ) -> Outputs:
        draws = {"dropout_mask": dropout_mask, "recurrent_dropout_mask": recurrent_dropout_mask}
        calls = self._calls(initial_state, mask, training=training, **draws)
        ahead, back = (layer(part(w, way), x, **own) for way, layer, own in calls)
        return self._merged(ahead, back, mask)

    def readings(
        self, w: Weights, x: Array, *, initial_state: States = None, mask: Any = None, **call: Any
    ) -> dict[str, Outputs]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        calls = self._calls(initial_state, mask, **call)
        ahead, back = (layer.readings(part(w, way), x, **own) for way, layer, own in calls)
        found = {name: self._merged(ahead[name], back[name], mask) for name in ahead}
        first, second = next(iter(ahead.values())), next(iter(back.values()))
        if self.forward.return_sequences and self.forward.go_backwards:
            found["in the order of x"] = self._merged(first, second, mask, (True, False))
        if self.forward.return_sequences and self.merge_mode is None:
            found["backward as listed"] = self._merged(first, second, mask, (False, False))
        return found

    def update(
        self, w: Weights, x: Array, *, initial_state: States = None, mask: Any = None, **call: Any
    ) -> dict[str, Array]:
        """The states that stateful layers carry into the next call."""
        return {
            f"{way}{role}": value
            for way, layer, named in self._calls(initial_state, mask, **call)
            for role, value in layer.update(part(w, way), x, **named).items()
        }

    def reset_state(self, w: Weights) -> dict[str, Array]:
        """The weights without the states that stateful layers have carried."""
        carried = tuple(f"{way}/state/" for way, _ in self._ways())
        return {role: value for role, value in w.items() if not role.startswith(carried)}

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> Array | None:
        return self.forward.compute_mask(x, masks=masks)

    def mask_readings(
        self, x: Array, *, masks: tuple[Array | None, ...], call: Mapping[str, Any] = NO_CALL
    ) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name; first that of ``compute_mask``."""
        return self.forward.mask_readings(x, masks=masks, call=call)

    def _ways(self) -> tuple[tuple[str, Any], tuple[str, Any]]:
        return ("forward", self.forward), ("backward", self.backward)

    def _calls(
        self, initial_state: States, mask: Array | None, **call: Any
    ) -> list[tuple[str, Any, dict[str, Any]]]:
        """Prefix, layer and call arguments, both ways."""
        states = None if initial_state is None else flat(initial_state)
        half = 0 if states is None else len(states) // 2
        even = states is None or len(states) == 2 * half
        check(even, f"initial_state of {states and len(states)} arrays: want two halves")
        halves = (None, None) if states is None else (states[:half], states[half:])
        calls = []
        for i, (way, layer) in enumerate(self._ways()):
            own = {"initial_state": halves[i], "mask": mask, "training": call.get("training")}
            draws = {k: v[i] for k, v in call.items() if k.endswith("dropout_mask") and v}
            calls.append((f"{way}/", layer, own | draws))
        return calls

    def _merged(
        self, ahead: Any, back: Any, mask: Array | None, turned: tuple[bool, bool] = (False, True)
    ) -> Outputs:
        """The results of both layers as one; ``turned``: whether to reverse the order of each y."""
        outputs: list[Array] = []
        states: list[Array] = []
        ways = ((self.forward, ahead), (self.backward, back))
        for (layer, result), turn in zip(ways, turned, strict=True):
            y, *after = result if layer.return_state else (result,)
            if layer.return_sequences:
                y = np.flip(y, 1) if turn else y
                if mask is not None:
                    y = zeroed(y, mask if layer.go_backwards == turn else np.flip(mask, 1))
            outputs.append(y)
            states += after
        if self.merge_mode is not None:
            outputs = [MERGE_MODES[self.merge_mode](*outputs)]
        results = (*outputs, *states)
        return results if len(results) > 1 else results[0]
