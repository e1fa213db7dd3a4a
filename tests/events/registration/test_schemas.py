"""Registrations as they are sent and answered."""

from typing import Any

from services.events.registration.schemas import RegistrationRequest
from tests.events.factories import event_state


def test_who_does_not_say_how_it_attends_does_as_the_event_is() -> None:
    def attends(kind: str, **details: Any) -> str:
        return RegistrationRequest(member_id="anna", **details).participation("fair", event_state(format=kind)).attends

    assert [attends(kind) for kind in ("on-site", "hybrid", "virtual")] == ["on-site", "on-site", "virtual"]
    assert (attends("hybrid", attends="virtual"), attends("virtual", attends="on-site")) == ("virtual", "on-site")
