"""ConvLSTM1D, ConvLSTM2D, ConvLSTM3D: LSTM whose linear maps are convolutions.

    i = σ(x * W_i + h * U_i + b_i)        input gate (σ: recurrent_activation)
    f = σ(x * W_f + h * U_f + b_f)        forget gate
    g = φ(x * W_g + h * U_g + b_g)        candidate (φ: activation)
    o = σ(x * W_o + h * U_o + b_o)        output gate
    c ← f ∘ c + i ∘ g
    h ← o ∘ φ(c)                          y = h

x * W is a convolution as in ``conv``, with strides, padding and dilation_rate; h * U has stride 1,
"same" padding and no dilation, so that h keeps its size.

Source: https://keras.io/api/layers/recurrent_layers/conv_lstm2d/ (Keras 3.15.1); Shi et al. 2015,
https://arxiv.org/abs/1506.04214, without the terms in which c feeds the gates.
"""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar

import numpy as np

from .. import identifiers
from ..core import Array, Shape, Weights, check
from .conv import Conv, Conv1D, Conv2D, Conv3D
from .lstm import UnitForgetBias, memory
from .recurrence import Recurrent
from .recurrent_cell import check_rates, check_states, dropped
from .windows import Sizes, channels_of, window

CONVOLUTIONS = {1: Conv1D, 2: Conv2D, 3: Conv3D}


@dataclass(frozen=True)
class ConvLSTM(Recurrent):
    """What the three ranks share. Masks, states and readings are as in Recurrent.

    Shapes, with gates side by side on the last axis in the order i, f, g, o; out as in Conv
        x                  (batch, time, *spatial, C)    channels_first: (batch, time, C, *spatial)
        kernel             (*kernel_size, C, 4 filters)
        recurrent_kernel   (*kernel_size, filters, 4 filters)
        bias               (4 filters,)                  if use_bias
        h, c, step of y    (batch, *out, filters)        channels_first: (batch, filters, *out)

    The order of the gates is not documented: it is that of every saved Keras model.

    Ambiguous: unit_forget_bias with a bias_initializer other than zeros, which it is to be used in
    combination with. Here 1 is added to what the initializer says, and a random one says nothing.
    Ambiguous: the geometry of h * U. Here as above.

    Raises ValueError
        on construction: as Conv, for the convolution of x; a padding other than "valid" and
            "same"; dropout or recurrent_dropout outside 0 … 1; a string that names no activation
        on build and call: x of another rank or without steps; a window larger than x; mask not of
            shape (batch, time); another number or other shapes of states in initial_state
    """

    filters: int
    kernel_size: Sizes
    strides: Sizes = 1
    padding: str = "valid"
    data_format: str | None = None
    dilation_rate: Sizes = 1
    activation: Any = "tanh"
    recurrent_activation: Any = "sigmoid"
    use_bias: bool = True
    kernel_initializer: Any = "glorot_uniform"
    recurrent_initializer: Any = "orthogonal"
    bias_initializer: Any = "zeros"
    unit_forget_bias: bool = True
    kernel_regularizer: Any = None
    recurrent_regularizer: Any = None
    bias_regularizer: Any = None
    activity_regularizer: Any = None
    kernel_constraint: Any = None
    recurrent_constraint: Any = None
    bias_constraint: Any = None
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    seed: int | None = None
    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    stateful: bool = False
    unroll: bool = False

    rank: ClassVar[int]

    def __post_init__(self) -> None:
        check(type(self.filters) is int and self.filters > 0, f"filters={self.filters!r}")
        size = ("kernel_size", self.kernel_size)
        window(self.rank, size, self.strides, self.padding, self.dilation_rate)
        check_rates(self)
        identifiers.activation(self.activation)
        identifiers.activation(self.recurrent_activation)
        self.cell  # noqa: B018  (made for its errors)
        given = identifiers.initializer(self.bias_initializer)
        if self.unit_forget_bias and not isinstance(given, UnitForgetBias | None):
            initial = UnitForgetBias(given) if callable(given) else None
            object.__setattr__(self, "bias_initializer", initial)

    @cached_property
    def cell(self) -> "ConvLSTMCell":
        """The cell that is taken over time."""
        convolution = partial(
            CONVOLUTIONS[self.rank],
            4 * self.filters,
            self.kernel_size,
            data_format=self.data_format,
        )
        geometry: dict[str, Any] = {"strides": self.strides, "dilation_rate": self.dilation_rate}
        of_x = convolution(padding=self.padding, use_bias=self.use_bias, **geometry)
        of_h = convolution(padding="same", use_bias=False)
        return ConvLSTMCell(self, of_x, of_h)


