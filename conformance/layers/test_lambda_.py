"""Lambda: how to draw a case, and its own laws."""

from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, arguments, families, floats, layer_case, masks
from layerproof.conformance.draw.vectors import palette
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT

ITEM = "layers.Lambda"

ARGUMENTS = st.fixed_dictionaries(
    {},
    optional={"scale": st.sampled_from([2.0, -0.5, 3.0]), "shift": st.sampled_from([1.0, -0.25])},
)


@st.composite
def cases(draw, dtype):
    shape = draw(palette(ranks=(2, 3, 4)))
    function = draw(st.sampled_from(["double", "scale_shift", "square", "sum_last", "scale_shift"]))
    shorter = function == "sum_last"
    optional = {
        "output_shape": st.sampled_from(
            [list(shape[1:-1] if shorter else shape[1:]), {"$fn": _shape_function(shorter)}]
        ),
        "mask": st.sampled_from(["any_nonzero", "keep_first"]).map(lambda name: {"$fn": name})
        | masks(shape[:2]),
    }
    config = {"function": {"$fn": function}} | draw(arguments(optional))
    if function == "scale_shift":
        config["arguments"] = draw(ARGUMENTS)
    family = draw(families())
    x = floats(family, shape, dtype, draw(SEEDS))
    mask = draw(st.none() | masks(shape[:2]))
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[mask]))


def _shape_function(shorter):
    return "without_last" if shorter else "same_shape"


test_lambda = every_property(
    ITEM, cases, exact=True, laws=(BATCH_INDEPENDENT,), without={"weights": "it has none"}
)
