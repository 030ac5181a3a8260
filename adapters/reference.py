"""The oracle itself as an implementation: a smoke test of the suite, and what mutants stand on.

    reference            evaluated in the case's dtype: float32 and float64 by NumPy in that dtype,
                         float16 and bfloat16 rounding after every operation
    reference:float64    evaluated in float64, the results rounded to the case's dtype

Gradients are always differentiated in float64 and then rounded. What only a framework has (saving,
compiling, policies) it does not answer.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import msgspec
import numpy as np

from ..reference import CATALOGUE, attachments, oracle
from ..reference.carried import carried
from .answering import NotSupported
from .forward_mode import gradients
from .protocol import (
    FUNCTIONS,
    Accepted,
    Case,
    ConfigTrip,
    Forward,
    Gradients,
    Initial,
    Result,
    Shapes,
    Signature,
    Step,
    Stepped,
    Weight,
    WeightList,
    encode,
)
from .rounding import Rounded

MODES = ("dtype", "float64")

LEARNING_RATE = 0.5
"""Of the step that ``protocol.Stepped`` describes."""


class Adapter:
    """Runs cases by the oracle.

    mode       one of MODES
    replaced   item name -> what is called in the place of its oracle (a mutant)
    """

    name = "reference"

    def __init__(
        self, mode: str = "dtype", replaced: Mapping[str, Callable[..., Any]] | None = None
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"mode {mode!r} is not one of {', '.join(MODES)}")
        self.mode = mode
        self.replaced = dict(replaced or {})

    def versions(self) -> dict[str, str]:
        """The versions of what computes."""
        return {name: version(name) for name in ("numpy", "scipy")}

    def forward(self, case: Case) -> Forward:
        """One Result per call, state carried from call to call."""
        return Forward(tuple(self._run(case)))

    def invalid(self, case: Case) -> Accepted:
        """Nothing was raised on the way."""
        self.forward(case)
        return Accepted()

    def gradients(self, case: Case) -> Gradients:
        """Of Σ cotangent · output of the last call."""
        found = self._differentiated(case)
        step = case.calls[-1]
        return Gradients(
            inputs=tuple(found.get(f"inputs/{i}") for i in range(len(step.inputs))),
            weights={r: found[f"weights/{r}"] for r in case.weights if f"weights/{r}" in found},
        )

    def constraint(self, case: Case) -> Stepped:
        """The weights after one step of gradient descent and their constraints."""
        found, layer = self._differentiated(case), self._made(case)
        moved = {
            role: w.astype(np.float64) - LEARNING_RATE * found[f"weights/{role}"].astype(np.float64)
            for role, w in case.weights.items()
            if f"weights/{role}" in found
        }
        return Stepped(_cast(attachments.constrain(layer, moved), case.dtype))

    def shape(self, case: Case) -> Shapes:
        """The shapes of the outputs; the oracle knows them by running."""
        step = _first_call(case)
        outputs = next(iter(self._run(case))).outputs
        batch = step.inputs[0].shape[:1]
        open_batch = batch and all(y.shape[:1] == batch for y in (*step.inputs, *outputs))
        full = tuple(Signature(y.shape, y.dtype.name) for y in outputs)
        batchless = tuple(Signature((None, *y.shape[1:]), y.dtype.name) for y in outputs)
        return Shapes(tuple(y.shape for y in outputs), full, batchless if open_batch else ())

    def config(self, case: Case) -> ConfigTrip:
        """The arguments, defaults filled in, and what the oracle made from these gives."""
        if case.item.startswith("activations."):
            raise NotSupported("a function has no config")
        parameters = inspect.signature(self._oracle_of(case.item)).parameters.values()
        said = {p.name: p.default for p in parameters if p.default is not p.empty}
        said |= case.config
        again = msgspec.structs.replace(case, config=said)
        return ConfigTrip(said, (), next(iter(self._run(again))).outputs)

    def weights(self, case: Case) -> WeightList:
        """The documented weights, and the case's values of them."""
        shapes = self._made(case).weights(*(x.shape for x in _first_call(case).inputs))
        state = self._state(case)
        listed = tuple(
            Weight(role, role, tuple(shape), case.dtype, role not in state)
            for role, shape in shapes.items()
        )
        return WeightList(listed, dict(case.weights))

    def initial(self, case: Case) -> Initial:
        """What the layer's initializers give, exactly or as two draws."""
        layer = self._made(case)
        shapes = layer.weights(*(x.shape for x in _first_call(case).inputs))
        seed = zlib.crc32(encode(case))
        first, second = (
            {role: _initial(layer, role, shape, np.random.default_rng((seed, draw)))
             for role, shape in shapes.items()}
            for draw in (0, 1)
        )  # fmt: skip
        return Initial(_cast(first, case.dtype), _cast(second, case.dtype))

    # ---- running ---------------------------------------------------------------------------------

    def _run(self, case: Case) -> Iterator[Result]:
        """Take the steps; one Result per call."""
        layer = self._made(case)
        w = {role: self._array(value, case.dtype) for role, value in case.weights.items()}
        changed: dict[str, Any] = {}
        for step in case.steps:
            if step.do == "adapt":
                raise NotSupported("the reference adapter does not adapt")
            if step.do == "reset_state":
                w = dict(layer.reset_state(w))
            if step.do in ("build", "call") and case.item.startswith("layers."):
                layer.weights(*(x.shape for x in step.inputs))  # refuses what it cannot build
            if step.do != "call":
                continue
            inputs = [self._array(x, case.dtype) for x in step.inputs]
            arguments = self._arguments(layer, step, case.dtype)
            with np.errstate(all="ignore"):
                outputs = _flat(_covered(layer, w, *inputs, **arguments))
                penalised = attachments.activities(layer, outputs, w, *inputs, **arguments)
                losses = (
                    *attachments.weight_losses(layer, w),
                    *attachments.activity_losses(layer, penalised),
                )
                if hasattr(layer, "update"):
                    changed |= layer.update(w, *inputs, **arguments)
                    w |= changed
                cast = tuple(_as(y, case.dtype) for y in outputs)
                penalties = tuple(_as(loss, case.dtype) for loss in losses)
            masks = _masks(layer, step, len(cast))
            yield Result(cast, masks, penalties, _cast(changed, case.dtype))

    def _differentiated(self, case: Case) -> dict[str, np.ndarray]:
        """The gradients by argument: ``inputs/0``, ``weights/kernel``."""
        if not case.calls:
            raise NotSupported("the case calls nothing")
        if len(case.calls) > 1 and hasattr(self._made(case), "update"):
            raise NotSupported("gradients after a change of state")
        layer, step = self._made(case), case.calls[-1]
        call = self._arguments(layer, step, "float64", rounded=False)
        inputs = {f"inputs/{i}": x for i, x in enumerate(step.inputs)}
        weights = {f"weights/{role}": w for role, w in case.weights.items()}
        named = inputs | weights
        still = {f"weights/{role}" for role in self._state(case)}
        moving = {
            name: x.astype(np.float64)
            for name, x in named.items()
            if _floating(x) and name not in still
        }

        def outputs(duals: dict[str, Any]) -> tuple[Any, ...]:
            now = {name: duals[name] if name in moving else _wide(x) for name, x in named.items()}
            w = {role: now[f"weights/{role}"] for role in case.weights}
            return _flat(_covered(layer, w, *(now[name] for name in inputs), **call))

        return _cast(gradients(outputs, moving, case.cotangents), case.dtype)

    def _arguments(
        self, layer: Any, step: Step, dtype: str, *, rounded: bool = True
    ) -> dict[str, Any]:
        """The call's keyword arguments, with the masks that the inputs carry."""
        named = step.call | carried(layer, step.masks, step.call)
        as_array = (lambda x: self._array(x, dtype)) if rounded else _wide
        return {k: _each(as_array, v) for k, v in named.items()}

    def _state(self, case: Case) -> set[str]:
        """Roles of weights that are not trainable: all, or those that a training call changes."""
        layer = self._made(case)
        if not getattr(layer, "trainable", True):
            return {*case.weights}
        if not hasattr(layer, "update") or hasattr(layer, "stateful"):
            return set()  # what a recurrent layer carries is not among its weights
        step = _first_call(case)
        call = self._arguments(layer, step, "float64", rounded=False)
        w = {role: _wide(value) for role, value in case.weights.items()}
        return set(layer.update(w, *map(_wide, step.inputs), **call | {"training": True}))

    def _array(self, x: np.ndarray, dtype: str) -> Any:
        """An array of the case as the oracle gets it in this mode."""
        if not _floating(x):
            return x
        if self.mode == "float64" or x.dtype.name in ("float32", "float64"):
            return x.astype(np.float64) if self.mode == "float64" else x
        return Rounded.of(x, np.dtype(dtype))

    def _oracle_of(self, item: str) -> Callable[..., Any]:
        return self.replaced.get(item) or CATALOGUE[item]

    def _made(self, case: Case) -> Any:
        """The oracle of the case, or what replaces it (also where it is part of another item)."""
        if case.item not in CATALOGUE:
            raise NotSupported(f"the reference has no {case.item}")
        with _in_the_place_of(self.replaced):
            return _covered(oracle, case.item, case.config, FUNCTIONS)