@dataclass(frozen=True)
class ConvLSTMCell:
    """One step of a ConvLSTM ``layer``, by its convolutions of x and of h."""

    layer: ConvLSTM
    of_x: Conv
    of_h: Conv

    def weights(self, x: Shape) -> dict[str, Shape]:
        shapes = self.of_x.weights(x)
        size, filters = self.of_h.window().size, self.layer.filters
        recurrent = {"recurrent_kernel": (*size, filters, 4 * filters)}
        return {"kernel": shapes.pop("kernel")} | recurrent | shapes

    def states(self, x: Shape) -> tuple[Shape, Shape]:
        """The shapes of h and c."""
        lengths, _ = channels_of(x, self.layer.data_format, self.layer.rank)
        out, channels = self.of_x.window().outputs(lengths), (self.layer.filters,)
        first = self.layer.data_format == "channels_first"
        return ((x[0], *channels, *out) if first else (x[0], *out, *channels),) * 2

    def output_of(self, states: Any) -> Any:
        """h, the state that is the output."""
        return states[0]

    def __call__(
        self,
        w: Weights,
        x: Array,
        *states: Array,
        training: bool | None = False,
        dropout_mask: Array | None = None,
        recurrent_dropout_mask: Array | None = None,
    ) -> tuple[Array, Array, Array]:
        check_states(self, x, states)
        h, c = states
        x = dropped(self.layer, "dropout", x, training, dropout_mask)
        h = dropped(self.layer, "recurrent_dropout", h, training, recurrent_dropout_mask)
        z = self.of_x(w, x) + self.of_h({"kernel": w["recurrent_kernel"]}, h)
        axis = 1 if self.layer.data_format == "channels_first" else -1
        h, c = memory(self.layer, np.split(z, 4, axis=axis), c)
        return h, h, c


@dataclass(frozen=True)
class ConvLSTM1D(ConvLSTM):
    """A ConvLSTM over one spatial axis; see ConvLSTM.

    With all weights 0 a step halves c:

    >>> layer = ConvLSTM1D(1, 2, activation=None)
    >>> w = {role: np.zeros(shape) for role, shape in layer.weights((1, 1, 3, 1)).items()}
    >>> h, c = np.zeros((1, 2, 1)), np.array([[[4.0], [8.0]]])
    >>> layer(w, np.ones((1, 1, 3, 1)), initial_state=[h, c]).ravel()
    array([1., 2.])
    """

    rank = 1


@dataclass(frozen=True)
class ConvLSTM2D(ConvLSTM):
    """A ConvLSTM over height and width; see ConvLSTM.

    >>> ConvLSTM2D(3, 2, strides=2).weights((1, 4, 6, 6, 5))
    {'kernel': (2, 2, 5, 12), 'recurrent_kernel': (2, 2, 3, 12), 'bias': (12,)}
    """

    rank = 2


@dataclass(frozen=True)
class ConvLSTM3D(ConvLSTM):
    """A ConvLSTM over three spatial axes; see ConvLSTM.

    >>> ConvLSTM3D(1, (1, 2, 3), use_bias=False).weights((1, 4, 6, 6, 6, 5))
    {'kernel': (1, 2, 3, 5, 4), 'recurrent_kernel': (1, 2, 3, 1, 4)}
    """

    rank = 3
