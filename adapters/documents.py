"""Documents as JSON: exact, strict, and harmless to read.

Arrays travel as dtype, shape and their exact little-endian bytes in hex, text as UTF-8, so that a
document written on one machine gives bit-identical arrays on another. JSON has no spelling for a
float that is not finite: such a value is written ``{"$float": "nan"}`` (``"inf"``, ``"-inf"``) and
is a plain float again once it has been read. What is read is untrusted: it is checked against the
classes of ``protocol.py``, never pickled or evaluated, and array sizes are bounded.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from typing import Any

import ml_dtypes  # noqa: F401  (registers bfloat16 with NumPy)
import msgspec
import numpy as np

SCHEMA = 1
"""Version of both documents; a document of another version is refused."""

MAX_ELEMENTS = 1 << 24
"""The largest array that is read from a document."""

DTYPES = (
    *("float64", "float32", "bfloat16", "float16", "bool"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
)


class ProtocolError(ValueError):
    """A document that does not follow this protocol; the message says where."""


class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every document part: immutable, and no unknown field is accepted."""


def encode(document: Frozen) -> bytes:
    """The document as one line of JSON; raises TypeError for a value that has no place in one."""
    return msgspec.json.encode(_spell(document), enc_hook=_plain)


def decode(text: bytes | str, kind: Any) -> Any:
    """A document of class ``kind`` (or a union); raises ProtocolError saying what is wrong."""
    name = getattr(kind, "__name__", "message")
    try:
        return _revive(msgspec.json.decode(text, type=kind, dec_hook=_typed))
    except RecursionError:
        raise ProtocolError(f"not a valid {name}: nested too deeply") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise ProtocolError(f"not a valid {name}: {one_line(str(error))}") from None


def digest(document: Frozen) -> str:
    """The first 16 hex digits of the SHA-256 of the document's JSON: the name of a case."""
    return hashlib.sha256(encode(document)).hexdigest()[:16]


def one_line(text: str, limit: int = 500) -> str:
    """``text`` without line breaks and control characters, at most ``limit`` characters of it."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * limit])
    line = " ".join(printable.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _plain(value: object) -> object:
    """What msgspec does not know: arrays (strings as UTF-8), NumPy scalars."""
    if isinstance(value, np.ndarray):
        return {"$array": _pack(value)}
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in a document")


def _pack(array: np.ndarray) -> dict[str, Any]:
    """Dtype, shape and the exact bytes, whatever the order of bytes of the array or the machine."""
    if array.dtype.kind in "OSUT":
        return {"dtype": "str", "shape": array.shape, "text": [_text(s) for s in array.ravel()]}
    name = array.dtype.name
    if name not in DTYPES:
        raise TypeError(f"an array of dtype {name} has no place in a document")
    native = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("="), copy=False))
    size = native.itemsize
    bits = native.reshape(-1).view(f"u{size}").astype(f"<u{size}", copy=False)
    return {"dtype": name, "shape": array.shape, "hex": bits.tobytes().hex()}


def _text(value: object) -> str:
    """One element of an array of strings; bytes are UTF-8."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"an array of {type(value).__name__} objects has no place in a document")


def _typed(kind: type, value: object) -> object:
    if kind is np.ndarray:
        return _unpack(value)
    raise NotImplementedError(kind)


def _unpack(value: object) -> np.ndarray:
    """The read-only array of ``{"$array": {"dtype", "shape", "hex"}}``."""
    match value:
        case {"$array": {"dtype": "str", "shape": [*shape], "text": [*text], **rest}}:
            if not all(type(s) is str for s in text):
                raise ValueError("an element of a text array is not a string")
            array = np.array(text, dtype=object)
        case {"$array": {"dtype": str(name), "shape": [*shape], "hex": str(digits), **rest}}:
            array = _numbers(name, digits)
        case _:
            raise ValueError('an array is {"$array": {"dtype", "shape", "hex"}}')
    if rest or len(value) > 1:  # type: ignore[arg-type]
        raise ValueError("an array has a field that is not dtype, shape, hex or text")
    if not all(type(n) is int and n >= 0 for n in shape) or math.prod(shape) > MAX_ELEMENTS:
        raise ValueError(f"array shape {shape} is not a list of sizes, {MAX_ELEMENTS} at most")
    if array.size != math.prod(shape):
        raise ValueError(f"array of shape {shape} has {array.size} elements")
    array = array.reshape(shape)
    array.flags.writeable = False
    return array


def _numbers(name: str, digits: str) -> np.ndarray:
    """The flat array of dtype ``name`` whose little-endian bytes are ``digits``."""
    if name not in DTYPES:
        raise ValueError(f"array dtype {name!r} is not one of {', '.join(DTYPES)}")
    dtype = np.dtype(name)
    if len(digits) > 2 * dtype.itemsize * MAX_ELEMENTS:
        raise ValueError(f"array of more than {MAX_ELEMENTS} elements")
    if not digits.isalnum() and digits:
        raise ValueError("array bytes are not hexadecimal digits")
    bits = np.frombuffer(bytes.fromhex(digits), f"<u{dtype.itemsize}")
    if name == "bool" and (bits > 1).any():
        raise ValueError("a bool array has a byte that is neither 00 nor 01")
    return bits.astype(f"u{dtype.itemsize}").view(dtype)


def _spell(value: Any) -> Any:
    """The document with ``{"$float": "nan"}`` and the like for floats that JSON cannot write."""
    match value:
        case np.generic():
            return _spell(value.item())
        case float() if not math.isfinite(value):
            return {"$float": str(value)}
        case msgspec.Struct():
            return _rebuilt(value, _spell)
        case Mapping():
            return {key: _spell(v) for key, v in value.items()}
        case list() | tuple():
            return [_spell(v) for v in value]
        case _:
            return value


def _revive(value: Any) -> Any:
    """The document with the arrays and ``$float`` of its free-form fields, still JSON.

    A part of another schema is refused.
    """
    match value:
        case {"$array": _}:
            return _unpack(value)
        case {"$float": "nan" | "inf" | "-inf" as name} if len(value) == 1:
            return float(name)
        case {"$float": _}:
            raise ValueError('a float that is not finite is {"$float": "nan"}, "inf" or "-inf"')
        case msgspec.Struct():
            version = getattr(value, "schema", SCHEMA)
            if version != SCHEMA:
                raise ValueError(f"schema {version}; this layerproof reads {SCHEMA}")
            return _rebuilt(value, _revive)
        case Mapping():
            return {key: _revive(v) for key, v in value.items()}
        case list() | tuple():
            return type(value)(_revive(v) for v in value)
        case _:
            return value


def _rebuilt(struct: Any, change: Callable[[Any], Any]) -> Any:
    """The struct with ``change`` applied to each of its fields."""
    return type(struct)(**{f: change(getattr(struct, f)) for f in struct.__struct_fields__})
