"""A rebuild in a process of its own, slow enough to be killed in the middle: `python -m tests.chassis.rebuild.rebuild_process`."""

import asyncio
import time
from dataclasses import replace

from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.contracts.base import DomainEvent
from tests.chassis.rebuild.fixtures import rebuilt
from tests.chassis.sample_service import GREETER, MEMBERS_SEEN


def fold(id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Fold as the service does, a tenth of a second each."""
    time.sleep(0.1)
    return MEMBERS_SEEN.fold(id, document, received, event)


asyncio.run(rebuilt(GREETER, Settings(), [replace(MEMBERS_SEEN, fold=fold)]))
