"""Chapter 14, reshaping: every oracle against a second formulation that shares no code with it."""

import itertools
import math

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from layerproof.reference.layers.cropping import Cropping1D, Cropping2D, Cropping3D
from layerproof.reference.layers.flatten import Flatten
from layerproof.reference.layers.permute import Permute
from layerproof.reference.layers.repeat_vector import RepeatVector
from layerproof.reference.layers.reshape import Reshape
from layerproof.reference.layers.up_sampling import UpSampling1D, UpSampling2D, UpSampling3D
from layerproof.reference.layers.zero_padding import ZeroPadding1D, ZeroPadding2D, ZeroPadding3D

CROPPINGS = {1: Cropping1D, 2: Cropping2D, 3: Cropping3D}
PADDINGS = {1: ZeroPadding1D, 2: ZeroPadding2D, 3: ZeroPadding3D}
UP_SAMPLINGS = {1: UpSampling1D, 2: UpSampling2D, 3: UpSampling3D}


def iota(*shape):
    """0, 1, 2, …: every element tells where it comes from."""
    return np.arange(math.prod(shape)).reshape(shape)


def swapped(x):
    """channels_last to channels_first."""
    return x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1))


# ---- Reshape, Flatten, RepeatVector, Permute -----------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "target", "result"),
    [
        ((3, 4), (12,), (12,)),
        ((3, 4), (4, 3), (4, 3)),
        ((3, 4), [2, -1], (2, 6)),
        ((3, 4), (-1,), (12,)),
        ((12,), (-1, 2, 2), (3, 2, 2)),
        ((2, 3), (1, -1, 1, 3), (1, 2, 1, 3)),
        ((1,), (), ()),
        ((), (1, 1), (1, 1)),
        ((0, 3), (3, 0), (3, 0)),
        ((0, 4), (-1, 2), (0, 2)),
    ],
)
@pytest.mark.parametrize("batch", [0, 1, 3])
def test_reshape_keeps_the_row_major_order(batch, sample, target, result):
    x = iota(batch, *sample)
    y = Reshape(target)({}, x)
    assert y.shape == (batch, *result)
    assert list(y.flat) == list(x.flat)


@pytest.mark.parametrize("target", [(-1, -1), (-2, 6), (2, -3)])
def test_reshape_refuses_a_target_that_is_none(target):
    with pytest.raises(ValueError, match="target_shape"):
        Reshape(target)


@pytest.mark.parametrize("target", [(5,), (-1, 5), (), (3, 4, 2), (0, -1)])
def test_reshape_refuses_another_number_of_elements(target):
    with pytest.raises(ValueError, match="does not fit"):
        Reshape(target)({}, iota(2, 3, 4))


@pytest.mark.parametrize("shape", [(2,), (2, 3), (2, 3, 4), (2, 3, 4, 5), (2, 2, 2, 2), (0, 3, 2)])
def test_flatten_lists_the_channels_innermost_in_both_layouts(shape):
    x = iota(*shape)
    rows = [list(sample.flat) for sample in x] if x.ndim > 1 else [[value] for value in x]
    expected = np.array(rows, int).reshape(shape[0], math.prod(shape[1:]))
    for data_format in (None, "channels_last"):
        assert_array_equal(Flatten(data_format)({}, x), expected)
    first = swapped(x) if x.ndim > 2 else x
    assert_array_equal(Flatten("channels_first")({}, first), expected)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_repeat_vector_stacks_copies(n):
    x = iota(3, 4)
    assert_array_equal(RepeatVector(n)({}, x), np.stack([x] * n, axis=1))


@pytest.mark.parametrize("dims", [*itertools.permutations((1, 2, 3)), [2, 1, 3]])
def test_permute_moves_every_element(dims):
    x = iota(2, 3, 4, 5)
    y = Permute(dims)({}, x)
    for index in np.ndindex(y.shape):
        source = [index[0], 0, 0, 0]
        for place, axis in enumerate(dims, start=1):
            source[axis] = index[place]
        assert y[index] == x[tuple(source)]


@pytest.mark.parametrize("dims", [(1, 1), (0, 1), (1, 3), (-1, 1), (2,)])
def test_permute_refuses_what_is_no_permutation_from_1(dims):
    with pytest.raises(ValueError, match="permutation"):
        Permute(dims)


# ---- Cropping and ZeroPadding --------------------------------------------------------------------

FORMS = [
    (1, 1, [(1, 1)]),
    (1, 0, [(0, 0)]),
    (1, (2, 0), [(2, 0)]),
    (1, [0, 3], [(0, 3)]),
    (2, 1, [(1, 1), (1, 1)]),
    (2, (2, 1), [(2, 2), (1, 1)]),
    (2, [0, 1], [(0, 0), (1, 1)]),
    (2, ((0, 1), (2, 0)), [(0, 1), (2, 0)]),
    (2, [[3, 0], [0, 2]], [(3, 0), (0, 2)]),
    (3, 1, [(1, 1), (1, 1), (1, 1)]),
    (3, (0, 1, 2), [(0, 0), (1, 1), (2, 2)]),
    (3, ((0, 1), (2, 0), (1, 1)), [(0, 1), (2, 0), (1, 1)]),
]
"""(rank, argument, the ends of every axis that it means)."""


@pytest.mark.parametrize(("rank", "argument", "ends"), FORMS)
def test_cropping_keeps_what_lies_inside(rank, argument, ends):
    x = iota(2, *(5, 6, 7)[:rank], 3)
    y = CROPPINGS[rank](argument)({}, x)
    kept = [range(a, n - b) for n, (a, b) in zip(x.shape[1:-1], ends, strict=True)]
    assert_array_equal(y, x[np.ix_(range(2), *kept, range(3))])
    if rank > 1:
        y_first = CROPPINGS[rank](argument, "channels_first")({}, swapped(x))
        assert_array_equal(y_first, swapped(y))


