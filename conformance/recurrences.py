"""Laws of recurrent layers, their kinks, and formulas that may take their activations' place."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any
from zlib import crc32

import msgspec
import numpy as np

from ..adapters.protocol import Case, Step, digest
from ..reference import CATALOGUE, identifiers
from ..reference.core import Array
from . import activated
from .bounds import FORMATS
from .kinks import POINTS
from .program import Program
from .spec import Law

ACTIVATIONS = ("activation", "recurrent_activation")

NEAR = 32
"""How many units of roundoff a pre-activation may move: it sums products of a few small axes."""


def kinks(program: Program) -> dict[str, Array]:
    """Outputs of the examples some of whose pre-activations sit on a kink, at whatever step.

    Rounding on the way there may put those that are NEAR a kink on either side of it.
    """
    layer, seen = program.layer, list[Array]()
    u = FORMATS[program.case.dtype].u

    def recorded(found: Callable[..., Any]) -> Callable[..., Any]:
        def activation(z: Array) -> Array:
            rows = z.reshape(len(z), -1)
            room = NEAR * u * (1.0 + np.abs(rows).max(1, keepdims=True))
            seen.append(np.any([np.abs(rows - p) <= room for p in POINTS[found]], axis=0).any(1))
            return found(z)

        return activation

    named = {n: identifiers.activation(getattr(layer, n)) for n in ACTIVATIONS if hasattr(layer, n)}
    kinked = {name: recorded(found) for name, found in named.items() if found in POINTS}
    if not kinked:
        return {}
    exact = Program(program.case, replace(layer, **kinked)).exact
    last = len(program.case.calls) - 1
    outputs = [y for slot, y in exact if (slot.call, slot.what) == (last, "output")]
    rows = np.any(seen, axis=0)
    return {
        f"outputs/{i}": np.broadcast_to(rows.reshape(-1, *(1,) * (y.ndim - 1)), y.shape)
        for i, y in enumerate(outputs)
    }


def formulas(program: Program) -> list[Callable[..., Any]]:
    """The layer with each formula that may take the place of one of its activations."""
    return [
        changed
        for name in ACTIVATIONS
        if hasattr(program.layer, name)
        for changed in activated.formulas(program, name)
    ]


def _derived(case: Case, steps: Sequence[Step], **config: Any) -> Case:
    return msgspec.structs.replace(
        case, steps=tuple(steps), config={**case.config, **config}, cotangents=()
    )


def _along_time(case: Case, change: Callable[[Array], Array]) -> list[Step]:
    """The steps with inputs and masks changed, states left alone."""

    def changed(step: Step) -> Step:
        masks = tuple(None if m is None else change(m) for m in step.masks)
        call = {k: change(v) if k == "mask" else v for k, v in step.call.items()}
        return Step(step.do, tuple(map(change, step.inputs)), masks, call)

    return [changed(step) for step in case.steps]


def _mask(case: Case) -> Array | None:
    step = case.calls[0]
    carried = step.masks[0] if step.masks else None
    return step.call.get("mask", carried)


def _listed(case: Case, kept: Array) -> Array:
    """The places of the steps ``kept`` in what the layer lists."""
    return np.flip(kept) if case.config.get("go_backwards") else kept


def _without_masked(case: Case) -> Case | None:
    kept = _used_steps(case)
    if kept is None or kept.all() or not kept.any():
        return None
    return _derived(case, _along_time(case, lambda x: x[:, kept]))


def _used_steps(case: Case) -> Array | None:
    """Per step, whether any example uses it; None without a mask, or with several calls."""
    mask = _mask(case)
    return np.any(mask, axis=0) if mask is not None and len(case.calls) == 1 else None


def _at_used(case: Case, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
    kept = _used_steps(case)
    if kept is None or not case.config.get("return_sequences"):
        return outputs
    return (outputs[0][:, _listed(case, kept)], *outputs[1:])


MASKED = Law("masking: steps that nobody uses may as well be absent", _without_masked, _at_used)

BACKWARDS = Law(
    "direction: the reversed sequence taken the other way gives the same",
    lambda case: (
        _derived(
            case,
            _along_time(case, lambda x: np.flip(x, 1)),
            go_backwards=not case.config.get("go_backwards", False),
        )
        if len(case.calls) == 1
        else None
    ),
    lambda _, outputs: outputs,
)


def _in_two_runs(case: Case) -> Case | None:
    """Stateful, over the first half and then over the second, in the order taken."""
    step, time = case.calls[0], case.calls[0].inputs[0].shape[1]
    if len(case.calls) > 1 or time < 2 or _mask(case) is not None:
        return None
    back, half = case.config.get("go_backwards", False), _half(case)
    parts = (
        (slice(time - half, None), slice(time - half)) if back else (slice(half), slice(half, None))
    )
    later = {k: v for k, v in step.call.items() if k != "initial_state"}
    calls = [
        Step("call", (step.inputs[0][:, part],), (None,), call)
        for part, call in zip(parts, (step.call, later), strict=True)
    ]
    built = [s for s in case.steps if s.do == "build"]
    return _derived(case, [*built, *calls], stateful=True)


def _half(case: Case) -> int:
    return case.calls[0].inputs[0].shape[1] // 2


STATEFUL = Law(
    "statefulness: two runs over the halves end as one over the whole",
    _in_two_runs,
    lambda case, outputs: (
        (outputs[0][:, _half(case) :], *outputs[1:])
        if case.config.get("return_sequences")
        else outputs
    ),
)


def taking_turns(*laws: Law) -> tuple[Law, ...]:
    """The same laws, of which one speaks about each case: every one costs another execution."""

    def in_turn(law: Law) -> Law:
        def derive(case: Case) -> Case | None:
            derived = [other.derive(case) for other in laws]
            places = [i for i, found in enumerate(derived) if found is not None]
            if not places:
                return None
            chosen = places[crc32(digest(case).encode()) % len(places)]
            return derived[chosen] if laws[chosen] is law else None

        return replace(law, derive=derive)

    return tuple(map(in_turn, laws))


def as_rnn_of(cell: str) -> Law:
    """The layer is ``layers.RNN`` of its cell."""
    made: Any = CATALOGUE[cell]
    own = {f.name for f in fields(made)}

    def derive(case: Case) -> Case | None:
        if len(case.calls) > 1:
            return None
        inner = {k: v for k, v in case.config.items() if k in own}
        outer = {k: v for k, v in case.config.items() if k not in {*own, "activity_regularizer"}}
        weights = {f"cell/{role}": w for role, w in case.weights.items()}
        config = {"cell": {"$item": cell, "config": inner}, **outer}
        return msgspec.structs.replace(
            case, item="layers.RNN", config=config, weights=weights, cotangents=()
        )

    return Law(f"cell: RNN of {cell} gives the same", derive, lambda _, outputs: outputs)
