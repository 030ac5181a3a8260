"""Places in which deviations differ: what a condition may ask of a case, besides its arguments."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..adapters.protocol import FUNCTIONS, Case
from ..reference import oracle
from ..reference.layers.spatial import spatial_axes
from ..reference.layers.windows import to_channels_last


def family(case: Case) -> str:
    """The family of the values."""
    return case.family


def rank(case: Case) -> int:
    """The number of axes of the first input."""
    return case.calls[0].inputs[0].ndim


def batch(case: Case) -> int | None:
    """The batch size of the first input."""
    return next(iter(case.calls[0].inputs[0].shape), None)


def input_dtype(case: Case) -> str:
    """The dtype of the first input."""
    return case.calls[0].inputs[0].dtype.name


def shapes(case: Case) -> str:
    """Whether all inputs of the first call have one shape: ``equal`` or ``different``."""
    return "equal" if len({x.shape for x in case.calls[0].inputs}) == 1 else "different"


def axes(case: Case) -> int:
    """How many axes ``config.axis`` lists."""
    axis = case.config.get("axis")
    return len(axis) if isinstance(axis, tuple | list) else 1


def masked(case: Case) -> bool:
    """Whether any mask is carried, or given in a call."""
    carried = any(m is not None for step in case.calls for m in step.masks)
    given = [value for step in case.calls for name, value in step.call.items() if "mask" in name]
    return carried or any(not isinstance(value, bool | None) for value in given)


def mask_rank(case: Case) -> int:
    """The number of axes of the largest mask that the first call's inputs carry; 0 without one."""
    return max((m.ndim for m in case.calls[0].masks if m is not None), default=0)


def none(case: Case) -> list[str]:
    """Which arguments are None, sorted."""
    return sorted(name for name, value in case.config.items() if value is None)


def bias_as_long_as_last_spatial_axis(case: Case) -> bool:
    """Whether the last spatial axis of the output is as long as the bias."""
    last = -1 if case.config.get("data_format") == "channels_first" else -2
    lengths = [y.shape[last : last + 1 or None] for y in case.cotangents]
    return "bias" in case.weights and lengths == [case.weights["bias"].shape]


def same_padding(case: Case) -> str:
    """Of windows with "same" padding: ``uneven`` if some axis gets one more position at one end."""
    layer = oracle(case.item, case.config, FUNCTIONS)
    window, x = layer.window(), case.calls[0].inputs[0]
    if window.padding != "same":
        return "none"
    lengths = tuple(x.shape[axis] for axis in spatial_axes(layer.data_format, layer.rank))
    uneven = any(before != after for before, after in window.ends(lengths))
    return "uneven" if uneven else "even"


def nearest_below_maximum(case: Case) -> str:
    """``within 1e-5`` of the maximum of a window, without being it, is some other value in it."""
    layer, x = oracle(case.item, case.config, FUNCTIONS), case.calls[0].inputs[0]
    x = to_channels_last(x.astype(np.float64), layer.data_format, layer.rank)
    with np.errstate(invalid="ignore"):
        below = layer.pooled(x)[(..., *(None,) * layer.rank)] - layer.window().over(x, fill=-np.inf)
    return "within 1e-5" if np.any((below > 0) & (below < 1e-5)) else "further"


def neighbouring_axes(case: Case) -> str | None:
    """Where axes are that follow each other as numbers, however listed: ``last``, ``elsewhere``."""
    listed, n = sorted(_axes(case)), rank(case)
    if listed != [*range(listed[0], listed[0] + len(listed))]:
        return None
    last = {a % n for a in listed} == {*range(n - len(listed), n)}
    return "last" if last else "elsewhere"


def channels(case: Case) -> int | None:
    """The length of the one axis in ``config.axis``."""
    x, axis = case.calls[0].inputs[0], _axes(case)
    return x.shape[axis[0]] if len(axis) == 1 and -x.ndim <= axis[0] < x.ndim else None


def spread(case: Case) -> str:
    """``small`` where the mean of what is normalised is above four standard deviations."""
    x = case.calls[0].inputs[0].astype(np.float64)
    axes = tuple(a % x.ndim for a in _axes(case))
    if case.item == "layers.BatchNormalization":
        axes = tuple(a for a in range(x.ndim) if a not in axes)
    elif case.item == "layers.GroupNormalization":
        x = np.moveaxis(x, axes[0], 1)
        groups = case.config.get("groups", 32)
        x, axes = x.reshape(len(x), x.shape[1] if groups == -1 else groups, -1), (2,)
    with np.errstate(all="ignore"):
        small = abs(x.mean(axes)) > 4 * x.std(axes)
    return "small" if small.any() else "usual"


def zero_vectors(case: Case) -> bool:
    """Whether a vector along ``config.axis`` is zero."""
    return bool((case.calls[0].inputs[0] == 0).all(_axes(case)).any())


def mask_beside_state(case: Case) -> bool:
    """Whether, in any call, x carries a mask while a state is given."""
    return any(
        s.call.get("initial_state") is not None and any(m is not None for m in s.masks)
        for s in case.calls
    )


def drops_everything(case: Case) -> bool:
    """Whether some layer or cell trains with a dropout of 1."""
    return any(s.call.get("training") is True and 1.0 in rates(case.config) for s in case.calls)


def bias_beside_forget_bias(case: Case) -> bool:
    """Whether a bias_initializer is given while unit_forget_bias is on."""
    return case.config.get("unit_forget_bias", True) and "bias_initializer" in case.config


def runs_tanh(case: Case) -> bool:
    """Whether an activation of a recurrent layer is tanh, which is the default."""
    config = case.config
    return "tanh" in (config.get("activation", "tanh"), config.get("recurrent_activation"))


def rates(value: Any) -> set[float]:
    """The dropout rates in a configuration, however deep.

    >>> sorted(rates({"dropout": 0.5, "cell": {"$item": "…", "config": {"dropout": 1.0}}}))
    [0.5, 1.0]
    """
    if isinstance(value, dict):
        own = {v for name, v in value.items() if name in ("dropout", "recurrent_dropout")}
        return own.union(*map(rates, value.values()))
    return set[float]().union(*map(rates, value)) if isinstance(value, list | tuple) else set()


PLACES: dict[str, Callable[[Case], Any]] = {
    place.__name__: place
    for place in (
        family,
        rank,
        batch,
        input_dtype,
        shapes,
        axes,
        masked,
        mask_rank,
        none,
        bias_as_long_as_last_spatial_axis,
        same_padding,
        nearest_below_maximum,
        neighbouring_axes,
        channels,
        spread,
        zero_vectors,
        mask_beside_state,
        drops_everything,
        bias_beside_forget_bias,
        runs_tanh,
    )
}
"""What a condition may ask of a case, besides ``config.NAME``, ``call.NAME`` and ``uses``."""


def _axes(case: Case) -> tuple[int, ...]:
    axis = case.config.get("axis", -1)
    return (axis,) if isinstance(axis, int) else tuple(axis)
