"""A Keras layer, brought through the steps of a case."""

from __future__ import annotations

import contextlib
import inspect
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ..answering import NotSupported
from ..protocol import Case, Result, Step
from . import items, language, masks, specs, states
from .tensors import flat

ONE_LIST = frozenset(
    (
        *("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract"),
        *("AdditiveAttention", "Attention", "HashedCrossing"),
    )
)
"""Layers that take all their tensors as one list."""

CELLS = frozenset(("GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"))
"""Layers that take (input, states)."""


class Subject:
    """The layer under test, its weights by role, and the steps that it goes through."""

    def __init__(self, engine: Any, case: Case, policy: str | None = None) -> None:
        self.engine = engine
        self.case = case
        self.name = case.item.partition(".")[2]
        self.maker = language.Maker(policy or case.dtype)
        make = specs.TESTED_AS.get(case.item)
        self.layer = (
            make(self.maker, case.config) if make else self.maker.item(case.item, case.config)
        )

    # ---- weights ---------------------------------------------------------------------------------

    def build(self, step: Step, *, genuine: bool = False) -> None:
        """Create the variables for the step's input shapes and give them the case's values.

        The layer's initializers are used only if the case gives no weights, or if ``genuine``:
        JAX compiles a random initializer for every shape.
        """
        shapes = [tuple(x.shape) for x in step.inputs]
        packed = (shapes[0],) if self.name in CELLS else self.packed(shapes)
        if genuine:
            self.layer.build(*packed)
            return
        with self.quick_weights():
            self.layer.build(*packed)
        self.set_weights()

    def quick_weights(self) -> contextlib.AbstractContextManager[None]:
        """While this lasts, new variables are zeros if the case is to give them their values."""
        if not self.case.weights:
            return contextlib.nullcontext()
        return _zeros_for_initializers(self.engine)

    def set_weights(self) -> None:
        """Give the variables the case's values."""
        for role, variable in self.roles().items():
            if role in self.case.weights:
                value = self.case.weights[role]
                variable.assign(self.engine.tensor(value.astype(variable.dtype)))

    def roles(self) -> dict[str, Any]:
        """Role -> variable, by the order that Keras documents for get_weights.

        Without the case's weights, the roles are the variables' paths inside the layer.
        """
        variables, given = self.layer.weights, self.case.weights
        if not given or not variables:
            return {v.path.removeprefix(f"{self.layer.name}/"): v for v in variables}
        if [tuple(v.shape) for v in variables] != [w.shape for w in given.values()]:
            raise ValueError(
                f"{self.name} has weights {[(v.path, tuple(v.shape)) for v in variables]}, "
                f"documented are {[(role, w.shape) for role, w in given.items()]}"
            )
        return dict(zip(given, variables, strict=True))

    def arrays(self, variables: dict[str, Any]) -> dict[str, np.ndarray]:
        """The values of some variables, by role."""
        return {role: self.engine.array(v.value) for role, v in variables.items()}

    # ---- steps -----------------------------------------------------------------------------------

    def run(self) -> list[Result]:
        """All steps; one Result per call."""
        return [self._observed(step) for step in self._calls()]

    def to_first_call(self) -> Step:
        """Take the steps before the first call; gives that call, the layer built."""
        return self._up_to(min)

    def to_last_call(self) -> Step:
        """Take the steps before the last call; gives that call, the layer built."""
        return self._up_to(max)

    def call(self, step: Step) -> list[Any]:
        """One call; the outputs, flat."""
        return self._observe(step)[0]

    def apply(self, inputs: Sequence[Any], step: Step) -> list[Any]:
        """The step's call on other tensors in place of its inputs."""
        inputs = list(inputs)
        # Some versions of Keras hold a mask weakly: whoever made it must keep it.
        kept = [None if m is None else self.engine.tensor(m) for m in step.masks]
        for i, mask in enumerate(kept):
            if mask is not None:
                inputs[i] = masks.attach(inputs[i], mask)
        return flat(self.layer(*self.packed(inputs), **self.keywords(step)))

    def tensors(self, step: Step) -> list[Any]:
        """The step's inputs as tensors."""
        return [self.engine.tensor(x) for x in step.inputs]

    def keywords(
        self, step: Step, tensor: Callable[[np.ndarray], Any] | None = None
    ) -> dict[str, Any]:
        """The step's keyword arguments, arrays as tensors (or as what ``tensor`` makes)."""
        given = {k: v for k, v in step.call.items() if k != "training"}
        items.require(f"{self.case.item}.call", self.layer.call, given)
        make = tensor or self.engine.tensor
        made = {k: _replace_arrays(self.maker.value(v), make) for k, v in step.call.items()}
        sizes = getattr(getattr(self.layer, "cell", None), "state_size", None)
        if isinstance(sizes, list | tuple) and made.get("initial_state") is not None:
            made["initial_state"] = _nested_like(sizes, iter(flat(made["initial_state"])))
        return made

    def packed(self, values: list[Any]) -> tuple[Any, ...]:
        """Inputs (or their shapes) as the positional arguments that this layer takes."""
        if self.name in ONE_LIST:
            return (values,)
        if self.name in CELLS and len(values) > 1:
            return (values[0], _nested_like(self.layer.state_size, iter(values[1:])))
        return tuple(values)

    def _up_to(self, choose: Callable[[Iterable[int]], int]) -> Step:
        calls = [i for i, s in enumerate(self.case.steps) if s.do == "call"]
        if not calls:
            raise NotSupported("the case calls nothing")
        at = choose(calls)
        for step in self._calls(self.case.steps[:at]):
            self.call(step)
        if not self.layer.built:
            self.build(self.case.steps[at])
        return self.case.steps[at]

    def _calls(self, steps: Sequence[Step] | None = None) -> Iterator[Step]:
        """Take the steps, giving each call at its turn."""
        for step in self.case.steps if steps is None else steps:
            match step.do:
                case "build":
                    self.build(step)
                case "adapt":
                    self.layer.adapt(self.engine.tensor(step.inputs[0]))
                case "call":
                    if not self.layer.built and (self.case.weights or self.engine.builds_first):
                        self.build(step)
                    yield step
                case "reset_state":
                    if not hasattr(self.layer, "reset_state"):
                        raise NotSupported(f"{self.case.item}.reset_state not in Keras")
                    self.layer.reset_state()
                case "save_and_load":
                    self._save_and_load()

    def _observe(self, step: Step) -> tuple[list[Any], list[Any], list[Any]]:
        """One call; outputs, masks and losses."""
        return self.engine.observe(
            lambda tensors: self.apply(tensors, step), self.tensors(step), self.layer
        )

    def _observed(self, step: Step) -> Result:
        array = self.engine.array
        outputs, attached, losses = self._observe(step)
        state = {r: v for r, v in self.roles().items() if not v.trainable}
        state |= states.carried(self.layer)
        return Result(
            outputs=tuple(map(array, outputs)),
            masks=tuple(None if m is None else array(m) for m in attached),
            losses=tuple(map(array, losses)),
            state=self.arrays(state),
        )

    def _save_and_load(self) -> None:
        """Replace the layer by itself out of a saved model."""
        from . import functional

        call = next((s for s in self.case.steps if s.do == "call"), None)
        if call is None:
            raise NotSupported("a layer is saved in a model, which needs a call")
        model, _ = functional.model(self, call)
        with tempfile.TemporaryDirectory() as folder, self.quick_weights():
            loaded = functional.reloaded(model, Path(folder))
        self.layer = loaded.get_layer(self.layer.name)


