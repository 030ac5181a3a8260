"""GroupQueryAttention: how to draw a case; groups of one head, of some, of all; masks."""

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

ITEM = "layers.GroupQueryAttention"

OPTIONAL = CARRIED | {
    "use_bias": st.booleans(),
    "use_gate": st.booleans(),
    "seed": st.just(7),
}

HEADS = st.sampled_from([(2, 1), (4, 2), (2, 2), (3, 1), (1, 1), (6, 3)])
"""(query heads, key and value heads)"""


@st.composite
def cases(draw, dtype):
    query = draw(query_shape())
    shape = (query[0], draw(source(query)), query[2])
    shapes = (query, *[shape] * draw(st.integers(1, 2)))
    heads, groups = draw(HEADS)
    config = {
        "head_dim": query[2] if draw(st.booleans()) else draw(sizes()),
        "num_query_heads": heads,
        "num_key_value_heads": groups,
    }
    if draw(st.integers(0, 2)) == 2:
        config["sliding_window"] = draw(sizes())
    rate, mode = draw(dropout({"training": False}))
    config |= rate | draw(arguments(OPTIONAL))
    family, arrays = draw(inputs(shapes, dtype))
    carried, call = draw(projected_call(shapes))
    made = layer_case(ITEM, config, arrays, dtype, family=family, masks=carried, call=call | mode)
    return tame(draw(made))


@st.composite
def invalid(draw, dtype):
    """Heads that cannot be grouped, and numbers that must be positive."""
    wrong = [
        *({"num_query_heads": 3}, {"num_key_value_heads": 3}),
        *({"sliding_window": 0}, {"sliding_window": -1}),
    ]
    config = {"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2}
    x = floats("normal", (2, 3, 4), dtype, draw(SEEDS))
    return draw(layer_case(ITEM, config | draw(st.sampled_from(wrong)), [x, x], dtype))


test_group_query_attention = every_property(ITEM, cases, invalid=invalid, **OF_ATTENTION)
