"""An identifier of an organisation as it is stored."""

from dataclasses import dataclass

from shared.contracts.registry import Scheme


@dataclass(frozen=True)
class Identifier:
    scheme: Scheme
    value: str
