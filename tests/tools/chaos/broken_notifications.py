"""Notifications with a broken inbox, for a test: `python -m tests.tools.chaos.broken_notifications`.

Repeated records are applied twice. The second defence is removed too: message ids computed from event and recipient
would still deduplicate them.
"""

import uuid
from collections.abc import Iterable, Mapping

from services.notifications.main import SERVICE
from services.notifications.messages import ledger
from shared.chassis.inbox.ordering import Sorted, T
from shared.chassis.reactions import handler as reactions
from shared.chassis.runtime.application import run


def take_all(_last: int, arrived: Iterable[T], waiting: Iterable[T], _failed: Mapping[int, str], _dense: bool) -> Sorted[T]:
    """Neither sort nor deduplicate."""
    return Sorted([*waiting, *arrived], [], 0)


if __name__ == "__main__":
    reactions.put_in_order = take_all
    ledger.computed_id = lambda *_: uuid.uuid4().hex
    run(SERVICE)
