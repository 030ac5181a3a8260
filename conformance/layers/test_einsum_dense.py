"""EinsumDense: how to draw a case, and its own laws."""

from hypothesis import strategies as st

from layerproof.conformance.activated import formulas
from layerproof.conformance.draw import (
    SEEDS,
    activations,
    arguments,
    constraints,
    families,
    floats,
    initializers,
    layer_case,
    masks,
    regularizers,
)
from layerproof.conformance.kinks import of_activation
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT

ITEM = "layers.EinsumDense"

# (equation, input axes, output_shape, bias_axes): n is left open as None now and then, by "?".
EQUATIONS = (
    ("ab,bc->ac", "bn", ["c"], ["c"]),
    ("abc,cd->abd", "btn", ["t?", "d"], ["d", "bd", "b"]),
    ("...x,xy->...y", "bn", ["d"], ["y"]),
    ("...x,xy->...y", "btn", ["d"], ["y"]),
    ("...x,xy->...y", "bstn", ["d"], ["y"]),
    ("ab...,bc->ac...", "bn", ["c"], ["c"]),
    ("ab...,bc->ac...", "bnt", ["c"], ["c"]),
    ("ab...,bc->ac...", "bnts", ["c"], ["c"]),
    ("abc,cde->abde", "btn", ["t?", "d", "c"], ["de", "e", "d", "ed"]),
    ("abcd,cde->abe", "bstn", ["s?", "d"], ["e", "be"]),
    ("abc,bd->adc", "btn", ["d", "n?"], ["d", "dc", "c"]),
    ("abc,cd->adb", "btn", ["d", "t?"], ["d", "b"]),
    ("ab,b->ab", "bn", ["n?"], ["b"]),
)

OPTIONAL = {
    "activation": activations(),
    "kernel_initializer": initializers(),
    "bias_initializer": initializers(),
    "kernel_regularizer": regularizers(),
    "bias_regularizer": regularizers(),
    "kernel_constraint": constraints(),
    "bias_constraint": st.just("non_neg"),
}


@st.composite
def cases(draw, dtype):
    equation, axes, output, biases = draw(st.sampled_from(EQUATIONS))
    sizes = draw(_sizes())
    out = [None if n.endswith("?") and draw(st.booleans()) else sizes[n[0]] for n in output]
    config = {"equation": equation, "output_shape": out}
    if len(out) == 1 and out[0] is not None and draw(st.booleans()):
        config["output_shape"] = out[0]
    if draw(st.booleans()):
        config["bias_axes"] = draw(st.sampled_from(biases))
    config |= draw(arguments(OPTIONAL))
    family = draw(families())
    x = floats(family, tuple(sizes[n] for n in axes), dtype, draw(SEEDS))
    mask = draw(masks(x.shape[:-1])) if draw(st.integers(0, 2)) == 2 else None
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[mask]))


@st.composite
def _sizes(draw):
    """Sizes of a batch b, further axes s and t, features n, new axes d and c; often all equal."""
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return dict.fromkeys("bstndc", 3)
    if kind == 1:
        return {"b": 1, "s": 3, "t": 1, "n": 2, "d": 4, "c": 1}
    if kind > 2:
        return {"b": 16, "s": 4, "t": 8, "n": 4, "d": 8, "c": 4}
    return {"b": 2, "s": 3, "t": 4, "n": 3, "d": 2, "c": 5}


REFUSED = (
    ({"equation": "ab->b", "output_shape": 3}, (2, 3)),
    ({"equation": "ab,bc", "output_shape": 3}, (2, 3)),
    ({"equation": "ab...,bc->...ac", "output_shape": 3}, (2, 3)),
    ({"equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "z"}, (2, 3)),
    ({"equation": "ab,bc->ac", "output_shape": 3, "activation": "no_such_activation"}, (2, 3)),
    ({"equation": "abc,cd->abd", "output_shape": [5, 3]}, (2, 4, 3)),
    ({"equation": "abc,cd->abd", "output_shape": [None, 3]}, (2, 3)),
    ({"equation": "abc,cd->abd", "output_shape": 3}, (2, 4, 3)),
)


@st.composite
def invalid(draw, dtype):
    config, shape = draw(st.sampled_from(REFUSED))
    x = floats("normal", shape, dtype, draw(SEEDS))
    return draw(layer_case(ITEM, config, [x], dtype))


test_einsum_dense = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    kinks=of_activation,
    alternates=formulas,
    laws=(BATCH_INDEPENDENT,),
)
