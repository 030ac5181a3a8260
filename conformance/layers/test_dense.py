"""Dense: how to draw a case, and its own laws."""

from hypothesis import strategies as st

from layerproof.adapters.protocol import Case, Step
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
    shapes,
    sizes,
)
from layerproof.conformance.kinks import of_activation
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT

ITEM = "layers.Dense"

LARGE = st.sampled_from([(128, 8), (8, 16, 8), (4, 4, 8, 8), (0, 3)])
"""As many outputs as pooled statistics need; and a batch of nothing."""

OPTIONAL = {
    "activation": activations(),
    "use_bias": st.booleans(),
    "kernel_initializer": initializers(),
    "bias_initializer": initializers(),
    "kernel_regularizer": regularizers(),
    "bias_regularizer": regularizers(),
    "activity_regularizer": regularizers(),
    "kernel_constraint": constraints(),
    "bias_constraint": st.just("non_neg"),
}


@st.composite
def cases(draw, dtype):
    large = draw(st.integers(0, 2)) == 2
    x_shape = draw(LARGE if large else shapes(2, 4, largest=64))
    equal = large or draw(st.booleans())
    config = {"units": x_shape[-1] if equal and x_shape[-1] < 16 else draw(sizes())}
    config |= draw(arguments(OPTIONAL))
    if x_shape[0] == 0:  # its penalty would be divided by the batch size
        config.pop("activity_regularizer", None)
    family = draw(families())
    x = floats(family, x_shape, dtype, draw(SEEDS))
    mask = draw(st.none() | masks(x_shape[:-1]))
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[mask]))


@st.composite
def invalid(draw, dtype):
    config = {"units": draw(st.sampled_from([0, -1])) if draw(st.booleans()) else 2}
    shape = (3,) if config["units"] == 2 else (2, 3)
    x = floats("normal", shape, dtype, draw(SEEDS))
    return draw(layer_case(ITEM, config, [x], dtype))


def documented_name(dtype):
    """``kernel_regularizer="l1_l2"`` as the documentation of L1L2 writes it."""
    x, w = (floats("small_integers", shape, dtype, 1) for shape in ((2, 3), (3, 2)))
    config = {"units": 2, "use_bias": False, "kernel_regularizer": "l1_l2"}
    steps = (Step("build", (x,), (None,)), Step("call", (x,), (None,)))
    return Case(ITEM, config, {"kernel": w}, steps, dtype, family="small_integers")


test_dense = every_property(
    ITEM,
    cases,
    invalid=invalid,
    examples=(documented_name,),
    exact=True,
    kinks=of_activation,
    alternates=formulas,
    laws=(BATCH_INDEPENDENT,),
)
