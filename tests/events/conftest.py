"""The database of events alone, for what is read without a running service."""

from collections.abc import AsyncIterator

import pytest

from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo


@pytest.fixture
async def mongo(settings: Settings) -> AsyncIterator[Mongo]:
    opened = Mongo(settings.mongo_url, settings.named("events"), 10)
    yield opened
    opened.close()
