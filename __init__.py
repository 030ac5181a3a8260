"""layerproof: a reference spec and conformance suite for the Keras 3 Layers API."""

__version__ = "0.1.0"
