"""What an organiser sends to announce an event: districts and time zones that there are."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.events.brokerage.announcement import Announcement, check_announcement
from shared.chassis.errors import Invalid
from shared.contracts.events import BrokerageEventAnnounced, BrokerageEventDrafted
from tests.events.factories import announced, announcement, drafted

DISTRICTS = {"marble", "wood"}


def sent(**changes: Any) -> Announcement:
    return Announcement.model_validate(announcement(**changes))


def test_an_announcement_or_a_draft_becomes_its_domain_event() -> None:
    body = sent(id="fair", draft=True)
    assert check_announcement(body, DISTRICTS, BrokerageEventAnnounced) == announced()
    assert check_announcement(body, DISTRICTS, BrokerageEventDrafted) == drafted()


def test_a_district_that_is_named_twice_is_one() -> None:
    event = check_announcement(sent(districts=["wood", "marble", "wood"]), DISTRICTS, BrokerageEventAnnounced)
    assert event.districts == ("wood", "marble")


def test_an_unknown_district_is_named_with_those_that_there_are() -> None:
    with pytest.raises(Invalid) as refused:
        check_announcement(sent(districts=["marble", "atlantis"]), DISTRICTS, BrokerageEventAnnounced)
    [error] = refused.value.errors
    assert (error.field, error.message.params) == ("districts.1", {"district": "atlantis", "allowed": "marble, wood"})


@pytest.mark.parametrize("timezone", ["Europe/Atlantis", "Europe", "../etc/passwd", "/etc/localtime", "x" * 60, "Europe/\x00Rome"])
def test_a_time_zone_is_one_of_the_database_and_no_file(timezone: str) -> None:
    body = announced().model_copy(update={"timezone": timezone})
    with pytest.raises(Invalid) as refused:
        check_announcement(body, DISTRICTS, BrokerageEventAnnounced)
    assert [error.field for error in refused.value.errors] == ["timezone"]


@pytest.mark.parametrize("id", ["a:b", "", "-a", "a b", "é", "a" * 101])
def test_an_id_has_no_sign_that_claims_are_parted_by(id: str) -> None:
    with pytest.raises(ValidationError) as refused:
        sent(id=id)
    assert [error["loc"] for error in refused.value.errors()] == [("id",)]
