"""What is particular to Keras on PyTorch: tensors, gradients, device."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch

from .tensors import BFLOAT16, is_floating, matching


class Engine:
    """Keras on PyTorch."""

    name = package = "torch"
    builds_first = False
    """A call builds the layer."""

    def __init__(self, device: str) -> None:
        if device != "cpu" and not torch.cuda.is_available():
            raise RuntimeError(f"device {device!r}: torch sees no GPU")
        if device == "cpu":
            torch.set_num_threads(1)  # tensors are tiny, and pytest-xdist has the other cores
        self.device = device
        os.environ["KERAS_TORCH_DEVICE"] = device

    def seed(self, seed: int) -> None:
        """Make whatever is random in Keras follow from ``seed``.

        Without torch.manual_seed, which queues a stack trace per call where CUDA is not in use.
        """
        random.seed(seed)
        np.random.seed(seed)
        torch.default_generator.manual_seed(seed)
        if self.device != "cpu":
            torch.cuda.manual_seed_all(seed)

    @contextlib.contextmanager
    def scope(self, dtype: str) -> Iterator[None]:
        """Nothing is needed around a case."""
        yield

    def tensor(self, array: np.ndarray) -> Any:
        """The array on the device; bfloat16 by way of its bits."""
        if array.dtype == BFLOAT16:
            bits = torch.from_numpy(np.array(array.view(np.int16)))
            return bits.view(torch.bfloat16).to(self.device)
        return torch.from_numpy(np.array(array)).to(self.device)

    def array(self, tensor: Any) -> np.ndarray:
        """The tensor's values, in its own dtype."""
        if not isinstance(tensor, torch.Tensor):
            return np.asarray(tensor)
        tensor = tensor.detach().cpu().clone()  # Keras changes its variables in place
        if tensor.dtype == torch.bfloat16:
            return tensor.contiguous().view(torch.int16).numpy().view(BFLOAT16)
        return tensor.numpy()

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
        """None: torch.compile takes seconds per case."""
        return {}

    def gradients(
        self,
        call: Callable[[list[Any]], list[Any]],
        inputs: Sequence[Any],
        variables: Sequence[Any],
        cotangents: Sequence[np.ndarray],
    ) -> tuple[list[Any], list[Any]]:
        """Of Σ cotangent · output with respect to the inputs and the variables."""
        leaves = [x.detach().requires_grad_(is_floating(x.dtype)) for x in inputs]
        outputs = call(list(leaves))
        sources = [*leaves, *(v.value for v in variables)]
        pairs = [
            (y, self.tensor(c).to(y.dtype))
            for y, c in matching(outputs, cotangents)
            if y.requires_grad
        ]
        wanted = [s for s in sources if s.requires_grad]
        found: Sequence[Any] = [None] * len(wanted)
        if pairs and wanted:
            ys, cs = zip(*pairs, strict=True)
            found = torch.autograd.grad(ys, wanted, cs, allow_unused=True)
        by_id = {
            id(s): torch.zeros_like(s) if g is None else g
            for s, g in zip(wanted, found, strict=True)
        }
        gradients = [by_id.get(id(s)) for s in sources]
        return gradients[: len(leaves)], gradients[len(leaves) :]

    def step(
        self,
        call: Callable[[list[Any]], list[Any]],
        inputs: Sequence[Any],
        variables: Sequence[Any],
        cotangents: Sequence[np.ndarray],
        optimizer: Any,
    ) -> None:
        """One step of the optimizer on the variables."""
        _, gradients = self.gradients(call, inputs, variables, cotangents)
        optimizer.apply(gradients, variables)
