"""What the parts of a runtime are asked for."""

import asyncio
from dataclasses import replace

import pytest

from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.polling_worker import PollingWorker
from tests.chassis.sample_service import GREETER
from tests.lib.services import eventually


class Mailer(PollingWorker):
    def __init__(self) -> None:
        super().__init__(self.send, name="mailer", interval=3600)
        self.rounds = 0

    async def send(self) -> None:
        self.rounds += 1


class Ranker(Mailer): ...


async def test_a_worker_is_found_by_its_type(settings: Settings) -> None:
    mailer = Mailer()
    runtime = Runtime(replace(GREETER, workers=lambda _: [mailer]), settings)
    assert runtime.worker(Mailer) is mailer
    with pytest.raises(LookupError, match="Ranker"):
        runtime.worker(Ranker)


async def test_a_worker_is_woken_by_its_type(settings: Settings) -> None:
    mailer = Mailer()
    runtime = Runtime(replace(GREETER, workers=lambda _: [mailer]), settings)
    running = asyncio.create_task(mailer.run())

    async def rounds(number: int) -> bool:
        return mailer.rounds == number

    await eventually(lambda: rounds(1))
    runtime.wake(Ranker)
    runtime.wake(Mailer)
    await eventually(lambda: rounds(2))
    await mailer.stop()
    await running
