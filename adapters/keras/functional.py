"""Aspects that go by way of a functional model or a compiler: ``save`` and ``compiled``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ..protocol import Case, Compiled, Reloaded, Step
from . import language, masks
from .subject import Subject
from .tensors import flat


def save(engine: Any, case: Case) -> Reloaded:
    """The last call's outputs of a model, and of the same model out of its file."""
    subject = Subject(engine, case)
    made, fed = model(subject, subject.to_last_call())
    with tempfile.TemporaryDirectory() as folder, subject.quick_weights():
        loaded = reloaded(made, Path(folder))
    before, after = (
        engine.outputs(lambda tensors, m=m: flat(m(tensors)), fed) for m in (made, loaded)
    )
    return Reloaded(tuple(map(engine.array, before)), tuple(map(engine.array, after)))


def compiled(engine: Any, case: Case) -> Compiled:
    """The last call's outputs through a functional model, and by the backend's other ways."""
    subject = Subject(engine, case)
    made, fed = model(subject, subject.to_last_call())
    ways = {"functional": flat(made(fed))}
    subject = Subject(engine, case)
    step = subject.to_last_call()
    ways |= engine.other_ways(lambda inputs: subject.apply(inputs, step), subject.tensors(step))
    return Compiled({way: tuple(map(engine.array, found)) for way, found in ways.items()})


def model(subject: Subject, step: Step) -> tuple[Any, list[Any]]:
    """A functional model of one call, and the tensors to call it with."""
    if isinstance(subject.layer, keras.Model):
        return subject.layer, subject.tensors(step)
    symbols: list[Any] = []
    fed: list[Any] = []

    def symbol(array: np.ndarray) -> Any:
        dtype = keras.backend.standardize_dtype(array.dtype)
        symbols.append(keras.Input(batch_shape=array.shape, dtype=dtype))
        fed.append(subject.engine.tensor(array))
        return symbols[-1]

    inputs = [symbol(x) for x in step.inputs]
    for i, mask in enumerate(step.masks):
        if mask is not None:
            inputs[i] = masks.AttachMask()([inputs[i], symbol(mask)])
    keywords = subject.keywords(step, symbol)
    outputs = flat(subject.layer(*subject.packed(inputs), **keywords))
    return keras.Model(symbols, outputs), fed


def reloaded(made: Any, folder: Path) -> Any:
    """The model, saved as ``.keras`` and loaded.

    Keras loads a Lambda only when told that it is safe; here it runs functions of our own table.
    """
    path = folder / "model.keras"
    made.save(path)
    known = language.FUNCTIONS | {"AttachMask": masks.AttachMask}
    has_lambda = any(isinstance(layer, keras.layers.Lambda) for layer in made.layers)
    return keras.saving.load_model(
        path, custom_objects=known, compile=False, safe_mode=not has_lambda
    )