def _replace_arrays(value: Any, make: Callable[[np.ndarray], Any]) -> Any:
    if isinstance(value, np.ndarray):
        return make(value)
    if isinstance(value, list | tuple):
        return type(value)(_replace_arrays(v, make) for v in value)
    return value


@contextlib.contextmanager
def _zeros_for_initializers(engine: Any) -> Iterator[None]:
    """Let ``add_weight`` use plain zeros instead of the initializer that it is given."""
    genuine = keras.layers.Layer.add_weight
    signature = inspect.signature(genuine)

    def zeros(shape: Sequence[int], dtype: Any = None, **_: Any) -> Any:
        return engine.tensor(np.zeros(shape, keras.backend.standardize_dtype(dtype)))

    def add_weight(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.arguments["initializer"] = zeros
        return genuine(*bound.args, **bound.kwargs)

    keras.layers.Layer.add_weight = add_weight
    try:
        yield
    finally:
        keras.layers.Layer.add_weight = genuine


def _nested_like(sizes: Any, values: Iterator[Any]) -> Any:
    """Values grouped like a cell's ``state_size``: a list even if there is one state."""
    if isinstance(sizes, list | tuple):
        return [_grouped(size, values) for size in sizes]
    return [next(values)]


def _grouped(size: Any, values: Iterator[Any]) -> Any:
    if isinstance(size, list | tuple):
        return [_grouped(part, values) for part in size]
    return next(values)
