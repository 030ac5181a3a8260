"""PReLU: how to draw a case; its shared axes."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw import (
    SEEDS,
    arguments,
    constraints,
    floats,
    initializers,
    layer_case,
    masks,
    regularizers,
)
from layerproof.conformance.draw.nonlinear import many_shapes, subnormals_kept, values
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT

ITEM = "layers.PReLU"

OPTIONAL = {
    "alpha_initializer": initializers(),
    "alpha_regularizer": regularizers(),
    "alpha_constraint": constraints(),
}


@st.composite
def shared(draw, rank):
    """Some of the axes but the batch's, in any order; now and then counted from the end."""
    axes = draw(st.permutations(range(1, rank)).flatmap(lambda p: st.sampled_from([p[:1], p])))
    return [axis - rank for axis in axes] if draw(st.integers(0, 7)) == 7 else list(axes)


@st.composite
def cases(draw, dtype):
    shape = draw(many_shapes(2, 4))
    config = draw(arguments({**OPTIONAL, "shared_axes": shared(len(shape))}))
    family, x = draw(values(shape, dtype, (0.0,)))
    mask = draw(masks(shape[:-1])) if draw(st.integers(0, 2)) == 2 else None
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[mask]))


@st.composite
def invalid(draw, dtype):
    """The batch axis has nothing to share, and an axis must be there."""
    x = floats("normal", (2, 3, 4), dtype, draw(SEEDS))
    axes = draw(st.sampled_from([[0], [1, 0], [3], [-4]]))
    return draw(layer_case(ITEM, {"shared_axes": axes}, [x], dtype))


def kinks(program):
    """The inputs that are 0; alpha has no kink."""
    x = program.arguments["calls/0/inputs/0"]
    return {"calls/0/inputs/0": x == 0}


def readings(program):
    """-inf where alpha is 0: NaN, as the formula gives, or 0."""

    def limited(w, x):
        return np.where((x == -np.inf) & (w["alpha"] == 0), 0.0, program.layer(w, x))

    return {"0 at -inf": limited, **subnormals_kept(program)}


test_prelu = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    kinks=kinks,
    readings=readings,
    laws=(BATCH_INDEPENDENT,),
)
