"""A failure as a standalone program: NumPy, the implementation, and nothing of layerproof.

What differs from one implementation to another (how to call it) is a template of its adapter; an
adapter without one gets a program that prints the case, to be replayed with layerproof.
"""

import inspect
import sys
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import jinja2
import numpy as np

from .. import adapters
from ..adapters.protocol import Case, encode
from .examined import Examined


def standalone(examined: Examined, property_: str, versions: Mapping[str, str]) -> str:
    """The program's text."""
    framework = "keras" if "keras" in versions else ""
    if not framework:
        return (
            "# Save this line as case.json, then: pytest --pyargs layerproof.conformance "
            f"--adapter=… --cases case.json\n# {encode(examined.case).decode()}\n"
        )
    template = files(adapters).joinpath(framework, "script.py.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701  (Python text)
    environment.filters["literal"] = literal
    refused = examined.refused
    expected = [] if refused else [want.value for want in examined.outputs(0)]
    return environment.from_string(template).render(
        case=examined.case,
        call=examined.case.calls[0],
        kind=examined.spec.kind,
        name=examined.case.item.split(".", 1)[1],
        property=property_,
        versions=dict(versions),
        expected=expected,
        refused=str(refused or ""),
        functions=_functions(examined.case.config),
    )


def _functions(config: Any) -> dict[str, str]:
    """Name -> source of the table functions that a configuration names."""
    match config:
        case {"$fn": str(name)}:
            line = inspect.getsource(sys.modules[Case.__module__]).split(f'"{name}": ', 1)[1]
            return {name: f"{name} = {line.splitlines()[0].removesuffix(',')}"}
        case dict():
            return {k: v for part in config.values() for k, v in _functions(part).items()}
        case list() | tuple():
            return {k: v for part in config for k, v in _functions(part).items()}
    return {}


def literal(value: Any) -> str:
    """Python source that gives exactly ``value``: arrays from their bytes."""
    match value:
        case np.ndarray() if value.dtype.kind in "OSU":
            return f"np.array({[str(s) for s in value.ravel()]!r}).reshape({value.shape!r})"
        case np.ndarray() if value.dtype.name == "bfloat16":
            wide = value.astype(np.float32)
            return f"{literal(wide)}.astype('bfloat16')"
        case np.ndarray():
            little = value.astype(value.dtype.newbyteorder("<"))
            digits = little.tobytes().hex()
            kind = little.dtype.str
            return f"np.frombuffer(bytes.fromhex({digits!r}), {kind!r}).reshape({value.shape!r})"
        case {"$item": str(item)}:
            config = value.get("config", {})
            inside = ", ".join(f"{k}={literal(v)}" for k, v in config.items())
            return f"keras.{item}({inside})"
        case {"$fn": str(name)}:
            return name
        case dict():
            return "{" + ", ".join(f"{k!r}: {literal(v)}" for k, v in value.items()) + "}"
        case tuple():
            return "(" + "".join(f"{literal(v)}, " for v in value) + ")"
        case list():
            return "[" + ", ".join(literal(v) for v in value) + "]"
    return repr(value)
