"""Embedding: how to draw a case, and its own laws."""

import msgspec
from hypothesis import strategies as st

from layerproof.conformance.draw import (
    SEEDS,
    arguments,
    constraints,
    families,
    floats,
    initializers,
    integers,
    layer_case,
    masks,
    regularizers,
    shapes,
    sizes,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT

ITEM = "layers.Embedding"

OPTIONAL = {
    "embeddings_initializer": initializers(),
    "embeddings_regularizer": regularizers(),
    "embeddings_constraint": constraints(),
    "mask_zero": st.booleans(),
}

INTEGERS = st.sampled_from(["int32", "int32", "int64", "uint8"])


@st.composite
def cases(draw, dtype):
    """Indices 0 and input_dim - 1 included; tables of all families; now and then no index."""
    shape = draw(shapes(2, 2, largest=64) if draw(st.integers(0, 3)) else shapes(1, 3, largest=64))
    shape = (0, *shape[1:]) if draw(st.integers(0, 11)) == 11 else shape
    table = draw(sizes(1, 6)), draw(sizes())
    family = draw(families())
    values = floats(family, table, dtype, draw(SEEDS))
    config = dict(zip(("input_dim", "output_dim"), table, strict=True)) | draw(arguments(OPTIONAL))
    if draw(st.integers(0, 4)) == 4:
        config["weights"] = floats("normal", table, dtype, draw(SEEDS))
    x = integers(0, table[0] - 1, shape, draw(INTEGERS), draw(SEEDS))
    mask = draw(masks(shape[:2])) if draw(st.integers(0, 3)) == 3 else None
    case = draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[mask]))
    return msgspec.structs.replace(case, weights={"embeddings": values})


@st.composite
def invalid(draw, dtype):
    """Initial values of another shape than the table."""
    shape = draw(st.sampled_from([(3, 2), (2,), (2, 3, 1), (1, 3)]))
    config = {"input_dim": 2, "output_dim": 3, "weights": floats("normal", shape, dtype, 1)}
    x = integers(0, 1, draw(shapes(2, 2)), "int32", draw(SEEDS))
    return draw(layer_case(ITEM, config, [x], dtype))


test_embedding = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(BATCH_INDEPENDENT,),
    without={"gain": "moves values without rounding"},
)
