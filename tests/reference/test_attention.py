"""Chapter 13, Attention and AdditiveAttention: every option against loops over positions."""

import itertools
import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from layerproof.reference.layers.additive_attention import AdditiveAttention
from layerproof.reference.layers.attending import NOTHING
from layerproof.reference.layers.attention import Attention
from layerproof.reference.layers.query_value_attention import LOWERED

RTOL, ATOL = 1e-12, 1e-13


def filled(layer, *inputs, seed=0):
    """Weights of the layer for these inputs, no two alike."""
    rng = np.random.default_rng(seed)
    shapes = layer.weights(*(x.shape for x in inputs)).items()
    return {role: rng.normal(size=shape) for role, shape in shapes}


def normal(*shapes, seed=1):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def some(*shape, seed=2):
    """A mask in which every row keeps its first position and about half of the others."""
    mask = np.random.default_rng(seed).random(shape) < 0.5
    mask[..., 0] = True
    return mask


def softmax(scores):
    """Of a list, where None is a score that is left out."""
    top = max((z for z in scores if z is not None), default=0.0)
    parts = [0.0 if z is None else math.exp(z - top) for z in scores]
    return [part / (math.fsum(parts) or 1.0) for part in parts]


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def attended(score, value, targets, allowed):
    """The weights and means by loops; ``score(b, t, s)`` and ``allowed(b, t, s)`` are numbers."""
    batch, sources = value.shape[:2]
    a = np.zeros((batch, targets, sources))
    for b, t in np.ndindex(batch, targets):
        a[b, t] = softmax([score(b, t, s) if allowed(b, t, s) else None for s in range(sources)])
    y = np.zeros((batch, targets, value.shape[-1]))
    for b, t, e in np.ndindex(y.shape):
        y[b, t, e] = dot(a[b, t], value[b, :, e])
    return y, a


SCORES = {
    "dot": (
        Attention(),
        lambda w, q, k: dot(q, k),
    ),
    "scaled dot": (
        Attention(use_scale=True),
        lambda w, q, k: w["scale"] * dot(q, k),
    ),
    "concat": (
        Attention(score_mode="concat"),
        lambda w, q, k: w["concat_score_weight"] * math.fsum(map(math.tanh, q + k)),
    ),
    "scaled concat": (
        Attention(True, "concat"),
        lambda w, q, k: w["concat_score_weight"] * sum(map(math.tanh, w["scale"] * (q + k))),
    ),
    "additive": (
        AdditiveAttention(),
        lambda w, q, k: dot(w["scale"], map(math.tanh, q + k)),
    ),
    "plain additive": (
        AdditiveAttention(use_scale=False),
        lambda w, q, k: math.fsum(map(math.tanh, q + k)),
    ),
}


@pytest.mark.parametrize("kind", SCORES)
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("has_key", [False, True])
def test_every_score_and_mask(kind, causal, has_key):
    layer, score = SCORES[kind]
    query, value, key = normal((2, 4, 3), (2, 5, 3), (2, 5, 3))
    key = key if has_key else value
    inputs = (query, value, key) if has_key else (query, value)
    w = filled(layer, *inputs)
    for query_mask, value_mask in itertools.product((None, some(2, 4)), (None, some(2, 5))):
        y, a = attended(
            lambda b, t, s: score(w, query[b, t], key[b, s]),
            value,
            4,
            lambda b, t, s: (s <= t or not causal) and (value_mask is None or value_mask[b, s]),  # noqa: B023
        )
        if query_mask is not None:
            y[~query_mask] = 0.0
        call = {"mask": [query_mask, value_mask], "use_causal_mask": causal}
        found = layer(w, *inputs, return_attention_scores=True, **call)
        assert_allclose(found[0], y, RTOL, ATOL)
        assert_allclose(found[1], a, RTOL, ATOL)
        assert_array_equal(layer(w, *inputs, **call), found[0])


def test_values_may_have_another_size_than_keys():
    query, value, key = normal((2, 4, 3), (2, 5, 6), (2, 5, 3))
    for layer in (Attention(), AdditiveAttention()):
        assert layer(filled(layer, query, value, key), query, value, key).shape == (2, 4, 6)


