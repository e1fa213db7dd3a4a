"""Registrations as they are sent and answered."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.events.registration.schemas import RegistrationRequest
from tests.events.factories import event_state


def test_who_does_not_say_how_it_attends_does_as_the_event_is() -> None:
    def attends(kind: str, **details: Any) -> str:
        return RegistrationRequest(member_id="anna", **details).participation("fair", event_state(format=kind)).attends

    assert [attends(kind) for kind in ("on-site", "hybrid", "virtual")] == ["on-site", "on-site", "virtual"]
    assert (attends("hybrid", attends="virtual"), attends("virtual", attends="on-site")) == ("virtual", "on-site")


def test_a_request_is_written_as_domain_events_have_it() -> None:
    request = RegistrationRequest(member_id="anna", unavailable=[3, 1], languages=["it"], most_meetings=4, fixed_table=True)
    written = request.participation("fair", event_state())
    assert (written.event_id, written.member_id, written.unavailable) == ("fair", "anna", (3, 1))
    assert (written.languages, written.most_meetings, written.fixed_table) == (("it",), 4, True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"member_id": ""}, "member_id"),
        ({"most_meetings": 0}, "most_meetings"),
        ({"min_break": -1}, "min_break"),
        ({"attends": "remote"}, "attends"),
        ({"representatives": [{"id": "r:1"}]}, "representatives"),
        ({"table": 3}, "table"),
    ],
)
def test_a_wrong_field_is_refused_and_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        RegistrationRequest.model_validate({"member_id": "anna", **change})
    assert [error["loc"][0] for error in refused.value.errors()] == [field]
