"""BatchNormalization: how to draw a case, one call or two; masks and moving statistics."""

import msgspec
import numpy as np
from hypothesis import strategies as st

from layerproof.adapters.protocol import Step
from layerproof.conformance.draw import SEEDS, arguments, floats, initializers, layer_case, masks
from layerproof.conformance.draw.normalization import (
    AFFINE,
    REVERSED_EXAMPLES,
    carried,
    folded,
    independent_examples,
    palette,
    values,
)
from layerproof.conformance.spec import every_property

ITEM = "layers.BatchNormalization"

MOMENTA = st.sampled_from([0.9, 0.5, 0.0, 1.0])

CLIPPING = st.sampled_from(
    [{"rmin": 0.5, "rmax": 2.0, "dmax": 0.5}, {"rmax": 1.5}, {"rmin": 0.5, "dmax": 0.0}]
)

OPTIONAL = AFFINE | {
    "momentum": MOMENTA,
    "moving_mean_initializer": initializers(),
    "moving_variance_initializer": initializers(),
    "synchronized": st.just(False),
}

POSITIVE = ("moving_variance", "moving_stddev", "renorm_stddev")


@st.composite
def axes(draw, rank):
    """Any axis from either end; oftener than the default, which ``arguments`` gives."""
    return draw(st.sampled_from([*range(-rank, -1), *range(rank), *range(-rank, -1)]))


@st.composite
def flags(draw, shape):
    """The keyword arguments of a call; dimensions of the mask may be 1."""
    training = draw(st.sampled_from([True, True, False, None, True]))
    call = {} if training is None else {"training": training}
    if draw(st.integers(0, 2)) == 2:
        one = draw(st.integers(-1, len(shape) - 2))
        call["mask"] = draw(masks(tuple(1 if a == one else n for a, n in enumerate(shape[:-1]))))
    return call


@st.composite
def cases(draw, dtype):
    """Training and inference, often one after the other; a frozen layer; positive variances.

    A frozen layer has no regularizers: whether what is not trained is penalised is not documented.
    """
    shape = draw(palette())
    config = draw(arguments(OPTIONAL | {"axis": axes(len(shape))}))
    if draw(st.integers(0, 2)) == 2:
        config |= {"renorm": True} | draw(arguments({"renorm_momentum": MOMENTA}))
        if draw(st.integers(0, 3)):
            config["renorm_clipping"] = draw(CLIPPING)
    if draw(st.integers(0, 5)) == 5:
        config = {k: v for k, v in config.items() if not k.endswith("_regularizer")}
        config["trainable"] = False
    family, x = draw(values(shape, dtype))
    again = []
    if draw(st.integers(0, 2)) == 2:
        other = floats(family, shape, dtype, draw(SEEDS))
        again = [Step("call", (other,), (draw(carried(shape)),), draw(flags(shape)))]
    mask, call = draw(carried(shape)), draw(flags(shape))
    case = draw(
        layer_case(ITEM, config, [x], dtype, family=family, masks=[mask], call=call, again=again)
    )
    weights = {r: np.abs(w) if r in POSITIVE else w for r, w in case.weights.items()}
    if "renorm_stddev" in weights:
        weights["renorm_stddev"] = (weights["renorm_stddev"] + 1).astype(dtype)  # a divisor
    return msgspec.structs.replace(case, weights=weights)


@st.composite
def invalid(draw, dtype):
    """Limits that are none."""
    limits = [{"rmin": 2.0, "rmax": 1.0}, {"dmax": -1.0}, {"max": 1.0}]
    renorm = [{"renorm": True, "renorm_clipping": clipping} for clipping in limits]
    config = draw(st.sampled_from(renorm))
    x = floats("normal", (2, 3), dtype, draw(SEEDS))
    return draw(layer_case(ITEM, config, [x], dtype))


def by_moving_statistics(case):
    """Whether examples do not meet each other."""
    return not case.calls[0].call.get("training") or not case.config.get("trainable", True)


test_batch_normalization = every_property(
    ITEM,
    cases,
    invalid=invalid,
    alternates=folded,
    laws=(independent_examples(by_moving_statistics), REVERSED_EXAMPLES),
)
