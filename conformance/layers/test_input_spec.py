"""InputSpec: how to draw a case. It is tested as the ``input_spec`` of a layer that does nothing:
what fits passes unchanged (``values``), what does not is refused (``invalid``).
"""

from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, arguments, families, floats, integers, layer_case
from layerproof.conformance.draw.vectors import SMALL
from layerproof.conformance.spec import every_property

ITEM = "layers.InputSpec"

NOTHING = "a condition on inputs: it computes nothing"


@st.composite
def cases(draw, dtype):
    """Conditions that the array fulfils, each given half of the time; in half of the cases all."""
    shape, family = draw(st.sampled_from(SMALL)), draw(families())
    x = floats(family, shape, dtype, draw(SEEDS))
    if draw(st.integers(0, 5)) == 5:
        x = integers(-9, 9, shape, "int32", draw(SEEDS))
    squeeze = draw(st.booleans())
    choices = {
        "dtype": st.just(x.dtype.name),
        "shape": _partial(_seen(draw, shape, squeeze)),
        "ndim": st.sampled_from([len(shape), len(shape) - (squeeze and shape[-1] == 1)]),
        "max_ndim": st.integers(len(shape), 5),
        "min_ndim": st.integers(0, len(shape)),
        "axes": _axes(shape),
        "name": st.just("given_name"),
        "optional": st.booleans(),
    }
    config = draw(arguments(choices)) | ({"allow_last_axis_squeeze": True} if squeeze else {})
    if dtype == "float32" and draw(st.booleans()):  # where ``invalid`` is judged
        config |= draw(_broken(shape))
    return draw(layer_case(ITEM, config, [x], dtype, family=family))


def _seen(draw, shape, squeeze):
    """The shape, or one of its two squeezed forms where that is allowed."""
    if not squeeze or draw(st.booleans()):
        return shape
    return shape[:-1] if shape[-1] == 1 else (*shape, 1)


@st.composite
def _partial(draw, shape):
    """Some entries left open; the 1 that a squeeze needs stays."""
    return [n if n == 1 or draw(st.booleans()) else None for n in shape]


@st.composite
def _axes(draw, shape):
    names = draw(st.lists(st.integers(-len(shape), len(shape) - 1), min_size=1, unique=True))
    return {str(axis): draw(st.sampled_from([shape[axis], None])) for axis in names}


@st.composite
def _broken(draw, shape):
    """One condition that the array misses by one: such a case must raise."""
    rank = len(shape)
    other = [*shape[:-1], shape[-1] + 1]
    conditions = [
        *({"min_ndim": rank + 1}, {"max_ndim": rank - 1}, {"ndim": rank + 1, "shape": None}),
        *({"shape": other, "ndim": None}, {"axes": {"-1": shape[-1] + 1}}, {"axes": {"0": 9}}),
        {"shape": [*shape, 2], "ndim": None, "allow_last_axis_squeeze": True},
        {"shape": other[:-1], "ndim": None, "allow_last_axis_squeeze": shape[-1] != 1},
    ]
    return draw(st.sampled_from(conditions))


REFUSED = (
    ({"ndim": 3}, (2, 3)),
    ({"max_ndim": 1}, (2, 3)),
    ({"min_ndim": 3}, (2, 3)),
    ({"shape": [None, 4]}, (2, 3)),
    ({"shape": [None, 3, 1]}, (2, 3)),
    ({"axes": {"-1": 4}}, (2, 3)),
    ({"axes": {"0": 3, "1": 3}}, (2, 3)),
    ({"axes": {"2": 3}}, (2, 3)),
    ({"dtype": "int32"}, (2, 3)),
    ({"shape": [None, 3, 1], "allow_last_axis_squeeze": True}, (2, 3, 3)),
    ({"shape": [None, 3, 1], "allow_last_axis_squeeze": True}, (2,)),
    ({"shape": [None, 3], "allow_last_axis_squeeze": True}, (2, 3, 2)),
    ({"ndim": 2, "allow_last_axis_squeeze": True}, (2, 3, 3)),
)


@st.composite
def invalid(draw, dtype):
    config, shape = draw(st.sampled_from(REFUSED))
    x = floats("normal", shape, dtype, draw(SEEDS))
    return draw(layer_case(ITEM, config, [x], dtype))


WITHOUT = ("gradients", "gain", "mask", "weights", "save", "compiled", "mixed", "shape", "dtype")

test_input_spec = every_property(
    ITEM, cases, invalid=invalid, exact=True, without=dict.fromkeys(WITHOUT, NOTHING)
)
