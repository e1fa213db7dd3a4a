"""When all lists are rebuilt instead of those that a change affects."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class RebuildPolicy:
    """A full rebuild weighs the words anew; between two they keep their weights.

    Only changes to profiles ask for one: always below `small_corpus` members, since it takes a second or two; else where one
    batch changes more than `batch_share` of the members or affects more than `affected_share` of the lists, or all batches
    since the last rebuild change more than `drift_share` of the members; and after any change, once nothing was dirty for
    `idle_time`.
    """

    small_corpus: int = 1000
    batch_share: float = 0.02
    affected_share: float = 0.5
    drift_share: float = 0.1
    idle_time: timedelta = timedelta(hours=1)

    def requires_rebuild(self, changed: int, drifted: int, members: int) -> bool:
        """Whether a batch that changed some profiles, after others since the last rebuild, requires a full rebuild."""
        if not changed:
            return False
        return members < self.small_corpus or changed > self.batch_share * members or changed + drifted > self.drift_share * members

    def affects_most(self, affected: int, members: int) -> bool:
        """Whether a batch affects so many lists that a full rebuild costs no more."""
        return affected > self.affected_share * members

    def is_due(self, drifted: int, idle: timedelta) -> bool:
        """Whether it is quiet enough for a full rebuild that nothing requires."""
        return drifted > 0 and idle >= self.idle_time
