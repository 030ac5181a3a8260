"""Aspects ``weights`` and ``initial``: the variables of a layer."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from ..answering import NotSupported
from ..protocol import Case, Initial, Step, Weight, WeightList, encode
from .subject import Subject


def weights(engine: Any, case: Case) -> WeightList:
    """The variables, what get_weights gives after set_weights, and what freezing leaves."""
    subject = Subject(engine, case)
    subject.build(_first(case))
    roles = subject.roles()
    by_identity = {id(v): role for role, v in roles.items()}
    order = [by_identity[id(v)] for v in subject.layer.weights]
    values = subject.arrays(roles) | dict(case.weights)
    subject.layer.set_weights([values[role] for role in order])
    # TensorFlow gives a scalar as a plain number
    got = map(np.asarray, subject.layer.get_weights())
    round_trip = dict(zip(order, got, strict=True))
    listed = tuple(
        Weight(role, v.path, tuple(v.shape), str(v.dtype), bool(v.trainable))
        for role, v in roles.items()
    )
    subject.layer.trainable = False
    frozen = tuple(by_identity[id(v)] for v in subject.layer.trainable_weights)
    return WeightList(listed, round_trip, frozen)


def initial(engine: Any, case: Case) -> Initial:
    """The weights of two layers as Keras initializes them, from different seeds."""
    found = []
    for seed in (0, 1):
        engine.seed(zlib.crc32(encode(case), seed))
        subject = Subject(engine, case)
        subject.build(_first(case), genuine=True)
        found.append(subject.arrays(subject.roles()))
    return Initial(*found)


def _first(case: Case) -> Step:
    """The first step that has the inputs' shapes."""
    for step in case.steps:
        if step.do in ("build", "call"):
            return step
    raise NotSupported("the case neither builds nor calls")