def adapter(option: str = "", device: str = "cpu") -> Adapter:
    """``--adapter=reference`` or ``reference:MODE``."""
    if device != "cpu":
        raise ValueError(f"the reference runs on the CPU, not on {device!r}")
    return Adapter(option or "dtype")


@contextmanager
def _in_the_place_of(replaced: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
    """While an oracle is made, other entries of the table of contents."""
    genuine = {item: CATALOGUE[item] for item in replaced}
    CATALOGUE.update(replaced)
    try:
        yield
    finally:
        CATALOGUE.update(genuine)


def _covered(make: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """The call's result; what the oracle does not compute is not supported here either."""
    try:
        return make(*args, **kwargs)
    except NotImplementedError as limit:
        raise NotSupported(str(limit)) from None


def _first_call(case: Case) -> Step:
    if not case.calls:
        raise NotSupported("the case calls nothing")
    return case.calls[0]


def _initial(layer: Any, role: str, shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    initializer = attachments.initializer_of(layer, role)
    if initializer is None:
        raise NotSupported(f"{role}: no initializer is documented")
    if callable(initializer):
        return initializer(shape)
    if isinstance(initializer, np.ndarray):
        return initializer
    if hasattr(initializer, "gram"):
        rows, columns = initializer.matrix(shape)
        tall = rng.normal(size=(max(rows, columns), min(rows, columns)))
        q = initializer.gain * np.linalg.qr(tall)[0]
        return (q if rows >= columns else q.T).reshape(shape)
    if not hasattr(initializer, "distribution"):
        raise NotSupported(f"{role}: no draws of {type(initializer).__name__}")
    given = initializer.seed
    generator = rng if given is None else np.random.default_rng(given)
    return initializer.distribution(shape).rvs(shape, random_state=generator)


def _masks(layer: Any, step: Step, outputs: int) -> tuple[np.ndarray | None, ...]:
    """The mask of each output: the layer's own, else that of its only input."""
    carried = step.masks or (None,) * len(step.inputs)
    if hasattr(layer, "compute_mask"):
        mask = layer.compute_mask(*step.inputs, masks=carried)
    else:
        mask = carried[0] if len(carried) == 1 else None
    masks = mask if isinstance(mask, tuple) else (mask,) * outputs
    return tuple(None if m is None else np.asarray(m).astype(bool) for m in masks)


def _flat(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, tuple | list) else (result,)


def _floating(x: np.ndarray) -> bool:
    return x.dtype.kind == "f" or x.dtype.name == "bfloat16"


def _each(change: Callable[[np.ndarray], Any], value: Any) -> Any:
    """The arrays of an argument, which may be a list of them, changed."""
    if isinstance(value, list | tuple):
        return [_each(change, part) for part in value]
    return change(value) if isinstance(value, np.ndarray) else value


def _wide(x: Any) -> Any:
    return x.astype(np.float64) if isinstance(x, np.ndarray) and _floating(x) else x


def _as(y: Any, dtype: str) -> np.ndarray:
    """A plain array, of the case's dtype if it is a floating one."""
    y = np.asarray(y).view(np.ndarray)
    return y.astype(dtype) if _floating(y) else y


def _cast(arrays: Mapping[str, Any], dtype: str) -> dict[str, np.ndarray]:
    with np.errstate(all="ignore"):
        return {name: _as(y, dtype) for name, y in arrays.items()}
