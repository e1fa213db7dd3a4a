"""Who is told what."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.notices.agenda import agenda, closing
from services.notifications.notices.catalogue import TELLINGS, broadcast_of, brokerage_event_of
from services.notifications.notices.context import Known, Notice
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import (
    Absence,
    AgendaPublished,
    AppointmentDropped,
    AppointmentMade,
    AppointmentProposed,
    BrokerageEventClosed,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingHeld,
    MeetingMissed,
    MeetingRequested,
    OutcomeRecorded,
    ParticipantCheckedIn,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    Placement,
    RegistrationOpened,
    RequestsExpired,
    Unanswered,
    Unplaced,
)
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved
from tests.notifications.factories import ANNOUNCED, KNOWN_BROKERAGE, STARTS

MEMBERS = ("a", "b", "c", "d", "e")
KNOWN = Known({member: f"Org {member}" for member in MEMBERS}, KNOWN_BROKERAGE, meetings={"a": ("a", "b", "c")})
REASON = LocalizedText(it="nessuno slot comune", en="no common slot")
PAIRS = st.tuples(st.sampled_from(MEMBERS), st.sampled_from(MEMBERS)).filter(lambda pair: pair[0] < pair[1])


def told(event: DomainEvent) -> list[Notice]:
    """What is told of an event that happened to aggregate `a`."""
    telling = TELLINGS[type(event)]
    assert set(telling.members("a", event)) <= set(MEMBERS)
    return list(telling.notices("a", 1, event, KNOWN))


def whom(event: DomainEvent) -> list[tuple[str, str]]:
    return [(notice.template, notice.recipient) for notice in told(event)]


def test_each_event_has_its_recipients() -> None:
    assert whom(MemberApproved()) == [("welcome", "a")]
    assert whom(IntroductionMade(mode="b2b", members=("a", "b"))) == [("introduction", "a"), ("introduction", "b")]
    assert whom(ParticipantRegistered(event_id="e", member_id="c")) == [("registration", "c")]
    assert whom(ParticipantPutOnStandby(event_id="e", member_id="c", since=STARTS)) == [("standby", "c")]
    assert whom(MeetingRequested(event_id="e", mode="b2b", by="a", towards="b")) == [("meeting-requested", "b")]
    assert whom(ParticipantWithdrew(event_id="e", member_id="c")) == [("withdrawal", "c")]
    assert whom(ParticipantCheckedIn(event_id="e", member_id="c")) == [("checked-in", "c")]
    lapsed = [Unanswered(meeting_id=f"m{one}", asked=(one,)) for one in "bcd"]
    assert whom(RequestsExpired(event_id="e", member_id="a", unanswered=tuple(lapsed))) == [("requests-expired", "a")]


def test_who_only_says_how_it_takes_part_is_not_told_again_that_it_does() -> None:
    assert whom(ParticipantRegistered(event_id="e", member_id="c", again=True)) == []
    assert whom(ParticipantPutOnStandby(event_id="e", member_id="c", since=STARTS, again=True)) == []
    assert broadcast_of(RegistrationOpened()) == "registration-open"
    assert broadcast_of(RegistrationOpened(again=True)) is None
    assert broadcast_of(ANNOUNCED) == "event-announced"


def test_what_one_side_of_a_meeting_does_is_told_to_the_others() -> None:
    def all_but(by: str | None, template: str) -> list[tuple[str, str]]:
        return [(template, side) for side in ("a", "b", "c") if side != by]

    for by in ("b", None):
        assert whom(MeetingCancelled(event_id="e", by=by, reason="r")) == all_but(by, "meeting-cancelled")
        assert whom(MeetingCancelled(event_id="e", reason="r", by_manager=True)) == all_but(None, "meeting-cancelled")
        assert whom(MeetingMissed(event_id="e", by=by, absent=("a",))) == all_but(by, "meeting-missed")
    assert whom(MeetingAccepted(event_id="e", by="b", towards="a")) == all_but("b", "meeting-accepted")
    assert whom(MeetingDeclined(event_id="e", by="b", towards="a", reason="r")) == all_but("b", "meeting-declined")
    asker, other = told(MeetingAccepted(event_id="e", by="b", towards="a"))
    assert (asker.facts["asked"], other.facts["asked"], other.facts["by"]) == (True, False, "Org b")
    assert whom(AppointmentProposed(event_id="e", by="c", slot=2)) == all_but("c", "appointment-proposed")
    assert whom(AppointmentMade(event_id="e", slot=2, table=1, people=("a", "b", "c"))) == all_but(None, "appointment")
    dropped = AppointmentDropped(event_id="e", slot=2, table=1, reason=LocalizedText(it="chiuso", en="closed"))
    assert whom(dropped) == all_but(None, "appointment-dropped")
    assert whom(OutcomeRecorded(event_id="e", by="a", outcome="nda")) == all_but("a", "outcome")
    assert whom(MeetingHeld(event_id="e", by="b")) == []
    assert whom(MeetingHeld(event_id="e", by="b", absent=("a",))) == [("meeting-missed", "a")]
    assert whom(MeetingHeld(event_id="e", by="a", absent=("a",))) == [], "it said so itself"
    absent, present = told(MeetingMissed(event_id="e", by="c", absent=("a",)))
    assert (absent.facts["you"], present.facts["you"], present.facts["absent"]) == (True, False, "Org a")


def test_who_met_is_thanked_for_the_meetings_that_took_place() -> None:
    version = {"placements": [placed("m1", ("a", "b"), 2), placed("m2", ("b", "c"), 1), placed("m3", ("a", "c"), 3)]}
    appointment = Placement(meeting_id="m4", members=("b", "d"), slot=4, table=1)
    closed = BrokerageEventClosed(agenda=3, not_held=("m3",), appointments=(appointment,))
    notices = closing("e", 9, closed, Known(KNOWN.names, KNOWN_BROKERAGE, version))
    assert {one.recipient: [meeting["partner"] for meeting in one.facts["meetings"]] for one in notices} == {
        "a": ["Org b"],
        "b": ["Org c", "Org a", "Org d"],
        "c": ["Org b"],
        "d": ["Org b"],
    }
    assert closing("e", 9, BrokerageEventClosed(), Known({}, KNOWN_BROKERAGE)) == []
    absent = closed.model_copy(update={"absences": (Absence(meeting_id="m1", members=("a",)),)})
    without = closing("e", 9, absent, Known(KNOWN.names, KNOWN_BROKERAGE, version))
    assert {one.recipient: len(one.facts["meetings"]) for one in without} == {"b": 3, "c": 1, "d": 1}, "who was not there had none"


def test_who_was_still_to_meet_somebody_is_told_that_it_will_not() -> None:
    version = {"placements": [placed("m1", ("a", "b"), 1), placed("m2", ("a", "c"), 2), placed("m3", ("b", "c"), 2)]}
    appointment = Placement(meeting_id="m4", members=("b", "d"), slot=4, table=1)
    closed = BrokerageEventClosed(agenda=3, not_held=("m2", "m3"), called_off=("m2",), appointments_off=(appointment,))
    notices = closing("e", 9, closed, Known(KNOWN.names, KNOWN_BROKERAGE, version))
    lists = {
        one.recipient: [[meeting["partner"] for meeting in one.facts[which]] for which in ("meetings", "off")] for one in notices
    }
    assert lists == {
        "a": [["Org b"], ["Org c"]],
        "b": [["Org a"], ["Org d"]],
        "c": [[], ["Org a"]],
        "d": [[], ["Org b"]],
    }


def test_who_agreed_on_what_never_took_place_is_told_in_the_same_message_but_for_who_withdrew() -> None:
    version = {"placements": [placed("m1", ("a", "b"), 1)]}
    known = Known(KNOWN.names, KNOWN_BROKERAGE, version, {"m2": ("a", "c"), "m3": ("a", "b", "d")})
    closed = BrokerageEventClosed(agenda=3, without_place=("m2", "m3"), gone=("c",), registered=("a", "e"))
    notices = closing("e", 9, closed, known)
    assert {one.recipient: (len(one.facts["meetings"]), one.facts["unplaced"]) for one in notices} == {
        "a": (1, ["Org b, Org d", "Org c"]),
        "b": (1, ["Org a, Org d"]),
        "d": (0, ["Org a, Org b"]),
        "e": (0, []),
    }


def placed(id: str, members: tuple[str, str], slot: int) -> dict[str, Any]:
    return Placement(meeting_id=id, members=members, slot=slot, table=1).model_dump()


def test_the_two_of_an_introduction_are_named_to_each_other() -> None:
    first, second = told(IntroductionMade(mode="f2b", members=("a", "b")))
    assert (first.facts["name"], first.facts["partner"]) == ("Org a", "Org b")
    assert (second.facts["name"], second.facts["partner"]) == ("Org b", "Org a")


def test_an_event_about_a_brokerage_event_says_which() -> None:
    assert brokerage_event_of("r", ParticipantRegistered(event_id="e", member_id="c")) == "e"
    assert brokerage_event_of("e", BrokerageEventClosed()) == "e"
    assert brokerage_event_of("m", MemberApproved()) is None


def placements(prefix: str, seats: list[tuple[tuple[str, str], int, int]]) -> tuple[Placement, ...]:
    return tuple(
        Placement(meeting_id=f"{prefix}{number}", members=pair, slot=slot, table=table)
        for number, (pair, slot, table) in enumerate(seats)
    )


@given(
    st.lists(st.tuples(PAIRS, st.integers(1, 4), st.integers(1, 3)), max_size=8),
    st.lists(PAIRS, max_size=4),
    st.lists(st.tuples(PAIRS, st.integers(1, 4), st.integers(1, 3)), max_size=3),
)
def test_an_agenda_gives_each_participant_all_its_meetings_once(
    placed: list[tuple[tuple[str, str], int, int]],
    left: list[tuple[str, str]],
    booked: list[tuple[tuple[str, str], int, int]],
) -> None:
    event = AgendaPublished(
        event_id="e",
        placements=placements("m", placed),
        appointments=placements("a", booked),
        unplaced=tuple(Unplaced(meeting_id=f"u{number}", members=pair, reason=REASON) for number, pair in enumerate(left)),
        status="optimal",
        breaks=0,
        bound=0,
        input="i",
    )
    notices = agenda("e", 2, event, KNOWN)
    assert [notice.recipient for notice in notices] == sorted(
        {member for pair in (*(p[0] for p in (*placed, *booked)), *left) for member in pair}
    )
    assert set(TELLINGS[AgendaPublished].members("e", event)) == {notice.recipient for notice in notices}
    assert Counter({notice.recipient: len(notice.facts["meetings"]) for notice in notices}) == Counter(
        member for pair, _, _ in (*placed, *booked) for member in pair
    )
    assert Counter(
        {notice.recipient: sum("appointment" in one for one in notice.facts["meetings"]) for notice in notices}
    ) == Counter(member for pair, _, _ in booked for member in pair)
    assert Counter({notice.recipient: len(notice.facts["unplaced"]) for notice in notices}) == Counter(
        member for pair in left for member in pair
    )
    for notice in notices:
        starts = [meeting["starts"] for meeting in notice.facts["meetings"]]
        assert starts == sorted(starts)
        assert all(start >= STARTS for start in starts)
