"""MultiHeadAttention: how to draw a case; sizes of heads, several attention axes, masks."""

from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, arguments, floats, layer_case, sizes
from layerproof.conformance.draw.attention import (
    CARRIED,
    OF_ATTENTION,
    dropout,
    inputs,
    projected_call,
    query_shape,
    source,
    tame,
)
from layerproof.conformance.spec import every_property

ITEM = "layers.MultiHeadAttention"

OPTIONAL = CARRIED | {
    "value_dim": sizes(),
    "use_bias": st.booleans(),
    "output_shape": st.sampled_from([3, (2,), (2, 3), 1]),
    "use_gate": st.booleans(),
    "seed": st.just(7),
}

IMAGES = (
    ((2, 3, 2, 3), (2, 3, 2, 3), None),
    ((2, 2, 3, 2), (2, 2, 3, 2), (1, 2)),
    ((2, 3, 2, 4), (2, 1, 2, 4), (1,)),
    ((1, 2, 3, 2), (1, 2, 4, 2), 2),
    ((2, 2, 2, 2), (2, 2, 2, 2), (-2,)),
    ((2, 3, 2, 2), (2, 3, 2, 3), (2, 1)),
)
"""Shapes of query and value, attention_axes."""


@st.composite
def sequences(draw, dtype):
    """(arguments, inputs, family, masks carried, arguments of the call), for inputs of rank 3."""
    query = draw(query_shape())
    features = st.sampled_from([query[2], query[2], 3])
    length = draw(source(query))
    shapes = [(query[0], length, draw(features)) for _ in range(draw(st.integers(1, 2)))]
    config = draw(arguments({"attention_axes": st.sampled_from([(1,), 1, -2])}))
    if draw(st.integers(0, 2)) == 2:
        config["sliding_window"] = draw(sizes())
    family, arrays = draw(inputs((query, *shapes), dtype))
    carried, call = draw(projected_call((query, *shapes)))
    return config, arrays, family, carried, call


@st.composite
def images(draw, dtype):
    """The same for inputs of rank 4, without what is documented for rank 3 only."""
    query, value, axes = draw(st.sampled_from(IMAGES))
    config = {} if axes is None else {"attention_axes": axes}
    family, arrays = draw(inputs((query, value), dtype))
    return config, arrays, family, None, draw(arguments({"return_attention_scores": st.just(True)}))


@st.composite
def cases(draw, dtype):
    """Sizes of heads equal to other dimensions in half of the cases."""
    few = draw(st.integers(0, 3)) < 3
    own, arrays, family, carried, call = draw(sequences(dtype) if few else images(dtype))
    small = [n for n in arrays[0].shape[1:] if n < 5]
    heads = st.sampled_from(small) if small and draw(st.booleans()) else sizes(1, 3)
    config = {"num_heads": draw(heads), "key_dim": draw(heads)}
    rate, mode = draw(dropout({"training": False}))
    config |= own | rate | draw(arguments(OPTIONAL))
    made = layer_case(ITEM, config, arrays, dtype, family=family, masks=carried, call=call | mode)
    return tame(draw(made))


@st.composite
def invalid(draw, dtype):
    """Numbers that must be positive, and are not."""
    wrong = [{"sliding_window": 0}, {"sliding_window": -1}, {"num_heads": 0}, {"key_dim": 0}]
    config = {"num_heads": 2, "key_dim": 2} | draw(st.sampled_from(wrong))
    x = floats("normal", (2, 3, 4), dtype, draw(SEEDS))
    return draw(layer_case(ITEM, config, [x, x], dtype))


test_multi_head_attention = every_property(ITEM, cases, invalid=invalid, **OF_ATTENTION)
