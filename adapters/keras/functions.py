"""Every aspect of what is no layer: activations, regularizers, constraints, initializers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..answering import NotSupported
from ..protocol import Accepted, Case, Compiled, ConfigTrip, Forward, Gradients, Result, Step
from . import configs, items, language
from .tensors import flat


def forward(engine: Any, case: Case) -> Forward:
    """The value of every call."""
    made = _made(case)
    return Forward(tuple(Result(_outputs(engine, case, made, step)) for step in case.calls))


def invalid(engine: Any, case: Case) -> Accepted:
    """Nothing was raised on the way."""
    forward(engine, case)
    return Accepted()


def gradients(engine: Any, case: Case) -> Gradients:
    """Of Σ cotangent · output of the last call with respect to its inputs."""
    made, step = _made(case), _last_call(case)
    inputs = [engine.tensor(x) for x in step.inputs]
    found, _ = engine.gradients(
        lambda tensors: _applied(case, made, tensors, step), inputs, [], case.cotangents
    )
    return Gradients(tuple(None if g is None else engine.array(g) for g in found))


def compiled(engine: Any, case: Case) -> Compiled:
    """The last call's outputs by the backend's other ways of running."""
    made, step = _made(case), _last_call(case)
    inputs = [engine.tensor(x) for x in step.inputs]
    ways = engine.other_ways(lambda tensors: _applied(case, made, tensors, step), inputs)
    if not ways:
        raise NotSupported(f"{engine.name} runs functions in one way only")
    return Compiled({way: tuple(map(engine.array, found)) for way, found in ways.items()})


def config(engine: Any, case: Case) -> ConfigTrip:
    """get_config, JSON, from_config; functions have no config."""
    if case.item.startswith("activations."):
        not_supported("config")
    said, missing, again = configs.round_trip(_made(case))
    return ConfigTrip(said, missing, _outputs(engine, case, again, _last_call(case)))


def not_supported(aspect: str) -> Callable[..., Any]:
    """Only layers have the other aspects."""
    raise NotSupported(f"{aspect}: the item is no layer")


def _made(case: Case) -> Callable[..., Any]:
    return language.Maker(case.dtype).item(case.item, case.config)


def _last_call(case: Case) -> Step:
    if not case.calls:
        raise NotSupported("the case calls nothing")
    return case.calls[-1]


def _outputs(
    engine: Any, case: Case, made: Callable[..., Any], step: Step
) -> tuple[np.ndarray, ...]:
    inputs = [engine.tensor(x) for x in step.inputs]
    outputs = engine.outputs(lambda tensors: _applied(case, made, tensors, step), inputs)
    return tuple(
        engine.array(y) if hasattr(y, "dtype") else np.asarray(y, case.dtype) for y in outputs
    )


def _applied(case: Case, made: Any, inputs: Sequence[Any], step: Step) -> list[Any]:
    """The outputs; an initializer makes an array of a shape, in the case's dtype."""
    arguments = {k: language.Maker(case.dtype).value(v) for k, v in step.call.items()}
    if case.item.startswith("initializers."):
        arguments = {"dtype": case.dtype} | arguments
    items.require(f"{case.item}.call", made if _is_function(case) else made.__call__, arguments)
    return flat(made(*inputs, **arguments))


def _is_function(case: Case) -> bool:
    return case.item.startswith("activations.")
