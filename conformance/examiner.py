"""Ask the implementation one case and judge it by some properties."""

from collections.abc import Sequence

from ..adapters.client import Client, InProcess
from ..adapters.protocol import Forward, Unsupported
from .examined import Examined
from .observation import Observation
from .properties import Property


class Examiner:
    """The link between cases and one implementation."""

    def __init__(self, client: Client | InProcess) -> None:
        self.client = client

    def ask(self, examined: Examined, properties: Sequence[Property]) -> None:
        """One message with every aspect that the properties need; then the laws' derived cases."""
        aspects = dict.fromkeys(aspect for p in properties for aspect in p.aspects)
        laws = aspects.pop("laws", "absent") is None
        wanted = [aspect for aspect in aspects if aspect not in examined.answers]
        if wanted:
            examined.take(self.client.ask(examined.case, wanted))
        if laws and isinstance(examined.answers.get("forward"), Forward):
            self._ask_laws(examined)

    def examine(self, examined: Examined, properties: Sequence[Property]) -> dict[str, Observation]:
        """Property name -> observation of the case."""
        self.ask(examined, properties)
        return {p.name: p.judge(examined) for p in properties}

    def _ask_laws(self, examined: Examined) -> None:
        for law in examined.spec.laws:
            derived = law.derive(examined.case)
            if derived is not None:
                outcome = self.client.ask(derived, ("forward",))
                examined.seconds += outcome.seconds
                examined.answers[f"law {law.name}"] = outcome.answers["forward"]


def expressible(examined: Examined) -> bool:
    """Whether the adapter could express the case at all."""
    asked = [a for aspect, a in examined.answers.items() if not aspect.startswith("law ")]
    return not asked or not all(isinstance(answer, Unsupported) for answer in asked)
