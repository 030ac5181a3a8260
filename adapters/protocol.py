"""The protocol: what the suite asks (Case) and what an implementation answers (Outcome).

Both are frozen, typed and one JSON document each; the same document is the wire format between the
suite and an adapter, the reproduction of a failure, and an entry of a stored corpus. Arrays travel
as dtype, shape and their exact little-endian bytes in hex, so that a case file written on one
machine gives bit-identical arrays on another. Documents are untrusted: they are checked against
this schema on reading, never pickled or evaluated, and their array sizes are bounded.

Values inside ``config`` and ``call`` are JSON, an array, ``{"$item": name, "config": {…}}`` for a
layer, initializer, regularizer or constraint, or ``{"$fn": name}`` for a function of a fixed table
(``FUNCTIONS``). JSON has no spelling for a float that is not finite: such a value is written
``{"$float": "nan"}`` (``"inf"``, ``"-inf"``) and is a plain float again once it has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from .documents import DTYPES, SCHEMA, Frozen, ProtocolError, decode, digest, encode, one_line

__all__ = [
    "ASPECTS",
    "DTYPES",
    "FUNCTIONS",
    "SCHEMA",
    "Accepted",
    "Answer",
    "Case",
    "Compiled",
    "ConfigTrip",
    "Forward",
    "Frozen",
    "Gradients",
    "Initial",
    "Lost",
    "Mixed",
    "Outcome",
    "ProtocolError",
    "Raised",
    "Reloaded",
    "Result",
    "Samples",
    "Shapes",
    "Signature",
    "Step",
    "Stepped",
    "Unsupported",
    "Weight",
    "WeightList",
    "decode",
    "digest",
    "encode",
    "one_line",
    "stateful",
]

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "double": lambda x: x * 2.0,
    "square": lambda x: x * x,
    "sum_last": lambda x: x.sum(-1),
    "scale_shift": lambda x, scale=1.0, shift=0.0: x * scale + shift,
    "any_nonzero": lambda x, mask=None: (x != 0).any(-1),
    "keep_first": lambda x, mask=None: mask,
    "same_shape": lambda shape: shape,
    "without_last": lambda shape: shape[:-1],
}
"""What ``{"$fn": name}`` may name. Written with operators and methods that NumPy arrays, the bounds
engine's arrays and every backend's tensors share; the last two are of shapes."""


class Step(Frozen, frozen=True):
    """One thing done to the layer, in order.

    build           create the weights for ``inputs`` (only their shapes and dtypes count), then
                    give them the case's values
    adapt           ``adapt(inputs[0])``
    call            call on ``inputs``; ``masks`` are those that the inputs carry from upstream
                    layers (None: that input has none), ``call`` the keyword arguments
    reset_state     reset a stateful layer
    save_and_load   continue with the layer as saved and loaded
    """

    do: Literal["build", "adapt", "call", "reset_state", "save_and_load"]
    inputs: tuple[np.ndarray, ...] = ()
    masks: tuple[np.ndarray | None, ...] = ()
    call: dict[str, Any] = {}


class Case(Frozen, frozen=True):
    """Everything needed to run one configuration of one item, once.

    item         a name of the item table: ``layers.Dense``, ``activations.gelu``
    config       constructor (or function) arguments; an absent one has its documented default
    weights      role name -> value, in documented order
    steps        what is done; a function, regularizer or constraint has one ``call`` step
    dtype        the tested dtype; every floating array of the case has it
    cotangents   one per output of the last call: gradients are of Σ cotangent · output
    family       which family of values the arrays are from
    """

    item: str
    config: dict[str, Any] = {}
    weights: dict[str, np.ndarray] = {}
    steps: tuple[Step, ...] = ()
    dtype: str = "float32"
    cotangents: tuple[np.ndarray, ...] = ()
    family: str = ""
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        if self.dtype not in DTYPES:
            raise ProtocolError(f"dtype {self.dtype!r} is not one of {', '.join(DTYPES)}")

    @property
    def calls(self) -> tuple[Step, ...]:
        """The ``call`` steps."""
        return tuple(step for step in self.steps if step.do == "call")


def stateful(config: Mapping[str, Any]) -> bool:
    """Whether a layer, or one inside it, carries its state into the next call.

    >>> stateful({"layer": {"$item": "layers.GRU", "config": {"units": 2, "stateful": True}}})
    True
    """
    inner = (v.get("config", {}) for v in config.values() if isinstance(v, dict))
    return any(part.get("stateful") for part in (config, *inner))


# ---- what an implementation answers: one Answer per aspect that was asked for --------------------


class Result(Frozen, frozen=True):
    """What one call gave.

    outputs   in documented order, flattened
    masks     the mask that each output carries (None: none)
    losses    the layer's losses after the call, regularization included, one scalar array each
    state     non-trainable weights after the call, by role
    """

    outputs: tuple[np.ndarray, ...]
    masks: tuple[np.ndarray | None, ...] = ()
    losses: tuple[np.ndarray, ...] = ()
    state: dict[str, np.ndarray] = {}


class Forward(Frozen, tag="forward", frozen=True):
    """Aspect ``forward``: one Result per call step."""

    results: tuple[Result, ...]


class Gradients(Frozen, tag="gradients", frozen=True):
    """Aspect ``gradients``: of Σ cotangent · output of the last call.

    An input that is not differentiable (integers, booleans) has None. A weight or input that the
    implementation leaves without a gradient is a zero array.
    """

    inputs: tuple[np.ndarray | None, ...]
    weights: dict[str, np.ndarray] = {}


class Signature(Frozen, frozen=True):
    """Shape and dtype of one output; None is an unknown dimension."""

    shape: tuple[int | None, ...]
    dtype: str


class Shapes(Frozen, tag="shape", frozen=True):
    """Aspect ``shape``: what is said about the first call's outputs without running it.

    computed   ``compute_output_shape`` of the full input shapes, called before anything is built
    symbolic   a symbolic call with the full input shapes
    batchless  a symbolic call whose batch dimension is None; empty if not applicable
    """

    computed: tuple[tuple[int | None, ...], ...]
    symbolic: tuple[Signature, ...]
    batchless: tuple[Signature, ...] = ()


class ConfigTrip(Frozen, tag="config", frozen=True):
    """Aspect ``config``: get_config, through JSON, from_config.

    config    the arguments in the language of ``Case.config``
    missing   constructor arguments that get_config does not mention
    outputs   of the first call of the layer made from the config, with the case's weights
    """

    config: dict[str, Any]
    missing: tuple[str, ...]
    outputs: tuple[np.ndarray, ...]


class Weight(Frozen, frozen=True):
    """One variable: its role, its name in the implementation, what it is."""

    role: str
    path: str
    shape: tuple[int, ...]
    dtype: str
    trainable: bool


class WeightList(Frozen, tag="weights", frozen=True):
    """Aspect ``weights``: the variables after build, in the implementation's order.

    round_trip   what get_weights gives after set_weights with the case's weights, by role
    frozen       roles that stay trainable when ``layer.trainable = False`` (documented: none)
    """

    weights: tuple[Weight, ...]
    round_trip: dict[str, np.ndarray]
    frozen: tuple[str, ...] = ()


class Initial(Frozen, tag="initial", frozen=True):
    """Aspect ``initial``: weights after build without the case's weights, of two fresh layers."""

    first: dict[str, np.ndarray]
    second: dict[str, np.ndarray]


