"""Cases of the convolutions: geometry first, then the channels, and what a layer may carry."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import FUNCTIONS, Case
from ...reference import identifiers, oracle
from ...reference.core import Array, Shape
from ...reference.layers.spatial import spatial_axes
from ..activated import formulas
from ..kinks import of_activation
from ..spec import Law
from ..symmetries import BATCH_INDEPENDENT, HOMOGENEOUS
from .attached import activations, constraints, initializers, regularizers
from .cases import nested
from .elementwise import arguments
from .reshaping import LAYOUTS
from .shapes import sizes
from .windows import (
    KINDS,
    LARGEST,
    PADDINGS,
    SHIFTED,
    SMALLEST,
    amounts,
    layouts,
    on_other_inputs,
    unfitting,
    where,
)

STEPS = st.sampled_from(["neither", "strides", "dilation", "strides", "dilation"])
WITH_STRIDES = st.sampled_from(["strides", "strides", "neither", "dilation", "strides"])


@st.composite
def kernels(
    draw: st.DrawFn,
    rank: int,
    paddings: tuple[str | None, ...] = PADDINGS,
    dilation: st.SearchStrategy[Any] | None = None,
    steps: st.SearchStrategy[str] = STEPS,
) -> dict[str, Any]:
    """A window: kernel_size, strides or dilation_rate but not both, padding, data_format.

    Where taps are dilated there is something to dilate, and padding is given.
    """
    config = {"kernel_size": draw(amounts(rank, 2, 3, 2, 3, 1))} | draw(layouts(paddings))
    if "data_format" in config and draw(st.booleans()):
        config["data_format"] = "channels_first"
    match draw(steps):
        case "strides":
            config["strides"] = draw(amounts(rank, *((2, 3, 1) if rank < 3 else (2, 1))))
        case "dilation":
            spread = amounts(rank, 2, 2, 2, 1) if dilation is None else dilation
            config["dilation_rate"] = draw(spread)
            config["kernel_size"] = draw(amounts(rank, 2, 3))
            if "padding" not in config:
                config["padding"] = draw(st.sampled_from([p for p in paddings if p]))
    return config


@st.composite
def extents(draw: st.DrawFn, spatial: Shape, out: Shape) -> tuple[int, int, int]:
    """(batch, channels, filters): free, equal to the last axes' lengths, none, or many.

    As many filters as the output's last axis is long are likely, for a bias fits either then.
    """
    match draw(st.sampled_from(KINDS)):
        case "equal":
            return spatial[-1], spatial[-1], out[-1]
        case "empty":
            return 0, draw(sizes()), draw(sizes())
        case "large":
            batch = 4 if prod(out) <= 64 else 1
            return batch, 2, min(max(-(-SMALLEST // (batch * prod(out))), 2), LARGEST)
    filters = out[-1] if draw(st.integers(0, 2)) else draw(sizes())
    return draw(sizes()), draw(sizes()), filters


@st.composite
def carried(draw: st.DrawFn, *weights: str, elements: int = 1) -> dict[str, Any]:
    """Activation and bias, and for two of three cases what else a layer may carry.

    Penalties only where the output ``elements`` are not many: float16 cannot hold their sum.
    """
    choices = {"activation": activations(), "use_bias": st.booleans()}
    if elements and draw(st.integers(0, 2)):
        for name in weights:
            vectors = st.sampled_from(["non_neg", nested("constraints.MaxNorm", max_value=1.5)])
            choices |= {
                f"{name}_initializer": _initializers(),
                f"{name}_constraint": vectors if name == "bias" else constraints() | OVER_TAPS,
            }
        if elements < SMALLEST:
            choices |= {f"{name}_regularizer": regularizers() for name in (*weights, "activity")}
    return draw(arguments(choices))


OVER_TAPS = st.just(nested("constraints.UnitNorm", axis=[0, 1]))


def _initializers() -> st.SearchStrategy[Any]:
    """None, which stands for the default, now and then."""
    return st.integers(0, 5).flatmap(lambda k: st.none() if k == 5 else initializers())


def wrong_convolution(
    item: str, rank: int, own: Sequence[Mapping[str, Any]], dtype: str, **required: Any
) -> st.SearchStrategy[Case]:
    """What must be refused: ``own`` configurations of the layer, those of every convolution."""
    shared: list[dict[str, Any]] = [
        *({"kernel_size": 0}, {"kernel_size": (2,) * (rank + 1)}, {"strides": 0}),
        *({"strides": (1,) * (rank + 1)}, {"padding": "full"}, {"data_format": "channels"}),
        *({"dilation_rate": 0}, {"activation": "unknown"}, {"strides": 2, "dilation_rate": 2}),
        {"strides": (2,) + (1,) * (rank - 1), "dilation_rate": (1,) * (rank - 1) + (2,)},
    ]
    return unfitting(item, rank, [*own, *shared], dtype, **required, kernel_size=2)


def piecewise(case: Case) -> bool:
    """Whether the activation works on every element alone."""
    return case.config.get("activation") != "softmax"


def linear(case: Case) -> bool:
    """Whether the layer is homogeneous: no bias, no other activation than relu."""
    activation = identifiers.activation(case.config.get("activation"))
    plain = (identifiers.activation(None), identifiers.activation("relu"))
    return case.config.get("use_bias") is False and activation in plain


DECLARED: Mapping[str, Any] = {"exact": True, "kinks": of_activation, "alternates": formulas}
"""What every convolution declares."""

LINEAR_LAWS = (
    BATCH_INDEPENDENT,
    where(HOMOGENEOUS, linear),
    where(LAYOUTS, piecewise),
)
"""What every convolution obeys."""

LAWS = (*LINEAR_LAWS, where(SHIFTED, piecewise))


def _spatial(config: Mapping[str, Any], rank: int) -> tuple[int, ...]:
    return spatial_axes(config.get("data_format"), rank)


def _mirrored(case: Case) -> Case | None:
    """Input and kernel mirrored along all spatial axes, where windows and output end together."""
    layer = oracle(case.item, case.config, FUNCTIONS)
    window, axes = layer.window(), _spatial(case.config, layer.rank)
    extra = case.config.get("output_padding")
    fits = all(s <= span for s, span in zip(window.stride, window.span, strict=True))
    if window.padding != "valid" or not (fits if extra is None else not np.any(extra)):
        return None
    flipped = on_other_inputs(case, lambda x: np.flip(x, axes))
    kernel = np.flip(case.weights["kernel"], tuple(range(layer.rank)))
    return msgspec.structs.replace(flipped, weights={**case.weights, "kernel": kernel})


def _mirrored_outputs(case: Case, found: tuple[Array, ...]) -> tuple[Array, ...]:
    rank = case.calls[0].inputs[0].ndim - 2
    return tuple(np.flip(y, _spatial(case.config, rank)) for y in found)


MIRRORED = where(
    Law("mirror: input and kernel mirrored give the output mirrored", _mirrored, _mirrored_outputs),
    piecewise,
)