def test_the_other_formulas_of_concat():
    query, value = normal((1, 2, 3), (1, 4, 3))
    layer = Attention(True, "concat")
    w = filled(layer, query, value)
    found = layer.readings(w, query, value, return_attention_scores=True)
    formulas = {
        "scale · tanh(query + key)": lambda q, k: sum(map(math.tanh, q + k)),
        "tanh of both vectors": lambda q, k: sum(map(math.tanh, [*q, *k])),
    }
    for name, formula in formulas.items():
        c = w["scale"] * w["concat_score_weight"]
        y, a = attended(
            lambda b, t, s: c * formula(query[b, t], value[b, s]),  # noqa: B023
            *(value, 2, lambda *_: True),
        )
        assert_allclose(found[name][0], y, RTOL)
        assert_allclose(found[name][1], a, RTOL)
    assert len(found) == 3
    assert len(Attention(score_mode="concat").readings(w, query, value)) == 2
    assert len(Attention().readings(w, query, value)) == 1


def test_nothing_to_attend_to_in_attention():
    query, value = normal((2, 3, 4), (2, 3, 4))
    value_mask = np.array([[False, True, True], [True, True, True]])
    call = {"mask": [None, value_mask], "use_causal_mask": True, "return_attention_scores": True}
    found = Attention().readings({}, query, value, **call)
    assert list(found) == [*NOTHING, *LOWERED]
    zero, uniform, unmasked, nan, lowered = (a[0, 0] for _, a in found.values())
    scores = [dot(query[0, 0], value[0, s]) for s in range(3)]
    assert_array_equal(zero, 0.0)
    assert_allclose(uniform, 1 / 3, RTOL)
    assert_allclose(unmasked, softmax(scores), RTOL)
    assert np.isnan(nan).all()
    assert_allclose(lowered, softmax(scores), 1e-6)
    own = Attention()({}, query, value, **call)
    for y, a in found.values():
        assert_array_equal(a.reshape(6, 3)[1:], own[1].reshape(6, 3)[1:])
        assert_array_equal(y.reshape(6, 4)[1:], own[0].reshape(6, 4)[1:])
    assert_array_equal(own[0][0, 0], 0.0)


def test_masks_of_attention():
    query, value = normal((2, 3, 4), (2, 5, 4))
    layer, here = Attention(), some(2, 3)
    assert layer.compute_mask(query, value, masks=(here, None)) is here
    assert list(layer.mask_readings(query, value, masks=(here, None)).values()) == [here, None]
    three = layer({}, query, value, value, mask=[here, some(2, 5), np.zeros((2, 5), bool)])
    assert_array_equal(three, layer({}, query, value, mask=[here, some(2, 5)]))
    with pytest.raises(ValueError, match="mask"):
        layer({}, query, value, mask=[here])


@pytest.mark.parametrize("layer", [Attention(dropout=0.25), AdditiveAttention(False, 0.25)])
def test_dropout_of_attention(layer):
    query, value = normal((2, 3, 4), (2, 5, 4))
    kept, mask = some(2, 3, 5, seed=7), [some(2, 3), None]
    call = {"mask": mask, "return_attention_scores": True}
    plain = layer({}, query, value, **call)
    dropped = layer({}, query, value, training=True, dropout_mask=kept, **call)
    expected = (plain[1] * kept / 0.75) @ value
    assert_allclose(dropped[0], np.where(mask[0][..., None], expected, 0.0), RTOL, ATOL)
    assert_array_equal(dropped[1], plain[1])
    for same in ({"dropout_mask": kept}, {"training": True}, {"training": False}):
        assert_array_equal(layer({}, query, value, **same, **call)[0], plain[0])
    found = layer.readings({}, query, value, training=True, dropout_mask=kept, **call)
    assert_allclose(found["A after dropout"][1], plain[1] * kept / 0.75, RTOL)
    everything = type(layer)(use_scale=False, dropout=1.0)
    assert_array_equal(everything({}, query, value, training=True, dropout_mask=~kept & kept), 0.0)


# ---- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [Attention, AdditiveAttention], ids=repr)
@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_dropout_is_a_fraction(make, rate):
    with pytest.raises(ValueError, match="dropout"):
        make(dropout=rate)


def test_attention_refuses_another_mode():
    with pytest.raises(ValueError, match="score_mode"):
        Attention(score_mode="cat")


@pytest.mark.parametrize("layer", [Attention(), AdditiveAttention(use_scale=False)])
@pytest.mark.parametrize(
    "shapes",
    [[(2, 3, 4), (2, 5, 1)], [(2, 3, 4), (2, 5, 4), (2, 3, 4)], [(2, 3, 4), (2, 5, 4), (2, 5, 1)]],
)
def test_attention_refuses_shapes_that_do_not_fit(layer, shapes):
    with pytest.raises(ValueError, match="differ"):
        layer.weights(*shapes)
    with pytest.raises(ValueError, match="differ"):
        layer({}, *normal(*shapes))
