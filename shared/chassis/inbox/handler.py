"""What a subscription feeds: a projection or a reaction."""

from collections.abc import Sequence
from typing import Protocol

from shared.chassis.inbox.dry_run import DryRunResult
from shared.chassis.inbox.message import Received
from shared.chassis.kafka.topics import Partitions
from shared.contracts.topics import Topic


class Handler(Protocol):
    """Applies the events of each stream in sequence, and holds those it cannot apply yet."""

    name: str
    topics: tuple[Topic, ...]

    async def consume(self, batch: Sequence[Received]) -> None:
        """Apply a batch. Raises only temporary errors: the same batch is then passed in again."""
        ...

    async def redrive(self, partitions: Partitions) -> None:
        """Retry the held events of these partitions whose awaited fact has been applied since."""
        ...

    async def resume(self, stream: str, retried: int | None = None) -> None:
        """Apply the held events of a stream that are next, with the dead letter of sequence `retried`."""
        ...

    async def dry_run(self, stream: str, retried: int) -> DryRunResult:
        """Report what the retry of a dead letter would do, and change nothing."""
        ...
