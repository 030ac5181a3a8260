"""Adapters with one known error each: the reference in float64, rounded, then spoiled."""

import os
import time

import msgspec
import numpy as np

from layerproof.adapters.protocol import Forward, Result
from layerproof.adapters.reference import Adapter as Reference


class Honest(Reference):
    """The reference without any error."""

    name = "honest"

    def __init__(self) -> None:
        super().__init__("float64")

    def forward(self, case):
        return self.spoiled(case, super().forward(case))

    def spoiled(self, case, forward):
        return forward


class _Scaled(Honest):
    """Every floating output times 1 + ``error``."""

    error = 0.0

    def spoiled(self, case, forward):
        def scaled(y):
            if y.dtype.kind in "biu":
                return y
            return (y.astype(np.float64) * (1 + self.error)).astype(y.dtype)

        return Forward(
            tuple(
                msgspec.structs.replace(r, outputs=tuple(map(scaled, r.outputs)))
                for r in forward.results
            )
        )


class OnePerMillion(_Scaled):
    """A relative error of 1e-6: nine rounding errors of float32."""

    error = 1e-6


class TwoPerTenMillion(_Scaled):
    """A relative error of 2e-7: too small for single elements, found by the gain."""

    error = 2e-7


class DropsMasks(Honest):
    """Outputs carry no mask."""

    def spoiled(self, case, forward):
        return Forward(
            tuple(msgspec.structs.replace(r, masks=(None,) * len(r.masks)) for r in forward.results)
        )


class WrongWhereNegative(Honest):
    """gelu is off by 1e-3 where its input is below -1."""

    def spoiled(self, case, forward):
        if case.item != "activations.gelu":
            return forward
        x = case.calls[0].inputs[0].astype(np.float64)
        (result,) = forward.results
        (y,) = result.outputs
        y = np.where(x < -1, y.astype(np.float64) * 1.001, y.astype(np.float64)).astype(y.dtype)
        return Forward((Result((y,), result.masks, result.losses, result.state),))


class Aborts(Honest):
    """Ends its process on every array of more than eight elements."""

    def spoiled(self, case, forward):
        if case.calls[0].inputs[0].size > 8:
            os.abort()
        return forward


class Hangs(Honest):
    """Never answers on three-dimensional arrays."""

    def spoiled(self, case, forward):
        while case.calls[0].inputs[0].ndim == 3:
            time.sleep(0.05)
        return forward


class DoesNotStart:
    """Raises when it is made."""

    def __init__(self) -> None:
        raise RuntimeError("no licence found")


class FarOff(Honest):
    """Every floating output, loss, state and gradient y is y + 1000 (1 + |y|), rounded."""

    def spoiled(self, case, forward):
        return Forward(
            tuple(
                msgspec.structs.replace(
                    r,
                    outputs=tuple(map(_far, r.outputs)),
                    losses=tuple(map(_far, r.losses)),
                    state={role: _far(y) for role, y in r.state.items()},
                )
                for r in forward.results
            )
        )

    def mixed(self, case):
        found = super().mixed(case)
        return msgspec.structs.replace(found, outputs=tuple(map(_far, found.outputs)))

    def gradients(self, case):
        found = super().gradients(case)
        return msgspec.structs.replace(
            found,
            inputs=tuple(None if g is None else _far(g) for g in found.inputs),
            weights={role: _far(g) for role, g in found.weights.items()},
        )


def _far(y):
    if y.dtype.kind in "biu":
        return y
    wide = y.astype(np.float64)
    with np.errstate(over="ignore"):
        return (wide + 1000 * (1 + abs(wide))).astype(y.dtype)
