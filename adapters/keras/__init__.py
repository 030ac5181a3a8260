"""The Keras adapter: any Keras from 3.0 up, on TensorFlow, JAX or PyTorch, by name.

An item is looked up in the installed Keras (``layers.Dense`` is ``keras.layers.Dense``); what that
version lacks is ``NotSupported``. Nothing heavy is imported before an adapter is made.

    startup      chooses the backend and the device, imports Keras
    on_*         what differs between backends: tensors, gradients, compilation
    items        names and arguments of the installed Keras
    language     the values of ``Case.config`` as Keras objects, and back
    specs        Input and InputSpec, which are no layers
    kernels      what a backend says when it cannot compute a dtype or layout
    subject      a layer, brought through the steps of a case
    and one module per group of aspects
"""

from __future__ import annotations

import importlib
import zlib
from typing import TYPE_CHECKING

from .. import protocol
from ..answering import NotSupported
from . import kernels, startup

if TYPE_CHECKING:
    from typing import Any

ASPECTS = {
    "forward": ("forward", "forward"),
    "gradients": ("gradients", "gradients"),
    "shape": ("shapes", "shape"),
    "config": ("configs", "config"),
    "weights": ("variables", "weights"),
    "initial": ("variables", "initial"),
    "constraint": ("gradients", "constraint"),
    "save": ("functional", "save"),
    "compiled": ("functional", "compiled"),
    "mixed": ("forward", "mixed"),
    "sample": ("functions", "sample"),
    "invalid": ("forward", "invalid"),
}
"""Aspect -> module and function that answers it for a layer."""


class Adapter:
    """Keras as an implementation under test.

    backend   tensorflow, jax or torch; None is Keras's own choice (``KERAS_BACKEND``, its
              configuration file), or the first that is installed
    device    ``cpu`` or ``cuda``

    Raises RuntimeError if the backend is not installed, another one is already loaded, or there is
    no such device.
    """

    name = "keras"

    def __init__(self, backend: str | None = None, device: str = "cpu") -> None:
        self.engine = startup.start(backend, device)

    def versions(self) -> dict[str, str]:
        """The versions of everything that computes."""
        return startup.versions(self.engine)

    def forward(self, case: protocol.Case) -> protocol.Forward:
        """Outputs, masks, losses and state of every call."""
        return self._answer("forward", case)

    def gradients(self, case: protocol.Case) -> protocol.Gradients:
        """Of Σ cotangent · output of the last call, by the backend's own differentiation."""
        return self._answer("gradients", case)

    def shape(self, case: protocol.Case) -> protocol.Shapes:
        """Shapes and dtypes of the first call's outputs, without running it."""
        return self._answer("shape", case)

    def config(self, case: protocol.Case) -> protocol.ConfigTrip:
        """get_config, through JSON, from_config."""
        return self._answer("config", case)

    def weights(self, case: protocol.Case) -> protocol.WeightList:
        """The variables, and get and set."""
        return self._answer("weights", case)

    def initial(self, case: protocol.Case) -> protocol.Initial:
        """Weights of two fresh layers."""
        return self._answer("initial", case)

    def constraint(self, case: protocol.Case) -> protocol.Stepped:
        """Trainable weights after a step of ``keras.optimizers.SGD``."""
        return self._answer("constraint", case)

    def save(self, case: protocol.Case) -> protocol.Reloaded:
        """Outputs before and after a ``.keras`` file."""
        return self._answer("save", case)

    def compiled(self, case: protocol.Case) -> protocol.Compiled:
        """Outputs by way of a functional model and of the backend's compiler."""
        return self._answer("compiled", case)

    def mixed(self, case: protocol.Case) -> protocol.Mixed:
        """Outputs and variable dtypes under a mixed policy."""
        return self._answer("mixed", case)

    def sample(self, case: protocol.Case) -> protocol.Samples:
        """Independent draws."""
        return self._answer("sample", case)

    def invalid(self, case: protocol.Case) -> protocol.Accepted:
        """Run the case; the documented error is expected on the way."""
        return self._answer("invalid", case)

    def _answer(self, aspect: str, case: protocol.Case) -> Any:
        """Look up who answers, and run it with fixed seeds, in the case's precision."""
        module, function = ASPECTS[aspect]
        if not case.item.startswith("layers."):
            module = "functions"
        answerer = importlib.import_module(f".{module}", __name__)
        answer = getattr(answerer, function, None) or answerer.not_supported(aspect)
        with self.engine.scope(case.dtype):
            self.engine.seed(zlib.crc32(protocol.encode(case)))
            try:
                return answer(self.engine, case)
            except ImportError as error:
                raise NotSupported(f"not installed here: {error}") from error
            except Exception as error:
                reason = kernels.lacking(self.engine.name, error)
                if reason and aspect != "invalid":
                    raise NotSupported(f"{self.engine.name} has no kernel: {reason}") from error
                raise


def adapter(option: str = "", device: str = "cpu") -> Adapter:
    """``--adapter=keras`` (no option) or ``keras:BACKEND``."""
    return Adapter(option or None, device)
