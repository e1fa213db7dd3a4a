"""The time zone of an event is that of a place."""

from zoneinfo import ZoneInfo

import pytest

from services.events.brokerage.announcement import check_announcement
from services.events.brokerage.time_zones import place_zones
from shared.chassis.errors import Invalid
from shared.contracts.events import BrokerageEventAnnounced, BrokerageEventDrafted
from tests.events.factories import announced, midday

REFUSED = [
    "localtime",
    "posix/Europe/Rome",
    "right/Europe/Rome",
    "posixrules",
    "Factory",
    "UTC",
    "Etc/UTC",
    "GMT",
    "Etc/GMT-1",
    "EST5EDT",
    "CET",
    "Europe",
    "US/Eastern",
    "Asia/Calcutta",
    "europe/rome",
    "Europe/Rome/",
    "Europe/Atlantis",
    "zone.tab",
    "../Europe/Rome",
]


@pytest.mark.parametrize("name", [*REFUSED, "", " Europe/Rome", "Europe/Rome\n", "\x00"])
def test_a_name_that_is_no_place_is_refused_in_announcements_and_drafts(name: str) -> None:
    for kind in (BrokerageEventAnnounced, BrokerageEventDrafted):
        with pytest.raises(Invalid) as refused:
            check_announcement(announced(timezone=name), {"marble"}, kind)
        assert [error.field for error in refused.value.errors] == ["timezone"]


@pytest.mark.parametrize("name", ["Europe/Rome", "Europe/Vatican", "America/Argentina/Buenos_Aires", "Pacific/Chatham"])
def test_a_place_is_taken(name: str) -> None:
    assert check_announcement(announced(timezone=name), {"marble"}, BrokerageEventAnnounced).timezone == name


def test_every_place_has_its_rules_and_a_name_of_an_area_and_a_location() -> None:
    assert len(place_zones()) > 400
    for name in place_zones():
        assert "/" in name
        assert ZoneInfo(name).key == name
    assert midday() in place_zones()
