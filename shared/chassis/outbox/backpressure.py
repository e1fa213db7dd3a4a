"""Backpressure from the outbox."""

from shared.chassis.errors import Unavailable


class Backpressure:
    """The number of unsent events, measured once a second; commands are refused from `max_unsent` on.

    Their number counts and not their age: taking commands while Kafka is down is what an outbox is for, until it would
    fill the disk.
    """

    def __init__(self, max_unsent: int) -> None:
        self.unsent = 0
        self._max_unsent = max_unsent

    def check(self) -> None:
        """Raise Unavailable while the outbox is too full for another command."""
        if self.unsent >= self._max_unsent:
            raise Unavailable("outbox-full", reason="outbox")
