"""Meetings as they are requested: who is in them, and who comes for whom."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.events.meeting.schemas import Acceptance, Request
from shared.contracts.events import MeetingRequested

REQUEST: dict[str, Any] = {"by": "anna", "towards": "bruno", "mode": "b2b"}


def test_a_request_names_the_people_of_each_member_in_the_order_of_ids() -> None:
    body = Request.model_validate({**REQUEST, "others": ["carla"], "slot": 2, "representatives": {"carla": "r3", "anna": "r1"}})
    assert body.members == ("anna", "bruno", "carla")
    assert body.requested("fair") == MeetingRequested(
        event_id="fair",
        mode="b2b",
        by="anna",
        towards="bruno",
        others=("carla",),
        slot=2,
        people=("anna:r1", "carla:r3"),
    )


def test_who_accepts_may_name_its_representative() -> None:
    assert Acceptance(by="bruno", representative="r2").person == "bruno:r2"
    assert Acceptance(by="bruno").person is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slot": 0}, "slot"),
        ({"table": 501}, "table"),
        ({"mode": "b2c"}, "mode"),
        ({"others": [str(number) for number in range(9)]}, "others"),
        ({"representatives": {"anna": "r:1"}}, "representatives"),
        ({"person": "anna:r1"}, "person"),
    ],
)
def test_a_wrong_field_is_refused_and_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Request.model_validate({**REQUEST, **change})
    assert [error["loc"][0] for error in refused.value.errors()] == [field]
