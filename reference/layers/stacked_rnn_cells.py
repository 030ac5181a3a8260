"""StackedRNNCells: cells on top of each other, as one cell.

    y₀, s₀ = cell₀(x, s₀)     y₁, s₁ = cell₁(y₀, s₁)     …     y = that of the last cell

Source: https://keras.io/api/layers/recurrent_layers/stacked_rnn_cell/ (Keras 3.15.1)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..core import Array, Shape, Weights, check
from .recurrence import part
from .recurrent_cell import check_cell, check_states


@dataclass(frozen=True)
class StackedRNNCells:
    """One step through all cells: ``(w, x, *states) -> (y, *new states)``.

    Shapes
        x, states, y, weights   those of the cells: states one cell after the other, weights under
                                ``cells/0/``, ``cells/1/``, …

    Training with dropout in a cell takes the draws as one entry per cell; see Cell.

    Raises ValueError
        on construction: no cells; an entry that is no RNN cell
        on build and call: what the cells refuse; another number or other shapes of states

    >>> from .simple_rnn import SimpleRNNCell
    >>> stack = StackedRNNCells([SimpleRNNCell(1, activation=None, use_bias=False)] * 2)
    >>> w = {role: np.full(shape, 2.0) for role, shape in stack.weights((1, 1)).items()}
    >>> list(w)
    ['cells/0/kernel', 'cells/0/recurrent_kernel', 'cells/1/kernel', 'cells/1/recurrent_kernel']
    >>> stack(w, np.array([[3.0]]), np.array([[0.0]]), np.array([[10.0]]))
    (array([[32.]]), array([[6.]]), array([[32.]]))
    """

    cells: Sequence[Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", tuple(self.cells))
        check(len(self.cells) > 0, f"cells={self.cells!r} is empty")
        for cell in self.cells:
            check_cell(cell)

    @property
    def state_count(self) -> int:
        """The number of states of all cells."""
        return sum(cell.state_count for cell in self.cells)

    def weights(self, x: Shape, *states: Shape) -> dict[str, Shape]:
        shapes: dict[str, Shape] = {}
        for i, cell in enumerate(self.cells):
            shapes |= {f"cells/{i}/{role}": shape for role, shape in cell.weights(x).items()}
            x = cell.output_of(cell.states(x))
        return shapes

    def states(self, x: Shape) -> tuple[Shape, ...]:
        """The shapes of the states."""
        shapes: tuple[Shape, ...] = ()
        for cell in self.cells:
            shapes += cell.states(x)
            x = cell.output_of(cell.states(x))
        return shapes

    def output_of(self, states: Any) -> Any:
        """The state that is the output."""
        last = self.cells[-1]
        return last.output_of(states[-last.state_count :])

    def __call__(
        self,
        w: Weights,
        x: Array,
        *states: Array,
        training: bool | None = False,
        dropout_mask: Sequence[Any] | None = None,
        recurrent_dropout_mask: Sequence[Any] | None = None,
    ) -> tuple[Array, ...]:
        check_states(self, x, states)
        none = (None,) * len(self.cells)
        draws = {
            "dropout_mask": none if dropout_mask is None else dropout_mask,
            "recurrent_dropout_mask": (
                none if recurrent_dropout_mask is None else recurrent_dropout_mask
            ),
        }
        left, after = list(states), []
        for i, cell in enumerate(self.cells):
            own, left = left[: cell.state_count], left[cell.state_count :]
            call = {"training": training} | {name: entries[i] for name, entries in draws.items()}
            x, *new = cell(part(w, f"cells/{i}/"), x, *own, **call)
            after += new
        return x, *after
