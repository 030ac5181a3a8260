"""Activation, Embedding, Masking, Lambda and Identity against loops and one-hot products."""

import numpy as np
import pytest

from layerproof.reference.layers import Activation, Embedding, Identity, Lambda, Masking


def random(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def test_activation_by_name_and_callable() -> None:
    x = random(10, 3, 4)
    np.testing.assert_array_equal(Activation("relu")({}, x), [[max(v, 0.0) for v in r] for r in x])
    np.testing.assert_array_equal(Activation(np.sinh)({}, x), np.sinh(x))
    np.testing.assert_array_equal(Activation(None)({}, x), x)


@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 0), (2, 3, 2)])
def test_embedding_is_a_product_with_one_hot_rows(shape: tuple[int, ...]) -> None:
    x = (np.arange(np.prod(shape)) % 5)[::-1].reshape(shape).astype(int)
    layer = Embedding(5, 3)
    w = {"embeddings": random(12, 5, 3)}
    assert layer.weights(shape) == {"embeddings": (5, 3)}
    one_hot = (x[..., None] == np.arange(5)).astype(float)
    np.testing.assert_array_equal(layer(w, x), one_hot @ w["embeddings"])
    assert layer.compute_mask(x, masks=(None,)) is None
    mask = Embedding(5, 3, mask_zero=True).compute_mask(x, masks=(None,))
    assert mask.tolist() == np.where(x == 0, False, True).tolist()


@pytest.mark.parametrize("index", [-1, 5])
def test_embedding_refuses_other_indices(index: int) -> None:
    with pytest.raises(ValueError, match="outside 0 … 4"):
        Embedding(5, 3)({"embeddings": np.ones((5, 3))}, np.array([[0, index]]))


def test_embedding_wants_weights_of_its_shape() -> None:
    with pytest.raises(ValueError, match=r"\(3, 5\)"):
        Embedding(5, 3, weights=np.ones((3, 5)))


@pytest.mark.parametrize("mask_value", [0.0, -1.0, 2])
@pytest.mark.parametrize("dtype", [float, int])
def test_masking_by_loops(mask_value: float, dtype: type) -> None:
    x = np.random.default_rng(13).integers(-1, 3, (6, 9, 2)).astype(dtype)
    x[::2, ::3] = mask_value
    layer = Masking(mask_value)
    used = [[any(v != mask_value for v in step) for step in sample] for sample in x.tolist()]
    y = [
        [v if u else [0, 0] for v, u in zip(*pair, strict=True)]
        for pair in zip(x.tolist(), used, strict=True)
    ]
    assert 0 < sum(map(sum, used)) < 54  # steps of both kinds are there
    assert layer.compute_mask(x, masks=(None,)).tolist() == used
    assert layer({}, x).tolist() == y
    assert layer({}, x).dtype == x.dtype
    readings = layer.readings({}, x)
    assert readings["masked steps 0"].tolist() == y
    assert readings["masked steps unchanged"] is x


def test_masking_where_the_documentation_is_silent() -> None:
    layer, x = Masking(), np.zeros((2, 3, 4, 5))
    x[0, 1, 2, 3] = 1.0
    masks = layer.mask_readings(x, masks=(None,))
    assert {name: (m.shape, m.sum()) for name, m in masks.items()} == {
        "last axis": ((2, 3, 4), 1),
        "all axes of a step": ((2, 3), 1),
    }
    carried = np.array([[True, False]])
    both = layer.mask_readings(np.ones((1, 2, 3)), masks=(carried,))
    assert list(both) == ["last axis", "both masks"]
    assert both["both masks"].tolist() == [[True, False]]


def test_masking_uses_steps_with_nan() -> None:
    x = np.array([[[np.nan, 0.0], [0.0, 0.0], [np.inf, np.inf]]])
    assert Masking().compute_mask(x, masks=(None,)).tolist() == [[True, False, True]]
    assert Masking(np.inf).compute_mask(x, masks=(None,)).tolist() == [[True, True, False]]
    assert Masking(np.nan).compute_mask(x, masks=(None,)).all()
    np.testing.assert_array_equal(Masking(np.inf)({}, x)[0, 2], [0.0, 0.0])


def test_lambda() -> None:
    x, kept = random(14, 2, 3), np.array([[True, False, True]])
    shifted = Lambda(lambda x, scale=1.0, shift=0.0: x * scale + shift, arguments={"shift": 2.0})
    np.testing.assert_array_equal(shifted({}, x), x + 2.0)
    assert Lambda(abs).compute_mask(x, masks=(kept,)) is None
    assert Lambda(abs, mask=kept).compute_mask(x, masks=(None,)) is kept
    keep = Lambda(abs, mask=lambda x, mask=None: mask)
    assert keep.compute_mask(x, masks=(kept,)) is kept
    positive = Lambda(abs, mask=lambda x, mask=None: x > 0)
    np.testing.assert_array_equal(positive.compute_mask(x, masks=(kept,)), x > 0)


def test_lambda_output_shapes() -> None:
    total = lambda x: x.sum(-1)  # noqa: E731
    assert Lambda(total).compute_output_shape((2, 3, 4)) == (2, 3)
    assert Lambda(total, output_shape=(3,)).compute_output_shape((None, 3, 4)) == (None, 3)
    assert Lambda(total, output_shape=()).compute_output_shape((7, 4)) == (7,)
    assert Lambda(total, output_shape=lambda s: s[:-1]).compute_output_shape((None, 3)) == (None,)


def test_identity() -> None:
    for x in (random(15, 2, 3), np.array(["a"]), np.zeros((0, 2), bool)):
        assert Identity()({}, x) is x
    assert Identity().weights((2, 3)) == {}