class Stepped(Frozen, tag="constraint", frozen=True):
    """Aspect ``constraint``: trainable weights after one step of gradient descent.

    The loss is Σ cotangent · output and the learning rate 0.5: without a constraint a weight w with
    gradient g becomes w - 0.5 g.
    """

    weights: dict[str, np.ndarray]


class Reloaded(Frozen, tag="save", frozen=True):
    """Aspect ``save``: outputs of the last call before and after a saved file was loaded."""

    before: tuple[np.ndarray, ...]
    after: tuple[np.ndarray, ...]


class Compiled(Frozen, tag="compiled", frozen=True):
    """Aspect ``compiled``: outputs of the last call by way of running (``jit``, ``functional``)."""

    outputs: dict[str, tuple[np.ndarray, ...]]


class Mixed(Frozen, tag="mixed", frozen=True):
    """Aspect ``mixed``: the first call under the policy ``mixed_<dtype>``."""

    outputs: tuple[np.ndarray, ...]
    variable_dtypes: dict[str, str]


class Samples(Frozen, tag="sample", frozen=True):
    """Aspect ``sample``: independent draws of a random item, stacked on axis 0."""

    draws: tuple[np.ndarray, ...]


class Accepted(Frozen, tag="accepted", frozen=True):
    """Aspect ``invalid``: the documented error was not raised; the case ran to its end."""


class Raised(Frozen, tag="raised", frozen=True):
    """The implementation raised: class name, the names of its bases, message."""

    kind: str
    bases: tuple[str, ...] = ()
    message: str = ""


class Lost(Frozen, tag="lost", frozen=True):
    """The worker did not answer: it died, hung or wrote something else. Made by the client only."""

    how: Literal["crash", "timeout"]
    detail: str


class Unsupported(Frozen, tag="unsupported", frozen=True):
    """The adapter cannot express this, and why."""

    reason: str


Answer = (
    Forward | Gradients | Shapes | ConfigTrip | WeightList | Initial | Stepped | Reloaded
    | Compiled | Mixed | Samples | Accepted | Raised | Lost | Unsupported
)  # fmt: skip

ASPECTS = (
    *("forward", "gradients", "shape", "config", "weights", "initial"),
    *("constraint", "save", "compiled", "mixed", "sample", "invalid"),
)
"""What can be asked of an adapter: the names of its methods."""


class Outcome(Frozen, frozen=True):
    """What an implementation answered to one case: an Answer per aspect asked, and the time."""

    answers: dict[str, Answer]
    seconds: float = 0.0
    schema: int = SCHEMA
