"""What cropping, padding and up-sampling share: which axes are spatial, and both ends of each."""

from ..core import Array, check

Pairs = tuple[tuple[int, int], ...]
"""(before, after) per spatial axis."""


def spatial_axes(data_format: str | None, rank: int) -> tuple[int, ...]:
    """``(1, …, rank)`` for channels_last, the default; ``(2, …, rank + 1)`` for channels_first."""
    known = (None, "channels_last", "channels_first")
    check(data_format in known, f"data_format={data_format!r}: want one of {known}")
    first = 2 if data_format == "channels_first" else 1
    return tuple(range(first, first + rank))


def pairs(value: int | tuple, rank: int, name: str) -> Pairs:
    """Amounts at both ends of every spatial axis, none negative.

    ``n``: n everywhere. ``(n, m)`` for rank 1: n before, m after. Otherwise one entry per axis,
    each ``n`` (both ends) or ``(before, after)``.
    """
    want = f"{name}={value!r}: want an int, or {'2 ints' if rank == 1 else f'{rank} ints or pairs'}"
    check(isinstance(value, int | tuple | list), want)
    entries = (value,) * rank if isinstance(value, int) else (value,) if rank == 1 else tuple(value)
    ends = [(e, e) if isinstance(e, int) else e for e in entries]
    check(len(ends) == rank, want)
    for pair in ends:
        check(isinstance(pair, tuple | list) and len(pair) == 2, want)
        check(all(isinstance(n, int) and n >= 0 for n in pair), f"{want}, none negative")
    return tuple((before, after) for before, after in ends)


def check_rank(x: Array, rank: int) -> None:
    """Raise unless ``x`` has ``rank`` axes, the batch axis included."""
    check(x.ndim == rank, f"want an input with {rank} axes, got shape {x.shape}")
