"""UpSampling and resampling: each against a second formulation that shares no code with it."""

import itertools
import math

import numpy as np
import pytest
import scipy.ndimage
from numpy.testing import assert_allclose, assert_array_equal

from layerproof.reference.layers.resampling import METHODS, matrix, matrix_repeating_edges
from layerproof.reference.layers.up_sampling import UpSampling1D, UpSampling2D, UpSampling3D

UP_SAMPLINGS = {1: UpSampling1D, 2: UpSampling2D, 3: UpSampling3D}


def iota(*shape):
    """0, 1, 2, …: every element tells where it comes from."""
    return np.arange(math.prod(shape)).reshape(shape)


def swapped(x):
    """channels_last to channels_first."""
    return x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1))


@pytest.mark.parametrize("size", [1, 2, 3, (1, 3, 2), [4, 1, 1]])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_up_sampling_is_a_kronecker_product_with_ones(rank, size):
    if rank == 1 and not isinstance(size, int):
        size = size[0]
    size = size if isinstance(size, int) else size[:rank]
    x = iota(2, *(3, 2, 3)[:rank], 2)
    factors = (size,) * rank if isinstance(size, int) else tuple(size)
    y = UP_SAMPLINGS[rank](size)({}, x)
    assert_array_equal(y, np.kron(x, np.ones((1, *factors, 1), int)))
    if rank > 1:
        assert_array_equal(UP_SAMPLINGS[rank](size, "channels_first")({}, swapped(x)), swapped(y))


def kernel(method, t):
    """The kernels as textbooks write them; bicubic in Keys' expanded form for a = -1/2."""
    t = abs(t)
    if method == "bilinear":
        return 1 - t if t < 1 else 0.0
    if method == "bicubic":
        if t < 1:
            return 1.5 * t**3 - 2.5 * t**2 + 1
        return -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2 if t < 2 else 0.0
    r = int(method[-1])
    if t == 0:
        return 1.0
    return (
        r * math.sin(math.pi * t) * math.sin(math.pi * t / r) / (math.pi * t) ** 2 if t < r else 0
    )


def resampled(image, factors, method):
    """Pixel by pixel: the weighted mean of the pixels within reach of the sampled point."""
    height, width = (n * f for n, f in zip(image.shape, factors, strict=True))
    result = np.empty((height, width))
    for i, j in np.ndindex(height, width):
        y, x = (i + 0.5) / factors[0] - 0.5, (j + 0.5) / factors[1] - 0.5
        total = norm = 0.0
        for k, m in np.ndindex(image.shape):
            weight = kernel(method, y - k) * kernel(method, x - m)
            total, norm = total + weight * image[k, m], norm + weight
        result[i, j] = total / norm
    return result


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"nearest"}))
@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (5, 2), (7, 6)])
@pytest.mark.parametrize("size", [1, 2, (3, 2), (1, 4)])
def test_interpolation_is_the_weighted_mean_of_the_pixels_in_reach(method, shape, size):
    x = np.random.default_rng(0).standard_normal((2, *shape, 3))
    factors = (size, size) if isinstance(size, int) else size
    y = UpSampling2D(size, interpolation=method)({}, x)
    expected = [[resampled(x[b, :, :, c], factors, method) for c in range(3)] for b in range(2)]
    assert_allclose(y, np.moveaxis(expected, 1, -1), rtol=1e-12, atol=1e-13)
    first = UpSampling2D(size, "channels_first", method)({}, swapped(x))
    assert_allclose(first, swapped(y), rtol=0, atol=1e-15)


@pytest.mark.parametrize("size", [2, 3, (1, 5)])
def test_bilinear_is_scipy_linear_interpolation_with_repeated_edges(size):
    x = np.random.default_rng(1).standard_normal((1, 4, 5, 1))
    y = UpSampling2D(size, interpolation="bilinear")({}, x)
    zoom = (size, size) if isinstance(size, int) else size
    options = {"order": 1, "mode": "nearest", "grid_mode": True, "prefilter": False}
    assert_allclose(y[0, :, :, 0], scipy.ndimage.zoom(x[0, :, :, 0], zoom, **options), atol=1e-14)


def test_nearest_between_any_two_sizes():
    for size, out in itertools.product(range(1, 9), range(1, 17)):
        picked = matrix(size, out, "nearest") @ np.arange(size)
        assert list(picked) == [math.floor((i + 0.5) * size / out) for i in range(out)]


@pytest.mark.parametrize("method", METHODS)
def test_odd_factors_reproduce_the_pixels_and_weights_sum_to_1(method):
    m = matrix(6, 18, method)
    assert_array_equal(m[1::3], np.eye(6))
    assert_allclose(m.sum(1), 1.0, rtol=1e-15)


def test_the_other_bicubic_reading_is_a_cubic_over_repeated_edges():
    x = np.random.default_rng(2).standard_normal(5)
    out, padded = 15, np.pad(x, 2, mode="edge")
    for i, row in enumerate(matrix_repeating_edges(5, out)):
        p = (i + 0.5) / 3 - 0.5
        value = 0.0
        for k in range(math.floor(p) - 1, math.floor(p) + 3):
            t, a = abs(p - k), -0.75
            near = (a + 2) * t**3 - (a + 3) * t**2 + 1
            value += (near if t <= 1 else a * (t**3 - 5 * t**2 + 8 * t - 4)) * padded[k + 2]
        assert_allclose(row @ x, value, rtol=1e-12)


def test_readings_differ_for_bicubic_only():
    x = np.random.default_rng(3).standard_normal((1, 3, 3, 1))
    first, second = UpSampling2D(2, interpolation="bicubic").readings({}, x).values()
    assert_array_equal(first, UpSampling2D(2, interpolation="bicubic")({}, x))
    assert np.abs(first - second).max() > 1e-2
    assert len(UpSampling2D(2, interpolation="lanczos3").readings({}, x)) == 1


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"nearest"}))
def test_moved_positions_move_the_result_in_proportion(method):
    x = np.random.default_rng(4).standard_normal((1, 6, 6, 1))
    layer = UpSampling2D(2, interpolation=method)
    assert_array_equal(layer.moved({}, x, 0.0), layer({}, x))
    small, large = (np.abs(layer.moved({}, x, by) - layer({}, x)).max() for by in (1e-7, 1e-6))
    assert 8 < large / small < 12


@pytest.mark.parametrize("layer", [UpSampling1D, UpSampling2D, UpSampling3D])
@pytest.mark.parametrize("size", [0, -1, (2, 0, 1), (2,), 1.5])
def test_up_sampling_refuses_other_sizes(layer, size):
    with pytest.raises((ValueError, TypeError)):
        layer(size)


def test_an_unknown_interpolation_is_refused():
    with pytest.raises(ValueError, match="interpolation='area'"):
        UpSampling2D(interpolation="area")
