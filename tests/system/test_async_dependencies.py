"""No route has a synchronous dependency: FastAPI would run each in a thread of its pool, for every request."""

from collections.abc import Iterator
from inspect import iscoroutinefunction, isfunction
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from services.events.main import SERVICE as EVENTS
from services.matching.main import SERVICE as MATCHING
from services.notifications.main import SERVICE as NOTIFICATIONS
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.runtime.service import Service


def routes_of(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from routes_of(route.original_router)  # type: ignore[attr-defined]


def calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for dependency in dependant.dependencies:
        yield from calls(dependency)


def is_async(call: Any) -> bool:
    return iscoroutinefunction(call if isfunction(call) else type(call).__call__)


@pytest.mark.parametrize("service", [REGISTRY, MATCHING, EVENTS, NOTIFICATIONS], ids=lambda service: service.name)
def test_every_dependency_is_async(service: Service) -> None:
    functions = {call for route in routes_of(service.router) for call in calls(route.dependant)}
    assert functions
    assert [call for call in functions if not is_async(call)] == []
