"""Items that stand among the layers and are none: the layer that each is tested as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from .language import Maker


def input_model(maker: Maker, config: Mapping[str, Any]) -> Any:
    """``Input``: the model whose only tensor it is."""
    tensor = config.get("tensor")
    if isinstance(tensor, np.ndarray):
        dtype = keras.backend.standardize_dtype(tensor.dtype)
        config = dict(config) | {"tensor": keras.KerasTensor(tensor.shape, dtype)}
    elif config.get("dtype") is None:
        config = dict(config) | {"dtype": maker.dtype}
    symbol = maker.item("layers.Input", config)
    return keras.Model(symbol, symbol)


def guarded_identity(maker: Maker, config: Mapping[str, Any]) -> Any:
    """``InputSpec``: an Identity that has it as its ``input_spec``. JSON has no integer keys."""
    if config.get("axes"):
        config = dict(config) | {"axes": {int(axis): n for axis, n in config["axes"].items()}}
    layer = maker.item("layers.Identity", {})
    layer.input_spec = maker.item("layers.InputSpec", config)
    return layer


TESTED_AS = {"layers.Input": input_model, "layers.InputSpec": guarded_identity}
"""Item -> what makes its layer."""
