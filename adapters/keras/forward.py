"""Aspects that only run the case: ``forward``, ``mixed``, ``invalid``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..answering import NotSupported
from ..protocol import Accepted, Case, Forward, Mixed
from .subject import Subject
from .tensors import is_floating


def forward(engine: Any, case: Case) -> Forward:
    """One Result per call."""
    return Forward(tuple(Subject(engine, case).run()))


def invalid(engine: Any, case: Case) -> Accepted:
    """Nothing was raised on the way."""
    Subject(engine, case).run()
    return Accepted()


def mixed(engine: Any, case: Case) -> Mixed:
    """The first call, of a layer that computes in the case's dtype on float32 variables.

    The inputs come in float32, of the same values, so that the layer has to cast them.
    """
    if case.item == "layers.Input" or case.dtype not in ("bfloat16", "float16"):
        raise NotSupported(f"{case.item} has no policy mixed_{case.dtype}")
    subject = Subject(engine, case, policy=f"mixed_{case.dtype}")
    step = subject.to_first_call()
    inputs = [x.astype(np.float32) if is_floating(x.dtype) else x for x in step.inputs]
    outputs, _, _ = engine.observe(
        lambda tensors: subject.apply(tensors, step),
        [engine.tensor(x) for x in inputs],
        subject.layer,
    )
    dtypes = {role: str(v.dtype) for role, v in subject.roles().items()}
    return Mixed(tuple(map(engine.array, outputs)), dtypes)
