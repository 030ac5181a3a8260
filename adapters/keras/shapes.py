"""Aspect ``shape``: what Keras says about outputs without running the layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from ..answering import NotSupported
from ..protocol import Case, Shapes, Signature, Step, stateful
from . import masks
from .subject import Subject
from .tensors import flat


def shape(engine: Any, case: Case) -> Shapes:
    """compute_output_shape and a symbolic call, each of a fresh layer."""
    if not case.calls:
        raise NotSupported("the case calls nothing")
    step = case.calls[0]
    layer = Subject(engine, case)
    if _lacks_output_shape(layer.layer):
        raise NotSupported(
            f"Keras {keras.__version__} computes no output shape of a functional model"
        )
    computed = layer.layer.compute_output_shape(*layer.packed([x.shape for x in step.inputs]))
    return Shapes(
        computed=tuple(_shapes_in(computed)),
        symbolic=_symbolic(engine, case, step, step.inputs[0].shape[:1]),
        batchless=_symbolic(engine, case, step, (None,)) if _any_batch(case, step) else (),
    )


def _lacks_output_shape(layer: Any) -> bool:
    """Whether it is a functional model (as ``Input`` is wrapped) that has no method for it."""
    inherited = keras.layers.Layer.compute_output_shape
    return isinstance(layer, keras.Model) and type(layer).compute_output_shape is inherited


def _any_batch(case: Case, step: Step) -> bool:
    """Whether the batch size may be left open.

    A stateful layer needs it, scalars have none, and weights along the batch axis have its size.
    """
    if stateful(case.config) or not all(x.ndim for x in step.inputs):
        return False
    axis = case.config.get("axis", -1)
    axes = axis if isinstance(axis, list | tuple) else [axis]
    return not (case.weights and any(a % step.inputs[0].ndim == 0 for a in axes))


def _symbolic(
    engine: Any, case: Case, step: Step, batch: Sequence[int | None]
) -> tuple[Signature, ...]:
    """Outputs of a fresh layer on symbolic tensors whose first dimension is ``batch``."""
    subject = Subject(engine, case)
    size = step.inputs[0].shape[:1]

    def symbol(array: np.ndarray) -> Any:
        shape = (*batch, *array.shape[1:]) if array.shape[:1] == size else array.shape
        return keras.KerasTensor(shape, keras.backend.standardize_dtype(array.dtype))

    inputs = [symbol(x) for x in step.inputs]
    for i, mask in enumerate(step.masks):
        if mask is not None:
            masks.attach(inputs[i], symbol(mask))
    keywords = subject.keywords(step, symbol)
    with subject.quick_weights():
        outputs = flat(subject.layer(*subject.packed(inputs), **keywords))
    return tuple(
        Signature(tuple(y.shape), keras.backend.standardize_dtype(y.dtype)) for y in outputs
    )


def _shapes_in(computed: Any) -> list[tuple[int | None, ...]]:
    """The shapes in a shape or in nested lists of shapes."""
    if all(n is None or isinstance(n, int | np.integer) for n in computed):
        return [tuple(None if n is None else int(n) for n in computed)]
    parts = computed.values() if isinstance(computed, dict) else computed
    return [shape for part in parts for shape in _shapes_in(part)]
