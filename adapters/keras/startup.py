"""Choose Keras's backend and device, once per process, and import Keras."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

BACKENDS = ("tensorflow", "jax", "torch")


def start(backend: str | None, device: str) -> Any:
    """Import Keras on this backend and give what drives it; see the class ``Adapter``."""
    name = backend or own_choice()
    if name not in BACKENDS:
        raise RuntimeError(f"backend {name!r} is not one of {', '.join(BACKENDS)}")
    for package in ("keras", name):
        if importlib.util.find_spec(package) is None:
            raise RuntimeError(f"keras:{name} needs the package {package}, which is not installed")
    os.environ["KERAS_BACKEND"] = name
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # Keras loads TensorFlow for others too
    engine = importlib.import_module(f".on_{name}", __package__).Engine(device)
    import keras

    if keras.backend.backend() != name:
        raise RuntimeError(
            f"this process has loaded Keras on {keras.backend.backend()}, not {name}: "
            "a backend is chosen once per process"
        )
    return engine


def own_choice() -> str:
    """What Keras would choose, or else the first backend that is installed."""
    if "keras" in sys.modules:
        return sys.modules["keras"].backend.backend()
    if os.environ.get("KERAS_BACKEND"):
        return os.environ["KERAS_BACKEND"]
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    try:
        chosen = json.loads((home / "keras.json").read_text()).get("backend", BACKENDS[0])
    except (OSError, ValueError):
        chosen = BACKENDS[0]
    installed = [name for name in (chosen, *BACKENDS) if importlib.util.find_spec(name)]
    return installed[0] if installed else chosen


def versions(engine: Any) -> dict[str, str]:
    """Distribution name -> version, and which backend it is."""
    packages = ("keras", engine.package, "numpy", "ml_dtypes")
    return {p: metadata.version(p) for p in packages} | {"backend": engine.name}
