"""Aspect ``config``: get_config, through real JSON, from_config."""

from __future__ import annotations

import json
from typing import Any

import keras

from ..answering import NotSupported
from ..protocol import Case, ConfigTrip
from . import items, language
from .subject import Subject


def config(engine: Any, case: Case) -> ConfigTrip:
    """The layer made from another one's config, with the case's weights, and its first outputs."""
    subject = Subject(engine, case)
    match case.item:
        case "layers.Input":
            raise NotSupported("Input is a function: a tensor has no config")
        case "layers.InputSpec":
            said, missing, subject.layer.input_spec = round_trip(subject.layer.input_spec)
        case _:
            said, missing, subject.layer = round_trip(subject.layer)
    outputs = subject.call(subject.to_first_call())
    return ConfigTrip(said, missing, tuple(map(engine.array, outputs)))


def round_trip(made: Any) -> tuple[dict[str, Any], tuple[str, ...], Any]:
    """What an object's config says, which arguments it omits, and the object made from it."""
    plain = made.get_config()
    missing = tuple(n for n in items.own_parameters(type(made)) if n not in plain)
    with keras.saving.custom_object_scope(dict(language.FUNCTIONS)):
        again = type(made).from_config(json.loads(json.dumps(plain)))
    return language.spoken(json.loads(json.dumps(plain))), missing, again
