"""What is particular to Keras on JAX: tensors, gradients, compilation, device, 64 bits.

JAX compiles every operation for every shape, so calls and gradients are compiled as one function
each, and what is compiled is kept on disk.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np

from .tensors import is_floating, matching

VALUE_NEEDED = (
    jax.errors.ConcretizationTypeError,
    jax.errors.NonConcreteBooleanIndexError,
    jax.errors.TracerArrayConversionError,
)
"""What JAX raises where a function cannot be compiled because it looks at values."""


KEPT_SECONDS = 7 * 24 * 3600
"""How long a compiled function stays on disk."""


FORGET_EVERY = 500
"""Answers after which compiled functions, some 0.4 MB each, are dropped from memory."""


class Engine:
    """Keras on JAX."""

    name = package = "jax"
    builds_first = True
    """Whether a layer must be built before it can be called as a pure function."""

    def __init__(self, device: str) -> None:
        kind = "cpu" if device == "cpu" else "gpu"
        if kind == "cpu" and "JAX_PLATFORMS" not in os.environ:
            jax.config.update("jax_platforms", "cpu")
        try:
            self.device = jax.devices(kind)[0]
        except RuntimeError as error:
            raise RuntimeError(f"device {device!r}: JAX sees none ({error})") from None
        self.asked = 0
        _keep_what_is_compiled()

    def seed(self, seed: int) -> None:
        """Make whatever is random in Keras follow from ``seed``."""
        random.seed(seed)
        np.random.seed(seed)

    @contextlib.contextmanager
    def scope(self, dtype: str) -> Iterator[None]:
        """64 bits for float64 cases only: elsewhere JAX's usual defaults are what users have."""
        self.asked += 1
        if self.asked % FORGET_EVERY == 0:
            jax.clear_caches()
        with jax.default_device(self.device), _x64(enabled=dtype == "float64"):
            yield

    def tensor(self, array: np.ndarray) -> Any:
        """The array on the device."""
        return jax.device_put(array, self.device)

    def array(self, tensor: Any) -> np.ndarray:
        """The tensor's values, in its own dtype."""
        return np.asarray(tensor)

    def outputs(self, call: Callable[[list[Any]], list[Any]], inputs: Sequence[Any]) -> list[Any]:
        """Of a function without side effects, compiled unless it depends on values."""
        import keras

        def pure(inputs: list[Any]) -> list[Any]:
            with keras.StatelessScope():
                return call(inputs)

        try:
            return jax.jit(pure)(list(inputs))
        except VALUE_NEEDED:
            return call(list(inputs))

    def observe(
        self, call: Callable[[list[Any]], list[Any]], inputs: Sequence[Any], layer: Any
    ) -> tuple[list[Any], list[Any], list[Any]]:
        """Outputs, their masks and losses of a call of a layer, which keeps its new state.

        Compiled whole, as Keras's trainer does on JAX, unless the call depends on values or keeps
        state that Keras does not list.
        """
        import keras

        from . import masks, states

        variables = [*layer.variables, *states.carried(layer).values()]
        known = {id(v) for v in variables}
        unknown: set[int] = set()

        def pure(inputs: list[Any], values: list[Any]) -> Any:
            mapping = list(zip(variables, values, strict=True))
            with keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
                outputs = call(inputs)
                seen = outputs, [masks.attached(y) for y in outputs], list(layer.losses)
            unknown.update(scope.state_mapping.keys() - known)
            return seen, [scope.get_current_value(v) for v in variables]

        try:
            seen, values = jax.jit(pure)(list(inputs), [v.value for v in variables])
        except VALUE_NEEDED:
            seen = None
        if seen is None or unknown:
            outputs = call(list(inputs))
            return outputs, [masks.attached(y) for y in outputs], list(layer.losses)
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        return seen

    def other_ways(
        self, call: Callable[[list[Any]], list[Any]], inputs: Sequence[Any]
    ) -> dict[str, list[Any]]:
        """Operation by operation: the usual way here is compiled."""
        return {"eager": call(list(inputs))}

    def gradients(
        self,
        call: Callable[[list[Any]], list[Any]],
        inputs: Sequence[Any],
        variables: Sequence[Any],
        cotangents: Sequence[np.ndarray],
    ) -> tuple[list[Any], list[Any]]:
        """Of Σ cotangent · output with respect to the inputs and the variables."""
        pull_back = jax.jit(lambda *a: _pull_back(call, variables, *a))
        values = [v.value for v in variables]
        return pull_back(list(inputs), values, list(cotangents))

    def step(
        self,
        call: Callable[[list[Any]], list[Any]],
        inputs: Sequence[Any],
        variables: Sequence[Any],
        cotangents: Sequence[np.ndarray],
        optimizer: Any,
    ) -> None:
        """One step of the optimizer, compiled whole as Keras's trainer does on JAX."""
        optimizer.build(variables)

        def step(inputs: list[Any], values: list[Any], state: list[Any], cs: list[Any]) -> Any:
            _, found = _pull_back(call, variables, inputs, values, cs)
            return optimizer.stateless_apply(state, found, values)

        values = [v.value for v in variables]
        state = [v.value for v in optimizer.variables]
        after, _ = jax.jit(step)(list(inputs), values, state, list(cotangents))
        for variable, value in zip(variables, after, strict=True):
            variable.assign(value)


def _pull_back(
    call: Callable[[list[Any]], list[Any]],
    variables: Sequence[Any],
    inputs: list[Any],
    values: list[Any],
    cotangents: list[Any],
) -> tuple[list[Any], list[Any]]:
    """Gradients of ``call`` as a function of arrays; None for an input without any."""
    import keras

    floating = [is_floating(x.dtype) for x in inputs]
    paired: list[tuple[Any, Any]] = []

    def outputs(wanted: list[Any], values: list[Any]) -> list[Any]:
        left = iter(wanted)
        full = [next(left) if f else x for f, x in zip(floating, inputs, strict=True)]
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
            paired[:] = matching(call(full), cotangents)
        return [y for y, _ in paired]

    wanted = [x for f, x in zip(floating, inputs, strict=True) if f]
    _, back = jax.vjp(outputs, wanted, values)
    found, found_values = back([c.astype(y.dtype) for y, c in paired])
    left = iter(found)
    return [next(left) if f else None for f in floating], found_values


def _x64(*, enabled: bool) -> contextlib.AbstractContextManager[Any]:
    """The context manager of JAX, by whichever name this version has it."""
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(enabled)
    from jax.experimental import enable_x64

    return enable_x64(enabled)


def _keep_what_is_compiled() -> None:
    """Use JAX's compilation cache on disk, unless the user has set one."""
    if jax.config.jax_compilation_cache_dir:
        return
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "layerproof" / "jax"
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)
    _forget_old_files(folder)


def _forget_old_files(folder: Path) -> None:
    """Delete what has not been touched for a week; other processes may be at it too."""
    for file in folder.glob("*"):
        with contextlib.suppress(OSError):
            if time.time() - file.stat().st_mtime > KEPT_SECONDS:
                file.unlink()
