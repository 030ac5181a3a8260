"""The tests of a recurrent layer and of its cell, which differ in names and few options only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ..adapters.protocol import Case
from .draw import arguments, floats, layer_case, regularizers
from .draw.recurrent import FLAGS, SHAPES, cell_case, cell_config, flags, recurrent_case
from .recurrences import BACKWARDS, MASKED, STATEFUL, as_rnn_of, formulas, kinks, taking_turns
from .spec import every_property
from .symmetries import BATCH_INDEPENDENT

Test = Callable[..., None]


@dataclass(frozen=True)
class Items:
    """A layer and its cell.

    own      options of their own, on unless they are given
    gated    whether they have a recurrent_activation
    states   how many states the cell has
    whole    arguments, one of them drawn: those that are not empty keep integers integers
    """

    layer: str
    cell: str
    own: tuple[str, ...] = ()
    gated: bool = True
    states: int = 1
    whole: tuple[dict[str, Any], ...] = ()

    def tests(self) -> tuple[Test, Test]:
        """Of the layer, and of the cell."""
        declared = {"exact": bool(self.whole), "kinks": kinks, "alternates": formulas}
        of_layer = every_property(
            self.layer,
            lambda dtype: _cases(self, dtype),
            invalid=lambda dtype: _invalid(self, dtype),
            laws=taking_turns(BATCH_INDEPENDENT, MASKED, BACKWARDS, STATEFUL, as_rnn_of(self.cell)),
            **declared,
        )
        of_cell = every_property(
            self.cell,
            lambda dtype: _cell_cases(self, dtype),
            invalid=lambda dtype: _invalid_cell(self, dtype),
            laws=(BATCH_INDEPENDENT,),
            without={"mask": "a cell takes none"},
            **declared,
        )
        return of_layer, of_cell

    @property
    def unknown(self) -> dict[str, Any]:
        """An activation that does not exist."""
        return {"recurrent_activation" if self.gated else "activation": "no_such_activation"}


@st.composite
def _cases(draw: st.DrawFn, items: Items, dtype: str) -> Case:
    shape, units = draw(st.sampled_from(SHAPES))
    config = {"units": units} | draw(cell_config(items.own, gated=items.gated))
    config |= draw(flags(FLAGS)) | draw(arguments({"activity_regularizer": regularizers()}))
    config |= (whole := draw(st.sampled_from(items.whole)) if items.whole else {})
    family = "small_integers" if whole else ""
    return draw(recurrent_case(items.layer, config, shape, dtype, family))


@st.composite
def _cell_cases(draw: st.DrawFn, items: Items, dtype: str) -> Case:
    (batch, _, features), units = draw(st.sampled_from(SHAPES))
    config = {"units": units} | draw(cell_config(items.own, gated=items.gated))
    config |= (whole := draw(st.sampled_from(items.whole)) if items.whole else {})
    family = "small_integers" if whole else ""
    return draw(cell_case(items.cell, config, (batch, features), dtype, family))


@st.composite
def _invalid(draw: st.DrawFn, items: Items, dtype: str) -> Case:
    """No units, an activation that does not exist, x without time."""
    config: dict[str, Any] = {"units": 2}
    shape: tuple[int, ...] = (2, 3, 2)
    match draw(st.integers(0, 2)):
        case 0:
            config["units"] = draw(st.sampled_from([0, -1]))
        case 1:
            config |= items.unknown
        case 2:
            shape = (2, 3)
    x = floats("normal", shape, dtype, 1)
    return draw(layer_case(items.layer, config, [x], dtype))


@st.composite
def _invalid_cell(draw: st.DrawFn, items: Items, dtype: str) -> Case:
    """No units; an activation that does not exist."""
    refused: list[dict[str, Any]] = [{"units": 0}, {"units": -1}, items.unknown]
    wrong = draw(st.sampled_from(refused))
    inputs = tuple(floats("normal", (2, 2), dtype, i) for i in range(1 + items.states))
    return draw(layer_case(items.cell, {"units": 2} | wrong, inputs, dtype))
