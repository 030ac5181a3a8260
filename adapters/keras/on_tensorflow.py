"""What is particular to Keras on TensorFlow: tensors, gradients, graph mode, device."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from .tensors import is_floating, matching


class Engine:
    """Keras on TensorFlow."""

    name = "tensorflow"
    package = "tensorflow"
    builds_first = False
    """A call builds the layer."""

    def __init__(self, device: str) -> None:
        gpus = tf.config.list_physical_devices("GPU")
        if device != "cpu" and not gpus:
            raise RuntimeError(f"device {device!r}: TensorFlow sees no GPU")
        tf.get_logger().setLevel("ERROR")
        if device == "cpu":
            _use_one_thread()
        self.device = "/CPU:0" if device == "cpu" else "/GPU:0"

    def seed(self, seed: int) -> None:
        """Make whatever is random in Keras follow from ``seed``.

        Keras draws statelessly from its own seeds; tf.random.set_seed would clear the caches.
        """
        random.seed(seed)
        np.random.seed(seed)

    @contextlib.contextmanager
    def scope(self, dtype: str) -> Iterator[None]:
        """Everything of a case lives on the device."""
        with tf.device(self.device):
            yield

    def tensor(self, array: np.ndarray) -> Any:
        """The array as an eager tensor."""
        return tf.constant(array)

    def array(self, tensor: Any) -> np.ndarray:
        """The tensor's values, in its own dtype."""
        return np.asarray(tensor.numpy() if hasattr(tensor, "numpy") else tensor)

    def outputs(self, call: Callable[[list[Any]], list[Any]], inputs: Sequence[Any]) -> list[Any]:
        """Of a function without side effects."""
        return call(list(inputs))

    def observe(
        self, call: Callable[[list[Any]], list[Any]], inputs: Sequence[Any], layer: Any
    ) -> tuple[list[Any], list[Any], list[Any]]:
        """Outputs, their masks and losses of a call of a layer."""
        from . import masks

        outputs = call(list(inputs))
        return outputs, [masks.attached(y) for y in outputs], list(layer.losses)

    def other_ways(
        self, call: Callable[[list[Any]], list[Any]], inputs: Sequence[Any]
    ) -> dict[str, list[Any]]:
        """As a graph, which is how Keras compiles on a CPU."""
        return {"jit": tf.function(call, autograph=False)(list(inputs))}

    def gradients(
        self,
        call: Callable[[list[Any]], list[Any]],
        inputs: Sequence[Any],
        variables: Sequence[Any],
        cotangents: Sequence[np.ndarray],
    ) -> tuple[list[Any], list[Any]]:
        """Of Σ cotangent · output with respect to the inputs and the variables."""
        found_inputs, found = self._pull_back(call, inputs, variables, cotangents)
        return found_inputs, [tf.convert_to_tensor(g) for g in found]

    def step(
        self,
        call: Callable[[list[Any]], list[Any]],
        inputs: Sequence[Any],
        variables: Sequence[Any],
        cotangents: Sequence[np.ndarray],
        optimizer: Any,
    ) -> None:
        """One step of the optimizer, with sparse gradients left sparse."""
        _, gradients = self._pull_back(call, inputs, variables, cotangents)
        optimizer.apply(gradients, variables)

    def _pull_back(
        self,
        call: Callable[[list[Any]], list[Any]],
        inputs: Sequence[Any],
        variables: Sequence[Any],
        cotangents: Sequence[np.ndarray],
    ) -> tuple[list[Any], list[Any]]:
        wanted = [x for x in inputs if is_floating(x.dtype.name)]
        values = [v.value for v in variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            for source in (*wanted, *values):
                tape.watch(source)
            pairs = matching(call(list(inputs)), cotangents)
        found = tape.gradient(
            [y for y, _ in pairs],
            [*wanted, *values],
            [tf.cast(self.tensor(c), y.dtype) for y, c in pairs],
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )
        by_id = {
            id(x): tf.convert_to_tensor(g)
            for x, g in zip(wanted, found[: len(wanted)], strict=True)
        }
        return [by_id.get(id(x)) for x in inputs], found[len(wanted) :]


def _use_one_thread() -> None:
    """Tensors are tiny, and pytest-xdist has the other cores."""
    with contextlib.suppress(RuntimeError):  # a process that has computed keeps its threads
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
