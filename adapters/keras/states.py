"""What a stateful RNN keeps between calls."""

from __future__ import annotations

from typing import Any

from .tensors import flat


def carried(layer: Any) -> dict[str, Any]:
    """What a stateful RNN carries into its next call, by role: no weights, by Keras's count."""
    if not getattr(layer, "stateful", False):
        return {}
    if hasattr(layer, "forward_layer"):
        ways = {"forward": layer.forward_layer, "backward": layer.backward_layer}
        return {f"{w}/{r}": v for w, part in ways.items() for r, v in carried(part).items()}
    return {f"state/{i}": v for i, v in enumerate(flat(layer.states))}
