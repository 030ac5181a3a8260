"""GroupNormalization: how to draw a case; groups that divide the channels, on any axis."""

from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, arguments, floats, layer_case
from layerproof.conformance.draw.normalization import (
    AFFINE,
    REVERSED_EXAMPLES,
    carried,
    folded,
    independent_examples,
    values,
)
from layerproof.conformance.spec import every_property

ITEM = "layers.GroupNormalization"

OTHERS = ((), (2,), (3,), (1,), (2, 2))
"""The dimensions beside batch and channels."""

CHANNELS = st.sampled_from(
    [(4, 2), (4, 4), (4, 1), (4, -1), (6, 3), (6, 2), (1, 1), (2, -1), (3, 3)]
)
"""(channels, groups)"""


@st.composite
def layouts(draw):
    """(shape, groups if they are not 32, the place of the channels); a third is large."""
    if draw(st.integers(0, 2)) == 2:
        batch, channels, groups, others = 4, 64, draw(st.sampled_from([None, 8, -1, 1])), (4,)
    elif draw(st.integers(0, 3)) == 3:
        batch, channels, groups, others = 2, 32, None, draw(st.sampled_from(OTHERS[:2]))
    else:
        channels, groups = draw(CHANNELS)
        batch, others = draw(st.sampled_from([2, 1, 4])), draw(st.sampled_from(OTHERS))
    place = draw(st.integers(1, len(others) + 1)) if draw(st.booleans()) else len(others) + 1
    return (batch, *others[: place - 1], channels, *others[place - 1 :]), groups, place


@st.composite
def cases(draw, dtype):
    shape, groups, place = draw(layouts())
    config = {} if groups is None else {"groups": groups}
    names = [place, place - len(shape)]
    if place != len(shape) - 1 or draw(st.booleans()):
        axis = draw(st.sampled_from(names))
        config["axis"] = [axis] if draw(st.integers(0, 7)) == 7 else axis
    config |= draw(arguments(AFFINE))
    family, x = draw(values(shape, dtype))
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[draw(carried(shape))]))


@st.composite
def invalid(draw, dtype):
    """Groups that do not divide the channels, no groups, an axis that is not there."""
    config = draw(st.sampled_from([{"groups": 2}, {"groups": 4}, {}, {"groups": 0}]))
    x = floats("normal", (2, 3), dtype, draw(SEEDS))
    return draw(layer_case(ITEM, config, [x], dtype))


test_group_normalization = every_property(
    ITEM,
    cases,
    invalid=invalid,
    alternates=folded,
    laws=(independent_examples(), REVERSED_EXAMPLES),
)
