"""What waits to be sent, as seen by those who would add to it."""

from shared.chassis.errors import Unavailable
from shared.chassis.telemetry.metrics_and_traces import Metrics


class Backlog:
    """The unsent events of a service, measured once a second; commands are refused while there are more than `most`.

    It is their number that counts and not their age: taking commands while Kafka is away is what an outbox is for, until
    it would fill the disk.
    """

    def __init__(self, most: int, metrics: Metrics) -> None:
        self.unsent = 0
        self._most = most
        self._metrics = metrics

    def check(self) -> None:
        """Raise Unavailable while a command would add to too much."""
        if self.unsent < self._most:
            return
        self._metrics.refused.labels("outbox").inc()
        raise Unavailable("outbox-full")
