"""A scheduling instance is read as an event; what the API cannot carry is told. `end_to_end/on_demo` makes one."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from distretti.client.dates import next_day
from distretti.importers.dzn_event import read_b2b
from services.events.brokerage.announcement import Announcement
from services.events.scheduling.problem import ProblemError

SMALL = """
nBusiness = 4;
nMeetings = 4;
nTables = 2;
nTotalSlots = 4;
nMorningSlots = 2;
requested = [|1, 2, 1,
|3, 1, 3,
|4, 2, 2,
|2, 1, 3|];
forbidden = [{0, 4}, {0}, {0, 1, 2}, {0}];
fixed = [2, 0, 0, 0];
precedences = [{0}, {0, 1}, {0}, {0}];
"""
DAY = next_day(6, 10, date.today())
"""The one that is taken where none is given."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "small.one.dzn").write_text(SMALL)
    return tmp_path / "small.one.dzn"


def test_an_instance_is_read_the_same_each_time(file: Path) -> None:
    instance = read_b2b(file, DAY)
    assert instance == read_b2b(file, DAY)
    assert Announcement.model_validate(instance.brokerage_event).id == "b2b-small-one"
    assert instance.pairs == (("1", "2"), ("1", "3"), ("2", "4"))
    assert instance.unavailable == {"1": [4], "2": [], "3": [1, 2], "4": []}
    assert (
        len({line.name for line in instance.members.values()}) == len({line.identifiers for line in instance.members.values()}) == 4
    )


def test_slots_lie_in_one_day_with_lunch_between_the_sessions(file: Path) -> None:
    slots = read_b2b(file, DAY).brokerage_event["slots"]
    times = [(datetime.fromisoformat(slot["starts"]), datetime.fromisoformat(slot["ends"])) for slot in slots]
    assert [slot["session"] for slot in slots] == [1, 1, 2, 2]
    assert {starts.date() for starts, _ in times} == {DAY}
    assert all(ends < starts for (_, ends), (starts, _) in pairwise(times))
    assert times[2][0] - times[1][1] >= timedelta(hours=1)


def test_what_requests_cannot_express_is_reported_as_unsupported(file: Path) -> None:
    assert read_b2b(file, DAY).unsupported == (
        "meetings tied to one session: 2",
        "meetings fixed in a slot: 1",
        "orders between two meetings: 1",
        "further meetings of the same two: 1",
    )


def test_a_file_that_is_no_instance_is_refused(tmp_path: Path) -> None:
    (tmp_path / "wrong.dzn").write_text("nBusiness = 4;")
    with pytest.raises(ProblemError, match="nTotalSlots: is missing"):
        read_b2b(tmp_path / "wrong.dzn", DAY)
