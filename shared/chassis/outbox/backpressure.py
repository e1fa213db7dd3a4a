"""Backpressure from the outbox."""

from shared.chassis.errors import Unavailable
from shared.chassis.telemetry.metrics_and_traces import Metrics


class Backpressure:
    """The number of unsent events, measured once a second; commands are refused from `max_unsent` on.

    Their number counts and not their age: taking commands while Kafka is down is what an outbox is for, until it would
    fill the disk.
    """

    def __init__(self, max_unsent: int, metrics: Metrics) -> None:
        self.unsent = 0
        self._max_unsent = max_unsent
        self._metrics = metrics

    def check(self) -> None:
        """Raise Unavailable while the outbox is too full for another command."""
        if self.unsent < self._max_unsent:
            return
        self._metrics.refused.labels("outbox").inc()
        raise Unavailable("outbox-full")
