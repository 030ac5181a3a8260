"""Dense: how to draw a case, and its own laws."""

from hypothesis import strategies as st

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
    x_shape = draw(shapes(2, 4, largest=512))
    equal = draw(st.booleans())
    config = {"units": x_shape[-1] if equal and x_shape[-1] < 16 else draw(sizes())}
    config |= draw(arguments(OPTIONAL))
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


test_dense = every_property(
    ITEM, cases, invalid=invalid, exact=True, kinks=of_activation, laws=(BATCH_INDEPENDENT,)
)
