"""Aspects that differentiate: ``gradients`` and ``constraint``."""

from __future__ import annotations

from typing import Any

import keras

from ..protocol import Case, Gradients, Stepped
from .subject import Subject

LEARNING_RATE = 0.5
"""Of the step that the protocol describes."""


def gradients(engine: Any, case: Case) -> Gradients:
    """Of Σ cotangent · output of the last call; no losses are added."""
    subject = Subject(engine, case)
    step = subject.to_last_call()
    trainable = {r: v for r, v in subject.roles().items() if v.trainable}
    inputs, weights = engine.gradients(
        lambda tensors: subject.apply(tensors, step),
        subject.tensors(step),
        list(trainable.values()),
        case.cotangents,
    )
    return Gradients(
        inputs=tuple(None if g is None else engine.array(g) for g in inputs),
        weights={r: engine.array(g) for r, g in zip(trainable, weights, strict=True)},
    )


def constraint(engine: Any, case: Case) -> Stepped:
    """Trainable weights after one step of ``keras.optimizers.SGD``."""
    subject = Subject(engine, case)
    step = subject.to_last_call()
    trainable = {r: v for r, v in subject.roles().items() if v.trainable}
    if trainable:
        engine.step(
            lambda tensors: subject.apply(tensors, step),
            subject.tensors(step),
            list(trainable.values()),
            case.cotangents,
            keras.optimizers.SGD(LEARNING_RATE),
        )
    return Stepped(subject.arrays(trainable))
