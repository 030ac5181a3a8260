"""Input: how to draw a case. It is tested as the model whose only tensor it is.

Arrays of another batch size or rank than the input's, which a model adapts or refuses, are not
documented and not drawn.
"""

from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, families, floats, integers, layer_case, shapes
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, HOMOGENEOUS

ITEM = "layers.Input"


@st.composite
def cases(draw, dtype):
    shape, family = draw(shapes(1, 4, largest=64)), draw(families())
    x = floats(family, shape, dtype, draw(SEEDS))
    config = draw(_described(shape))
    if draw(st.booleans()):
        config["dtype"] = draw(st.sampled_from([dtype, "int32"]))
    if config.get("dtype") == "int32":
        x = integers(-9, 9, shape, "int32", draw(SEEDS))
    if draw(st.integers(0, 5)) == 5:
        config = {"tensor": x}
    if draw(st.booleans()):
        config["name"] = "given_name"
    if draw(st.booleans()):
        config["optional"] = draw(st.booleans())
    return draw(layer_case(ITEM, config, [x], dtype, family=family))


@st.composite
def _described(draw, shape):
    """The shape with or without the batch, some dimensions left open."""
    known = [n if draw(st.booleans()) else None for n in shape]
    match draw(st.sampled_from(["shape", "batch_size", "batch_shape"])):
        case "shape":
            return {"shape": known[1:]}
        case "batch_size":
            return {"shape": known[1:], "batch_size": shape[0]}
        case _:
            return {"batch_shape": known}


REFUSED: tuple[dict[str, object], ...] = (
    {},
    {"batch_size": 2},
    {"shape": [3], "batch_shape": [2, 3]},
    {"batch_size": 2, "batch_shape": [2, 3]},
    {"shape": [-1]},
    {"batch_shape": [None, -3]},
    {"shape": [4]},
    {"batch_shape": [None, 2]},
)


@st.composite
def invalid(draw, dtype):
    """No shape, two of them, a negative one, or an array of other features than said."""
    x = floats("normal", (2, 3), dtype, draw(SEEDS))
    return draw(layer_case(ITEM, draw(st.sampled_from(REFUSED)), [x], dtype))


test_input = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(ELEMENTWISE, HOMOGENEOUS),
    without={
        "gain": "moves values without rounding",
        "mask": "no layer stands above it that could give it a mask",
        "config": "it is a function whose result, a symbolic tensor, has no configuration",
        "weights": "it has none",
        "mixed": "it has a dtype and no dtype policy",
    },
)
