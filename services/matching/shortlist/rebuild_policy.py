"""When every list is made again instead of those that a change touches."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Policy:
    """A full pass weighs the words anew; until the next one they keep their weights.

    It is made for changes to profiles alone: below `few` members always, since it takes a second or two; else where one burst
    changes more than `share` of the members or touches more than `most` of the lists, or all bursts since the last pass change
    more than `drift` of the members; and whatever has changed, once nothing was marked for `calm`.
    """

    few: int = 1000
    share: float = 0.02
    most: float = 0.5
    drift: float = 0.1
    calm: timedelta = timedelta(hours=1)

    def asks_for_a_pass(self, changed: int, drifted: int, members: int) -> bool:
        """Tell whether a burst that changed some profiles, after others since the last pass, needs a full pass."""
        if not changed:
            return False
        return members < self.few or changed > self.share * members or changed + drifted > self.drift * members

    def is_nearly_a_pass(self, touched: int, members: int) -> bool:
        """Tell whether a burst touches so many lists that all may as well be made again."""
        return touched > self.most * members

    def is_due(self, drifted: int, idle: timedelta) -> bool:
        """Tell whether it is quiet enough for a full pass that nothing presses for."""
        return drifted > 0 and idle >= self.calm
