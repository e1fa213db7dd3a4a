"""Routes get the running service and its workers, by type."""

from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request

from shared.chassis.runtime.dependencies import running_service, worker


class Mailer:
    async def run(self) -> None: ...

    async def stop(self) -> None: ...


async def test_a_route_gets_the_runtime_and_its_worker() -> None:
    mailer = Mailer()

    def find(kind: type[Any]) -> Any:
        if kind is Mailer:
            return mailer
        raise LookupError

    runtime = SimpleNamespace(worker=find)
    request = Request({"type": "http", "app": SimpleNamespace(state=SimpleNamespace(runtime=runtime))})
    assert await running_service(request) is runtime  # type: ignore[comparison-overlap]
    assert await worker(Mailer)(request) is mailer
    with pytest.raises(LookupError):
        await worker(Ranker)(request)


class Ranker(Mailer): ...
