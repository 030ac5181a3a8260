"""Masking: how to draw a case, and its own laws.

The value is compared exactly, so ``mask_value`` is a number of the tested dtype; the engine decides
comparisons of inputs on their exact values.
"""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, families, floats, layer_case, masks, shapes
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT

ITEM = "layers.Masking"

VALUES = (0.0, -1.0, 2, 0.1, 0.0)


@st.composite
def cases(draw, dtype):
    shape = draw(shapes(3, 3) if draw(st.integers(0, 5)) else shapes(2, 4))
    family, config = draw(families()), {}
    if draw(st.booleans()):
        value = draw(st.sampled_from(VALUES))
        config["mask_value"] = value if isinstance(value, int) else float(np.array(value, dtype))
    x = floats(family, shape, dtype, draw(SEEDS))
    x = _with_masked_steps(x, config.get("mask_value", 0.0), draw(SEEDS))
    mask = draw(masks(shape[:2])) if draw(st.integers(0, 3)) == 3 else None
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[mask]))


def _with_masked_steps(x, value, seed):
    """Some steps hold the value everywhere, some nearly everywhere, some in one feature only."""
    rng = np.random.default_rng([seed, *x.shape])
    steps, values = rng.random((*x.shape[:-1], 1)), rng.random(x.shape)
    there = (steps < 0.3) | ((steps < 0.6) & (values < 0.8)) | (values < 0.1)
    return np.where(there, x.dtype.type(value), x)


test_masking = every_property(
    ITEM,
    cases,
    exact=True,
    laws=(BATCH_INDEPENDENT,),
    without={"gain": "moves values without rounding", "weights": "it has none"},
)
