"""A rebuild in a process of its own, slow enough to be killed in the middle: `python -m tests.guarantees.rebuild_process`."""

import asyncio
import time
from dataclasses import replace

from shared.chassis.mongo import Document
from shared.chassis.received import Received
from shared.chassis.settings import Settings
from shared.contracts.base import DomainEvent
from tests.chassis.hearing import HEARING, MEMBERS_SEEN
from tests.guarantees.rebuilding import rebuilt


def fold(id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Fold as the service does, a tenth of a second each."""
    time.sleep(0.1)
    return MEMBERS_SEEN.fold(id, document, received, event)


asyncio.run(rebuilt(HEARING, Settings(), [replace(MEMBERS_SEEN, fold=fold)]))
