"""Arguments that the reference knows but does not compute: the list of ``docs/limits.md``."""

from typing import Any


def not_covered(**arguments: Any) -> None:
    """Raise NotImplementedError naming the first argument that is in use (not None, not False).

    >>> not_covered(lora_rank=None, sparse=False)
    >>> not_covered(lora_rank=4)
    Traceback (most recent call last):
    NotImplementedError: lora_rank=4 is not covered, see docs/limits.md
    """
    for name, value in arguments.items():
        if value is not None and value is not False:
            raise NotImplementedError(f"{name}={value!r} is not covered, see docs/limits.md")
