"""What a subscription feeds: a projection or a reaction."""

from collections.abc import Sequence
from typing import Protocol

from shared.chassis.inbox.dry_run import Rehearsal
from shared.chassis.inbox.message import Received
from shared.chassis.kafka.topics import Partitions
from shared.contracts.topics import Topic


class Handler(Protocol):
    """Applies events in order per lane, and keeps what it cannot apply yet in the waiting room."""

    name: str
    topics: tuple[Topic, ...]

    async def consume(self, batch: Sequence[Received]) -> None:
        """Apply a batch. Raises only what is temporary: the same batch is then given again."""
        ...

    async def redrive(self, partitions: Partitions) -> None:
        """Try again what waits, on these partitions, for a fact that is known by now."""
        ...

    async def resume(self, lane: str, retried: int | None = None) -> None:
        """Apply what is ready in a lane, with the parked event `retried` tried once more."""
        ...

    async def rehearse(self, lane: str, retried: int) -> Rehearsal:
        """Tell what trying a parked event once more would do, and change nothing."""
        ...
