"""Mutants of chapter 2, the activations: a constant, a boundary or an argument that is off."""

# ruff: noqa: D103  (what each changes is said in MUTANTS, at the end)

from __future__ import annotations

import numpy as np

from ...reference import activations as a
from ...reference.core import Array
from . import Mutant


def relu_threshold_ignored(
    x: Array, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Array:
    return a.relu(x, negative_slope, max_value)


def relu_slope_from_zero(
    x: Array, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Array:
    y = a.relu(x, negative_slope, max_value, threshold)
    return np.where(x < threshold, negative_slope * x, y)


def relu_shifted(
    x: Array, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Array:
    return a.relu(x - threshold, negative_slope, max_value)


def sigmoid_clipped(x: Array) -> Array:
    return a.sigmoid(np.minimum(np.maximum(x, -15.0), 15.0))


def sigmoid_nearly(x: Array) -> Array:
    return a.sigmoid(1.00001 * x)


def softmax_last_axis(x: Array, axis: int = -1) -> Array:
    return a.softmax(x)


def softmax_flat(x: Array, axis: int = -1) -> Array:
    return a.softmax(x, tuple(range(x.ndim)))


def softmax_with_epsilon(x: Array, axis: int = -1) -> Array:
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / (e.sum(axis, keepdims=True) + 1e-4)


def softplus_linear_early(x: Array) -> Array:
    return np.where(x > 8.0, x, a.softplus(x))


def softplus_of_magnitude(x: Array) -> Array:
    return np.abs(x) + np.log1p(np.exp(-np.abs(x)))


def softsign_unsigned(x: Array) -> Array:
    return np.abs(x) / (np.abs(x) + 1.0)


def softsign_with_epsilon(x: Array) -> Array:
    return x / (np.abs(x) + 1.00001)


def tanh_rational(x: Array) -> Array:
    return np.where(np.abs(x) < 0.1, x - x * x * x / 3.0, np.tanh(x))


def tanh_saturating(x: Array) -> Array:
    return np.where(np.abs(x) > 5.0, np.sign(x), np.tanh(x))


def selu_constants(x: Array) -> Array:
    return np.where(x > 0, 1.0507 * x, 1.0507 * 1.67326 * np.expm1(np.where(x > 0, 0.0, x)))


def selu_unscaled_left(x: Array) -> Array:
    return np.where(x > 0, a.selu(x), 1.6732632423543772 * np.expm1(np.where(x > 0, 0.0, x)))


def elu_alpha_inside(x: Array, alpha: float = 1.0) -> Array:
    return np.where(x > 0, x, np.expm1(alpha * np.where(x > 0, 0.0, x)))


def elu_as_printed(x: Array, alpha: float = 1.0) -> Array:
    return np.where(x > 0, x, alpha * np.exp(np.where(x > 0, 0.0, x)) - 1.0)


def exponential_clipped(x: Array) -> Array:
    return np.exp(np.minimum(x, 20.0))


def exponential_of_two(x: Array) -> Array:
    return np.exp2(1.4427 * x)


def leaky_relu_of_the_layer(x: Array, negative_slope: float = 0.3) -> Array:
    return a.leaky_relu(x, negative_slope)


def leaky_relu_slope_ignored(x: Array, negative_slope: float = 0.2) -> Array:
    return a.leaky_relu(x)


def relu6_at_eight(x: Array) -> Array:
    return np.minimum(np.maximum(x, 0.0), 8.0)


def relu6_jumping(x: Array) -> Array:
    return np.where(x >= 6.0, 0.0, np.maximum(x, 0.0))


def silu_of_hard_sigmoid(x: Array) -> Array:
    return x * a.hard_sigmoid(x)


def silu_steeper(x: Array) -> Array:
    return x * a.sigmoid(1.702 * x)


def hard_silu_open_left(x: Array) -> Array:
    return np.minimum(x + 3.0, 6.0) * x / 6.0


def hard_silu_of_keras_2(x: Array) -> Array:
    return x * hard_sigmoid_of_keras_2(x)


def gelu_tanh_for_erf(x: Array, approximate: bool = False) -> Array:
    return a.gelu(x, approximate=True)


def gelu_always_exact(x: Array, approximate: bool = False) -> Array:
    return a.gelu(x, approximate=False)


def hard_sigmoid_of_keras_2(x: Array) -> Array:
    return np.minimum(np.maximum(0.2 * x + 0.5, 0.0), 1.0)


def hard_sigmoid_unclipped_above(x: Array) -> Array:
    return np.maximum(x / 6.0 + 0.5, 0.0)


def linear_rectified(x: Array) -> Array:
    return np.maximum(x, 0.0)


def linear_flushing(x: Array) -> Array:
    return np.where(np.abs(x) < 1e-6, 0.0, x)


def mish_of_sigmoid(x: Array) -> Array:
    return x * a.sigmoid(a.softplus(x))


def mish_linear_early(x: Array) -> Array:
    return np.where(x > 4.0, x, a.mish(x))


def log_softmax_last_axis(x: Array, axis: int = -1) -> Array:
    return a.log_softmax(x)


def log_softmax_with_epsilon(x: Array, axis: int = -1) -> Array:
    return np.log(a.softmax(x, axis) + 1e-6)


def _of(item: str, **changes: tuple[object, str]) -> dict[str, Mutant]:
    """Mutants of one activation by the names of their changes."""
    return {
        f"activations.{item}.{name}": Mutant(f"activations.{item}", change, what)  # type: ignore[arg-type]
        for name, (change, what) in changes.items()
    }


MUTANTS = {
    **_of(
        "relu",
        threshold_ignored=(relu_threshold_ignored, "threshold is ignored"),
        slope_from_zero=(relu_slope_from_zero, "negative_slope · x, not · (x - threshold)"),
        shifted=(relu_shifted, "x - threshold above the threshold too"),
    ),
    **_of(
        "sigmoid",
        clipped=(sigmoid_clipped, "saturates at ±15"),
        nearly=(sigmoid_nearly, "x is scaled by 1.00001"),
    ),
    **_of(
        "softmax",
        last_axis=(softmax_last_axis, "axis is ignored"),
        flat=(softmax_flat, "all axes are normalised jointly"),
        with_epsilon=(softmax_with_epsilon, "the sum is increased by 1e-4"),
    ),
    **_of(
        "softplus",
        linear_early=(softplus_linear_early, "x above 8"),
        of_magnitude=(softplus_of_magnitude, "|x| in the place of max(x, 0)"),
    ),
    **_of(
        "softsign",
        unsigned=(softsign_unsigned, "the sign is lost"),
        with_epsilon=(softsign_with_epsilon, "1.00001 in the place of 1"),
    ),
    **_of(
        "tanh",
        rational=(tanh_rational, "two terms of the series below 0.1"),
        saturating=(tanh_saturating, "±1 beyond ±5"),
    ),
    **_of(
        "selu",
        constants=(selu_constants, "the constants are cut after five decimals"),
        unscaled_left=(selu_unscaled_left, "the left piece is not scaled"),
    ),
    **_of(
        "elu",
        alpha_inside=(elu_alpha_inside, "alpha multiplies x inside the exponential"),
        as_printed=(elu_as_printed, "alpha · exp(x) - 1, as printed without parentheses"),
    ),
    **_of(
        "exponential",
        clipped=(exponential_clipped, "x is clipped at 20"),
        of_two=(exponential_of_two, "2 to the power of 1.4427 x"),
    ),
    **_of(
        "leaky_relu",
        of_the_layer=(leaky_relu_of_the_layer, "the default slope is 0.3"),
        slope_ignored=(leaky_relu_slope_ignored, "negative_slope is ignored"),
    ),
    **_of(
        "relu6",
        at_eight=(relu6_at_eight, "cut at 8"),
        jumping=(relu6_jumping, "0 from 6 on"),
    ),
    **_of(
        "silu",
        of_hard_sigmoid=(silu_of_hard_sigmoid, "the gate is hard"),
        steeper=(silu_steeper, "the gate is sigmoid(1.702 x)"),
    ),
    **_of(
        "hard_silu",
        open_left=(hard_silu_open_left, "the middle piece goes on below -3"),
        of_keras_2=(hard_silu_of_keras_2, "the gate is clip(0.2 x + 0.5)"),
    ),
    **_of(
        "gelu",
        tanh_for_erf=(gelu_tanh_for_erf, "the tanh approximation is always used"),
        always_exact=(gelu_always_exact, "approximate=True is ignored"),
    ),
    **_of(
        "hard_sigmoid",
        of_keras_2=(hard_sigmoid_of_keras_2, "clip(0.2 x + 0.5)"),
        unclipped_above=(hard_sigmoid_unclipped_above, "not cut at 1"),
    ),
    **_of(
        "linear",
        rectified=(linear_rectified, "negative values become 0"),
        flushing=(linear_flushing, "values below 1e-6 become 0"),
    ),
    **_of(
        "mish",
        of_sigmoid=(mish_of_sigmoid, "sigmoid in the place of tanh"),
        linear_early=(mish_linear_early, "x above 4"),
    ),
    **_of(
        "log_softmax",
        last_axis=(log_softmax_last_axis, "axis is ignored"),
        with_epsilon=(log_softmax_with_epsilon, "1e-6 is added before the logarithm"),
    ),
}
