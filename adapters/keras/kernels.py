"""What a backend says when it has no kernel for a dtype or a layout on this device.

Keras documents every dtype and both layouts; which of them a backend can compute is for the backend
to say. Where it says so in its own words, the case is unsupported and no disagreement.
"""

from __future__ import annotations

SAYINGS = {
    "tensorflow": (
        ("UnimplementedError", "only supports the NHWC tensor format"),
        ("InvalidArgumentError", "only supports NHWC"),
        ("InvalidArgumentError", "only supports NDHWC"),
        ("InvalidArgumentError", "not yet support dilation rates"),
        ("InvalidArgumentError", "only supports equal length strides"),
        ("InvalidArgumentError", "Value for attr 'T' of"),
        ("NotFoundError", "Could not find device for node"),
    ),
    "torch": (("NotImplementedError", "not implemented for '"),),
    "jax": (),
}
"""Backend -> class and part of the message of such errors."""


def lacking(backend: str, error: BaseException) -> str:
    """What the backend lacks, in its own words; empty if the error says something else."""
    kind, message = type(error).__name__, " ".join(str(error).split())
    for name, words in SAYINGS[backend]:
        place = message.find(words)
        if name == kind and place >= 0:
            return message[max(place - 60, 0) : place + len(words) + 40]
    return ""
