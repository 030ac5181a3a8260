"""Chapter 13, attention in heads: every option against loops over positions, heads, features."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from layerproof.reference import attachments
from layerproof.reference.layers.attending import NOTHING
from layerproof.reference.layers.group_query_attention import GroupQueryAttention
from layerproof.reference.layers.multi_head_attention import MultiHeadAttention

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


def projected(w, name, x):
    """(batch, length, heads, size) of a dense layer, by loops."""
    kernel = w[f"{name}/kernel"]
    y = np.empty((*x.shape[:2], *kernel.shape[1:]))
    for b, t, h, d in np.ndindex(y.shape):
        y[b, t, h, d] = dot(x[b, t], kernel[:, h, d])
        y[b, t, h, d] += w[f"{name}/bias"][h, d] if f"{name}/bias" in w else 0.0
    return y


def looped(w, query, value, key, allowed, *, kept=None, rate=0.0):
    """Output and weights by loops; ``allowed(b, h, t, s)``."""
    q, k, v = projected(w, "query", query), projected(w, "key", key), projected(w, "value", value)
    heads, repeats = q.shape[2], q.shape[2] // k.shape[2]
    kernel = w["attention_output/kernel"]
    y = np.zeros((*query.shape[:2], *kernel.shape[2:]))
    y += w.get("attention_output/bias", 0.0)
    a = np.zeros((len(query), heads, query.shape[1], value.shape[1]))
    gate = projected(w, "gate", query) if "gate/kernel" in w else None
    for b, h, t in np.ndindex(a.shape[:3]):
        g = h // repeats
        scores = [
            dot(q[b, t, h], k[b, s, g]) / math.sqrt(q.shape[-1]) if allowed(b, h, t, s) else None
            for s in range(value.shape[1])
        ]
        a[b, h, t] = softmax(scores)
        factors = 1.0 if kept is None else kept[b, h, t] / (1.0 - rate)
        for e in range(v.shape[-1]):
            mean = dot(a[b, h, t] * factors, v[b, :, g, e])
            if gate is not None:
                mean *= 1.0 / (1.0 + math.exp(-gate[b, t, h, e]))
            y[b, t] += mean * kernel[h, e]
    return y, a


LAYERS = {
    "heads": lambda **more: MultiHeadAttention(2, 3, **more),
    "value size": lambda **more: MultiHeadAttention(3, 2, 4, **more),
    "output shape": lambda **more: MultiHeadAttention(2, 3, output_shape=(2, 3), **more),
    "output size": lambda **more: MultiHeadAttention(1, 4, output_shape=5, **more),
    "grouped": lambda **more: GroupQueryAttention(3, 4, 2, **more),
    "one group": lambda **more: GroupQueryAttention(2, 3, 1, **more),
    "ungrouped": lambda **more: GroupQueryAttention(3, 2, 2, **more),
}
OPTIONS = [{}, {"use_bias": False}, {"use_gate": True}, {"sliding_window": 2, "use_gate": True}]


def masks_of(case, heads):
    """Call arguments, and what they allow, of a case by its name."""
    query, value, key = some(2, 4, seed=3), some(2, 5, seed=4), some(2, 5, seed=5)
    pairs = {
        "pairs": some(2, 4, 5),
        "pairs for all samples": some(4, 5),
        "pairs for all targets": some(2, 1, 5),
        "pairs by head": some(2, heads, 4, 5),
        "pairs for all heads": some(2, 1, 4, 5),
    }
    if case in pairs:
        full = pairs[case] if pairs[case].ndim != 3 else pairs[case][:, None]
        full = np.broadcast_to(full, (2, heads, 4, 5))
        return {"attention_mask": pairs[case]}, lambda b, h, t, s: full[b, h, t, s]
    return {
        "none": ({}, lambda *_: True),
        "causal": ({"use_causal_mask": True}, lambda b, h, t, s: s <= t),
        "query": ({"query_mask": query}, lambda b, h, t, s: query[b, t]),
        "value": ({"value_mask": value}, lambda b, h, t, s: value[b, s]),
        "key": ({"key_mask": key}, lambda b, h, t, s: key[b, s]),
        "all": (
            {
                "query_mask": query,
                "value_mask": value,
                "key_mask": key,
                "attention_mask": pairs["pairs"],
                "use_causal_mask": True,
            },
            lambda b, h, t, s: (
                query[b, t] and value[b, s] and key[b, s] and pairs["pairs"][b, t, s] and s <= t
            ),
        ),
    }[case]


CASES = [
    *("none", "causal", "query", "value", "key", "all", "pairs", "pairs for all samples"),
    *("pairs for all targets", "pairs by head", "pairs for all heads"),
]


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("case", CASES)
def test_every_layer_option_and_mask(kind, case):
    query, value, key = normal((2, 4, 4), (2, 5, 3), (2, 5, 6))
    for options in OPTIONS:
        layer = LAYERS[kind](**options)
        w, window = filled(layer, query, value, key), options.get("sliding_window", 9)
        call, allowed = masks_of(case, w["query/kernel"].shape[1])
        y, a = looped(
            *(w, query, value, key),
            lambda b, h, t, s: allowed(b, h, t, s) and abs(s - t) <= window - 1,  # noqa: B023
        )
        found = layer(w, query, value, key, return_attention_scores=True, **call)
        assert_allclose(found[0], y, RTOL, ATOL)
        assert_allclose(found[1], a, RTOL, ATOL)
        assert_array_equal(layer(w, query, value, key, **call), found[0])


@pytest.mark.parametrize("kind", LAYERS)
def test_the_value_is_the_key_where_none_is_given(kind):
    query, value = normal((2, 4, 4), (2, 5, 3))
    layer = LAYERS[kind]()
    w = filled(layer, query, value)
    assert layer.weights(query.shape, value.shape) == layer.weights(
        *[query.shape, value.shape, value.shape]
    )
    without = layer(w, query, value)
    assert_array_equal(without, layer(w, query, value, value))
    assert_array_equal(without, layer(w, query, value, key_mask=some(2, 5)))


def test_weights_in_order():
    layer = MultiHeadAttention(2, 3, 5, output_shape=(7, 8), use_gate=True)
    assert list(layer.weights((9, 4, 10), (9, 6, 11), (9, 6, 12)).items()) == [
        *(("query/kernel", (10, 2, 3)), ("query/bias", (2, 3))),
        *(("key/kernel", (12, 2, 3)), ("key/bias", (2, 3))),
        *(("gate/kernel", (10, 2, 5)), ("gate/bias", (2, 5))),
        *(("value/kernel", (11, 2, 5)), ("value/bias", (2, 5))),
        *(("attention_output/kernel", (2, 5, 7, 8)), ("attention_output/bias", (7, 8))),
    ]
    grouped = GroupQueryAttention(3, 4, 2, use_gate=True, use_bias=False)
    assert grouped.weights((9, 4, 10), (9, 6, 11)) == {
        "query/kernel": (10, 4, 3),
        "key/kernel": (11, 2, 3),
        "gate/kernel": (10, 4, 3),
        "value/kernel": (11, 2, 3),
        "attention_output/kernel": (4, 3, 10),
    }


@pytest.mark.parametrize(
    ("axes", "query", "value", "scores"),
    [
        (None, (2, 3, 4, 5), (2, 2, 3, 6), (2, 2, 3, 4, 2, 3)),
        ((1, 2), (2, 3, 4, 5), (2, 2, 3, 6), (2, 2, 3, 4, 2, 3)),
        ((2, 1), (2, 3, 4, 5), (2, 2, 3, 6), (2, 2, 4, 3, 3, 2)),
        ((2,), (2, 3, 4, 5), (2, 3, 6, 5), (2, 3, 2, 4, 6)),
        (-2, (2, 3, 4, 5), (2, 3, 6, 5), (2, 3, 2, 4, 6)),
        (1, (2, 3, 4, 5), (2, 6, 4, 5), (2, 4, 2, 3, 6)),
        ((2, 3), (1, 2, 3, 2, 5), (1, 2, 2, 4, 5), (1, 2, 2, 3, 2, 2, 4)),
        ((1, 3), (1, 2, 3, 2, 5), (1, 4, 3, 2, 5), (1, 3, 2, 2, 2, 4, 2)),
        ((3, 1), (1, 2, 3, 2, 5), (1, 4, 3, 2, 5), (1, 3, 2, 2, 2, 2, 4)),
    ],
)
def test_attention_axes(axes, query, value, scores):
    layer = MultiHeadAttention(2, 3, output_shape=(4, 2), attention_axes=axes, use_gate=True)
    flat = MultiHeadAttention(2, 3, output_shape=(4, 2), use_gate=True)
    query, value = normal(query, value)
    w, rank = filled(layer, query, value), query.ndim
    axes = list(range(1, rank - 1)) if axes is None else [axes] if isinstance(axes, int) else axes
    axes = [axis % rank for axis in axes]
    others = [axis for axis in range(rank - 1) if axis not in axes]
    lengths = [math.prod(x.shape[axis] for axis in axes) for x in (query, value)]

    mask = some(*scores)
    y, a = layer(w, query, value, attention_mask=mask, return_attention_scores=True)
    assert a.shape == scores
    assert y.shape == (*query.shape[:-1], 4, 2)
    for place in np.ndindex(*(query.shape[axis] for axis in others)):
        # Where the other axes are fixed there is one sequence, its positions in the order of axes.
        index = tuple(
            place[others.index(i)] if i in others else slice(None) for i in range(rank - 1)
        )
        order = [sorted(axes).index(axis) for axis in axes]
        q, v, out = (
            x[index].transpose(*order, *range(len(axes), x[index].ndim)) for x in (query, value, y)
        )
        sequences = (x.reshape(1, length, -1) for x, length in zip((q, v), lengths, strict=True))
        pairs = mask[place].reshape(1, 2, *lengths)
        y_flat, a_flat = flat(w, *sequences, attention_mask=pairs, return_attention_scores=True)
        assert_allclose(out.reshape(1, lengths[0], 4, 2), y_flat, RTOL, ATOL)
        assert_allclose(a[place].reshape(1, 2, *lengths), a_flat, RTOL, ATOL)


def test_masks_and_order_along_one_axis_of_several():
    query, value = normal((2, 3, 4, 5), (2, 3, 6, 5))
    layer, flat = MultiHeadAttention(2, 3, attention_axes=2, sliding_window=3), None
    w = filled(layer, query, value)
    query_mask, value_mask = some(2, 3, 4), some(2, 3, 6)
    y = layer(
        w, query, value, None, query_mask=query_mask, value_mask=value_mask, use_causal_mask=True
    )
    flat = MultiHeadAttention(2, 3, sliding_window=3)
    for i in range(3):
        call = {"query_mask": query_mask[:, i], "value_mask": value_mask[:, i]}
        assert_allclose(
            y[:, i], flat(w, query[:, i], value[:, i], use_causal_mask=True, **call), RTOL
        )


def test_groups_of_equal_heads_are_multi_head_attention():
    query, value = normal((2, 4, 4), (2, 5, 3))
    grouped, heads = (
        GroupQueryAttention(3, 4, 2, use_gate=True),
        MultiHeadAttention(4, 3, use_gate=True),
    )
    w = filled(grouped, query, value)
    repeated = {
        role: np.repeat(value, 2, axis=-2) if role.startswith(("key", "value")) else value
        for role, value in w.items()
    }
    assert_allclose(grouped(w, query, value), heads(repeated, query, value), RTOL, ATOL)


PROJECTED = [MultiHeadAttention(2, 3), GroupQueryAttention(3, 2, 1, use_gate=True)]


@pytest.mark.parametrize("layer", PROJECTED)
def test_a_target_that_sees_nothing(layer):
    query, value = normal((2, 3, 4), (2, 5, 4))
    w, query_mask = filled(layer, query, value), np.ones((2, 3), bool)
    query_mask[0, 1] = False
    call = {"query_mask": query_mask, "return_attention_scores": True}
    found = layer.readings(w, query, value, **call)
    assert list(found) == list(NOTHING)
    zero, uniform, unmasked, nan = (a[0, :, 1] for _, a in found.values())
    plain_y, plain_a = layer(w, query, value, return_attention_scores=True)
    assert_array_equal(zero, 0.0)
    assert_allclose(uniform, 0.2, RTOL)
    assert_allclose(unmasked, plain_a[0, :, 1], RTOL)
    assert np.isnan(nan).all()
    own = layer(w, query, value, **call)
    assert_allclose(own[0][0, 1], w["attention_output/bias"], RTOL)
    for y, _ in found.values():
        assert_array_equal(y[query_mask], own[0][query_mask])
    assert_allclose(found["nothing to attend to: as if unmasked"][0], plain_y, RTOL, ATOL)
    assert list(layer.readings(w, query, value, query_mask=query_mask)) == list(NOTHING)
    assert len(layer.readings(w, query, value, value_mask=some(2, 5))) == 1


@pytest.mark.parametrize("kind", ["heads", "grouped"])
def test_dropout_of_projected_attention(kind):
    query, value = normal((2, 4, 4), (2, 5, 3))
    layer = LAYERS[kind](dropout=0.75)
    w = filled(layer, query, value)
    kept = some(2, w["query/kernel"].shape[1], 4, 5)
    call = {"training": True, "dropout_mask": kept, "return_attention_scores": True}
    y, _ = looped(w, query, value, value, lambda *_: True, kept=kept, rate=0.75)
    found = layer(w, query, value, **call)
    plain = layer(w, query, value, return_attention_scores=True)
    assert_allclose(found[0], y, RTOL, ATOL)
    assert_array_equal(found[1], plain[1])
    after = layer.readings(w, query, value, **call)["A after dropout"]
    assert_array_equal(after[0], found[0])
    assert_allclose(after[1], plain[1] * kept * 4.0, RTOL)
    for same in ({"dropout_mask": kept}, {"training": True}):
        assert_array_equal(layer(w, query, value, **same), plain[0])
    all_dropped = LAYERS[kind](dropout=1.0)(w, query, value, **call)[0]
    assert_allclose(all_dropped, np.zeros_like(y) + w["attention_output/bias"], RTOL)


def test_activity_is_that_of_every_dense_layer():
    query, value, key = normal((2, 4, 4), (2, 5, 3), (2, 5, 6))
    for layer in (MultiHeadAttention(2, 3, use_gate=True), GroupQueryAttention(3, 4, 2)):
        w = filled(layer, query, value, key)
        call = {"value_mask": some(2, 5), "return_attention_scores": True}
        *made, y = layer.activities(w, query, value, key, **call)
        expected = [projected(w, "query", query), projected(w, "key", key)]
        if layer.use_gate:
            expected.append(1.0 / (1.0 + np.exp(-projected(w, "gate", query))))
        expected.append(projected(w, "value", value))
        for one, other in zip(made, expected, strict=True):
            assert_allclose(one, other, RTOL, ATOL)
        assert_array_equal(y, layer(w, query, value, key, **call)[0])


@pytest.mark.parametrize("layer", PROJECTED)
def test_the_mask_of_the_output_is_that_of_the_query(layer):
    masks = some(2, 3), some(2, 5)
    inputs = normal((2, 3, 4), (2, 5, 4))
    assert layer.compute_mask(*inputs, masks=masks) is masks[0]
    assert list(layer.mask_readings(*inputs, masks=masks).values()) == [masks[0], None]


def test_every_weight_is_governed_by_the_arguments_of_the_layer():
    query, value = normal((2, 3, 4), (2, 5, 4))
    options = {"use_gate": True, "kernel_regularizer": "l2", "bias_constraint": "non_neg"}
    for kind in ("heads", "grouped"):
        layer = LAYERS[kind](bias_initializer="ones", **options)
        w = filled(layer, query, value)
        expected = [0.01 * (v**2).sum() for role, v in w.items() if role.endswith("kernel")]
        assert_allclose(attachments.weight_losses(layer, w), expected, RTOL)
        for role, constrained in attachments.constrain(layer, w).items():
            bias = role.endswith("bias")
            assert_array_equal(constrained, np.maximum(w[role], 0.0) if bias else w[role])
            wanted = "Ones" if bias else "GlorotUniform"
            assert type(attachments.initializer_of(layer, role)).__name__ == wanted


# ---- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [LAYERS["heads"], LAYERS["grouped"]], ids=["heads", "grouped"])
@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_dropout_is_a_fraction(make, rate):
    with pytest.raises(ValueError, match="dropout"):
        make(dropout=rate)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        *(((0, 2), "num_heads"), ((-1, 2), "num_heads"), ((1.5, 2), "num_heads")),
        *(((2, 0), "key_dim"), ((2, 2, 0), "value_dim"), ((2, 2, -1), "value_dim")),
    ],
)
def test_multi_head_attention_refuses_sizes(arguments, name):
    with pytest.raises(ValueError, match=name):
        MultiHeadAttention(*arguments)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        *(((0, 4, 2), "head_dim"), ((2, 0, 2), "num_query_heads")),
        *(((2, 4, 0), "num_key_value_heads"), ((2, 4, 3), "multiple"), ((2, 2, 4), "multiple")),
    ],
)
def test_group_query_attention_refuses_sizes(arguments, name):
    with pytest.raises(ValueError, match=name):
        GroupQueryAttention(*arguments)


@pytest.mark.parametrize("make", [LAYERS["heads"], LAYERS["grouped"]])
@pytest.mark.parametrize("window", [0, -1, 1.5, True])
def test_a_window_is_a_positive_int(make, window):
    with pytest.raises(ValueError, match="sliding_window"):
        make(sliding_window=window)
    with pytest.raises(NotImplementedError, match=r"^flash_attention\b"):
        make(flash_attention=True)


@pytest.mark.parametrize(
    ("layer", "shapes", "message"),
    [
        (PROJECTED[0], [(2, 3, 4), (2, 5, 4), (2, 3, 4)], "differ"),
        (PROJECTED[0], [(3, 4), (5, 4)], "rank"),
        (PROJECTED[0], [(2, 3, 4), (2, 3, 5, 4)], "rank"),
        (PROJECTED[1], [(2, 3, 5, 4), (2, 3, 5, 4)], "rank"),
        (PROJECTED[0], [(2, 3, 4), (3, 5, 4)], "differ"),
        (MultiHeadAttention(2, 3, attention_axes=3), [(2, 3, 4), (2, 5, 4)], "axis"),
        (MultiHeadAttention(2, 3, attention_axes=0), [(2, 3, 4), (2, 5, 4)], "axes"),
        (MultiHeadAttention(2, 3, attention_axes=-1), [(2, 3, 4), (2, 5, 4)], "axes"),
        (MultiHeadAttention(2, 3, attention_axes=(1, -2)), [(2, 3, 4), (2, 5, 4)], "twice"),
        (MultiHeadAttention(2, 3, attention_axes=()), [(2, 3, 4), (2, 5, 4)], "axes"),
        (MultiHeadAttention(2, 3, attention_axes=2), [(2, 3, 4, 5), (2, 2, 4, 5)], "differ"),
    ],
)
def test_projected_attention_refuses_shapes_that_do_not_fit(layer, shapes, message):
    with pytest.raises(ValueError, match=message):
        layer.weights(*shapes)


def test_an_attention_mask_has_targets_and_sources():
    query, value = normal((2, 3, 4), (2, 5, 4))
    w = filled(PROJECTED[0], query, value)
    with pytest.raises(ValueError, match="attention_mask"):
        PROJECTED[0](w, query, value, attention_mask=np.ones(5, bool))
    with pytest.raises(ValueError, match=r"broadcast|remapped"):
        PROJECTED[0](w, query, value, attention_mask=np.ones((2, 4, 5), bool))
