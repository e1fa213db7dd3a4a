"""Why an event is published: what its envelope says of the command behind it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """Where a command comes from: the chain it belongs to, the event that caused it, the district it is for."""

    correlation: str
    causation: str | None = None
    district: str | None = None
    traceparent: str | None = None