@pytest.mark.parametrize(("rank", "argument", "ends"), FORMS)
@pytest.mark.parametrize("dtype", ["int64", "float64", "bool"])
def test_zero_padding_writes_x_into_zeros(rank, argument, ends, dtype):
    x = (iota(2, *(2, 1, 3)[:rank], 3) + 1).astype(dtype)
    y = PADDINGS[rank](argument)({}, x)
    expected = np.zeros(
        (2, *(a + n + b for n, (a, b) in zip(x.shape[1:-1], ends, strict=True)), 3), dtype
    )
    for index in np.ndindex(x.shape):
        moved = [i + a for i, (a, _) in zip(index[1:-1], ends, strict=True)]
        expected[(index[0], *moved, index[-1])] = x[index]
    assert_array_equal(y, expected)
    assert y.dtype == x.dtype
    first = PADDINGS[rank](argument, data_format="channels_first")({}, swapped(x))
    assert_array_equal(first, swapped(y))


@pytest.mark.parametrize(("rank", "argument", "ends"), FORMS)
def test_cropping_undoes_zero_padding(rank, argument, ends):
    x = iota(2, *(2, 3, 4)[:rank], 2)
    assert_array_equal(CROPPINGS[rank](argument)({}, PADDINGS[rank](argument)({}, x)), x)


def test_defaults_are_the_documented_ones():
    x = np.ones((1, 4, 4, 4, 1))
    assert Cropping1D()({}, x[..., 0, 0]).shape == (1, 2, 4)
    assert Cropping2D()({}, x[..., 0]).shape == (1, 4, 4, 4)
    assert Cropping3D()({}, x).shape == (1, 2, 2, 2, 1)
    assert ZeroPadding1D()({}, x[..., 0, 0]).shape == (1, 6, 4)
    assert ZeroPadding2D()({}, x[..., 0]).shape == (1, 6, 6, 4)
    assert ZeroPadding3D()({}, x).shape == (1, 6, 6, 6, 1)
    assert UpSampling1D()({}, x[..., 0, 0]).shape == (1, 8, 4)
    assert UpSampling2D()({}, x[..., 0]).shape == (1, 8, 8, 4)
    assert UpSampling3D()({}, x).shape == (1, 8, 8, 8, 1)


@pytest.mark.parametrize("layers", [CROPPINGS, PADDINGS], ids=["cropping", "padding"])
@pytest.mark.parametrize(
    ("rank", "argument"),
    [
        *[(rank, -1) for rank in (1, 2, 3)],
        *[(1, (1,)), (1, (1, 1, 1)), (1, ((1, 0),)), (1, (0, -1)), (1, 1.5), (1, None)],
        *[(2, (1,)), (2, (1, 2, 3)), (2, ((1,), (2,))), (2, ((0, -1), (0, 0))), (2, "ab")],
        *[(3, (1, 2)), (3, ((1, 1), (1, 1))), (3, ((1, 1), (1, 1), (1, -2))), (3, (1, 2, 3.0))],
    ],
)
def test_cropping_and_padding_refuse_other_forms(layers, rank, argument):
    with pytest.raises(ValueError, match=r"cropping=|padding="):
        layers[rank](argument)


@pytest.mark.parametrize("layer", [Cropping1D, ZeroPadding1D])
def test_the_dictionary_form_names_itself(layer):
    with pytest.raises(NotImplementedError, match="dictionary"):
        layer({"left": 1, "right": 1})


@pytest.mark.parametrize("argument", [3, (5, 0), (2, 3), (0, 9)])
def test_cropping_leaves_something(argument):
    with pytest.raises(ValueError, match="cropping"):
        Cropping1D(argument)({}, iota(2, 5, 3))


# ---- for all of them -----------------------------------------------------------------------------

CHANNELS = [
    *(Flatten, Cropping2D, Cropping3D, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D),
    *(UpSampling2D, UpSampling3D),
]


@pytest.mark.parametrize("layer", CHANNELS)
@pytest.mark.parametrize("data_format", ["channels", "", "CHANNELS_LAST"])
def test_an_unknown_data_format_is_refused(layer, data_format):
    with pytest.raises(ValueError, match="data_format"):
        layer(data_format=data_format)


@pytest.mark.parametrize("n", [0, -1, 1.5])
def test_repeat_vector_refuses_what_is_no_count(n):
    with pytest.raises(ValueError, match="positive"):
        RepeatVector(n)


@pytest.mark.parametrize(
    ("layer", "rank"),
    [
        *((layers[r](1), r + 2) for layers in (CROPPINGS, PADDINGS, UP_SAMPLINGS) for r in layers),
        (UpSampling2D(1, interpolation="bicubic"), 4),
        (RepeatVector(2), 2),
        (Permute((2, 1)), 3),
    ],
)
def test_an_input_of_another_rank_is_refused(layer, rank):
    x = np.ones((1, 4, 4, 4, 4, 4))
    layer({}, x[(0,) * (6 - rank)])
    for wrong in (rank - 1, rank + 1):
        with pytest.raises(ValueError, match="shape"):
            layer({}, x[(0,) * (6 - wrong)])


@pytest.mark.parametrize(
    "layer",
    [
        *(layers[r](1) for layers in (CROPPINGS, PADDINGS, UP_SAMPLINGS) for r in layers),
        *(Reshape((-1,)), Flatten(), RepeatVector(2), Permute((2, 1))),
    ],
)
def test_no_weights_and_no_mask(layer):
    x = np.ones((2, 3, 4))
    assert layer.weights(x.shape) == {}
    assert layer.compute_mask(x, masks=(np.ones((2, 3), bool),)) is None
