"""GRU and GRUCell: how to draw a case, and their own laws."""

from hypothesis import strategies as st

from layerproof.conformance.draw import arguments, floats, layer_case, regularizers
from layerproof.conformance.draw.recurrent import (
    FLAGS,
    SHAPES,
    cell_case,
    cell_config,
    flags,
    recurrent_case,
)
from layerproof.conformance.recurrences import (
    BACKWARDS,
    MASKED,
    STATEFUL,
    as_rnn_of,
    formulas,
    kinks,
    taking_turns,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT

LAYER, CELL = "layers.GRU", "layers.GRUCell"

OWN = ("reset_after",)
"""Its own options, on unless they are given."""


@st.composite
def cases(draw, dtype):
    shape, units = draw(st.sampled_from(SHAPES))
    config = {"units": units} | draw(cell_config(OWN))
    config |= draw(flags(FLAGS)) | draw(arguments({"activity_regularizer": regularizers()}))
    return draw(recurrent_case(LAYER, config, shape, dtype))


@st.composite
def cell_cases(draw, dtype):
    (batch, _, features), units = draw(st.sampled_from(SHAPES))
    config = {"units": units} | draw(cell_config(OWN))
    return draw(cell_case(CELL, config, (batch, features), dtype))


@st.composite
def invalid(draw, dtype):
    """No units, an activation that does not exist, x without time."""
    config, shape = {"units": 2}, (2, 3, 2)
    match draw(st.integers(0, 2)):
        case 0:
            config["units"] = draw(st.sampled_from([0, -1]))
        case 1:
            config["recurrent_activation"] = "no_such_activation"
        case 2:
            shape = (2, 3)
    x = floats("normal", shape, dtype, 1)
    return draw(layer_case(LAYER, config, [x], dtype))


@st.composite
def invalid_cell(draw, dtype):
    """No units; an activation that does not exist."""
    wrong = draw(
        st.sampled_from(
            [{"units": 0}, {"units": -1}, {"recurrent_activation": "no_such_activation"}]
        )
    )
    inputs = tuple(floats("normal", (2, 2), dtype, i) for i in range(2))
    return draw(layer_case(CELL, {"units": 2} | wrong, inputs, dtype))


test_gru = every_property(
    LAYER,
    cases,
    invalid=invalid,
    kinks=kinks,
    alternates=formulas,
    laws=taking_turns(BATCH_INDEPENDENT, MASKED, BACKWARDS, STATEFUL, as_rnn_of(CELL)),
)

test_gru_cell = every_property(
    CELL,
    cell_cases,
    invalid=invalid_cell,
    kinks=kinks,
    alternates=formulas,
    laws=(BATCH_INDEPENDENT,),
    without={"mask": "a cell takes none"},
)
