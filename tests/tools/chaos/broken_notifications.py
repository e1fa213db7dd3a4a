"""Notifications with a broken inbox, started by a test alone: `python -m tests.tools.chaos.broken_notifications`.

What comes again is applied again. The second defence is taken away too: ids of messages that are computed from event and
recipient would still make two of the same message one.
"""

import uuid
from collections.abc import Iterable, Mapping

from services.notifications import message_queue
from services.notifications.main import SERVICE
from shared.chassis.inbox.ordering import Sorted, T
from shared.chassis.reactions import consumer as reactions
from shared.chassis.runtime.application import run


def take_all(_last: int, arrived: Iterable[T], waiting: Iterable[T], _parked: Mapping[int, str], _dense: bool) -> Sorted[T]:
    """Put nothing in order and drop nothing."""
    return Sorted([*waiting, *arrived], [], 0)


if __name__ == "__main__":
    reactions.put_in_order = take_all
    message_queue.computed_id = lambda *_: uuid.uuid4().hex
    run(SERVICE)
