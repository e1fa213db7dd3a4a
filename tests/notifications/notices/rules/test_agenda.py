"""Who is notified of an agenda, and of the end of an event."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.notices.context import Context, Notice
from services.notifications.notices.facts import AgendaFacts, Closing
from services.notifications.notices.rules.agenda import agenda, closing, correction
from services.notifications.notices.rules.catalogue import RULES
from services.notifications.read_models import Agenda, PlacedMeeting
from shared.contracts.base import LocalizedText
from shared.contracts.events import Absence, AgendaPublished, BrokerageEventClosed, BrokerageEventCorrected, Placement, Unplaced
from tests.notifications.factories import ANNOUNCED, BROKERAGE_EVENT, STARTS

MEMBERS = ("a", "b", "c", "d", "e")
NAMES = {member: f"Org {member}" for member in MEMBERS}
CONTEXT = Context(NAMES, BROKERAGE_EVENT)
REASON = LocalizedText(it="nessuno slot comune", en="no common slot")
PAIRS = st.tuples(st.sampled_from(MEMBERS), st.sampled_from(MEMBERS)).filter(lambda pair: pair[0] < pair[1])
PLACED = st.tuples(PAIRS, st.integers(1, 4), st.integers(1, 3))
Placed = tuple[tuple[str, str], int, int]


def version(*meetings: tuple[str, tuple[str, str], int]) -> Agenda:
    return Agenda(tuple(PlacedMeeting(id, members, (), slot, 1, ()) for id, members, slot in meetings), ())


def closing_facts(event: BrokerageEventClosed, context: Context) -> dict[str, Closing]:
    """What each recipient reads of the end of an event."""
    notices = closing("e", 9, event, context)
    assert len({notice.recipient for notice in notices}) == len(notices)
    return {notice.recipient: notice.facts for notice in notices if isinstance(notice.facts, Closing)}


def test_who_met_is_thanked_for_the_meetings_that_took_place() -> None:
    appointment = Placement(meeting_id="m4", members=("b", "d"), slot=4, table=1)
    closed = BrokerageEventClosed(agenda=3, not_held=("m3",), appointments=(appointment,))
    context = Context(NAMES, BROKERAGE_EVENT, version(("m1", ("a", "b"), 2), ("m2", ("b", "c"), 1), ("m3", ("a", "c"), 3)))
    met = {member: [meeting.partner for meeting in facts.meetings] for member, facts in closing_facts(closed, context).items()}
    assert met == {"a": ["Org b"], "b": ["Org c", "Org a", "Org d"], "c": ["Org b"], "d": ["Org b"]}
    assert closing_facts(BrokerageEventClosed(), Context({}, BROKERAGE_EVENT)) == {}
    absent = closed.model_copy(update={"absences": (Absence(meeting_id="m1", members=("a",)),)})
    counts = {member: len(facts.meetings) for member, facts in closing_facts(absent, context).items()}
    assert counts == {"b": 3, "c": 1, "d": 1}, "who was absent had no meeting"


def test_who_was_still_to_meet_somebody_is_told_that_it_will_not() -> None:
    appointment = Placement(meeting_id="m4", members=("b", "d"), slot=4, table=1)
    closed = BrokerageEventClosed(agenda=3, not_held=("m2", "m3"), called_off=("m2",), appointments_off=(appointment,))
    context = Context(NAMES, BROKERAGE_EVENT, version(("m1", ("a", "b"), 1), ("m2", ("a", "c"), 2), ("m3", ("b", "c"), 2)))
    lists = {
        member: [[meeting.partner for meeting in meetings] for meetings in (facts.meetings, facts.cancelled)]
        for member, facts in closing_facts(closed, context).items()
    }
    assert lists == {
        "a": [["Org b"], ["Org c"]],
        "b": [["Org a"], ["Org d"]],
        "c": [[], ["Org a"]],
        "d": [[], ["Org b"]],
    }


def test_who_agreed_on_what_never_took_place_is_told_in_the_same_message_but_for_who_withdrew() -> None:
    meetings = {"m2": ("a", "c"), "m3": ("a", "b", "d")}
    context = Context(NAMES, BROKERAGE_EVENT, version(("m1", ("a", "b"), 1)), meetings)
    closed = BrokerageEventClosed(agenda=3, without_place=("m2", "m3"), gone=("c",), registered=("a", "e"))
    facts = closing_facts(closed, context)
    assert {member: (len(closing.meetings), closing.unplaced) for member, closing in facts.items()} == {
        "a": (1, ("Org b, Org d", "Org c")),
        "b": (1, ("Org a, Org d",)),
        "d": (0, ("Org a, Org b",)),
        "e": (0, ()),
    }


def test_a_correction_goes_to_its_participants() -> None:
    event = BrokerageEventCorrected(**ANNOUNCED.model_dump(), changed=("venue",), participants=("b", "d"))
    assert [notice.recipient for notice in correction("e", 3, event, Context(NAMES))] == ["b", "d"]


def placements(prefix: str, seats: list[Placed]) -> tuple[Placement, ...]:
    return tuple(
        Placement(meeting_id=f"{prefix}{number}", members=pair, slot=slot, table=table)
        for number, (pair, slot, table) in enumerate(seats)
    )


@given(st.lists(PLACED, max_size=8), st.lists(PAIRS, max_size=4), st.lists(PLACED, max_size=3))
def test_an_agenda_gives_each_participant_all_its_meetings_once(
    placed: list[Placed], unplaced: list[tuple[str, str]], appointments: list[Placed]
) -> None:
    event = AgendaPublished(
        event_id="e",
        placements=placements("m", placed),
        appointments=placements("a", appointments),
        unplaced=tuple(Unplaced(meeting_id=f"u{number}", members=pair, reason=REASON) for number, pair in enumerate(unplaced)),
        status="optimal",
        breaks=0,
        bound=0,
        input="i",
    )
    notices = agenda("e", 2, event, CONTEXT)
    pairs = [*(pair for pair, _, _ in (*placed, *appointments)), *unplaced]
    assert [notice.recipient for notice in notices] == sorted({member for pair in pairs for member in pair})
    assert set(RULES[AgendaPublished].members("e", event)) == {notice.recipient for notice in notices}
    facts = {notice.recipient: agenda_of(notice) for notice in notices}
    assert counted({member: len(facts.meetings) for member, facts in facts.items()}) == members_of(placed, appointments)
    listed = {member: sum(meeting.appointment for meeting in facts.meetings) for member, facts in facts.items()}
    assert counted(listed) == members_of(appointments)
    without_place = Counter(member for pair in unplaced for member in pair)
    assert counted({member: len(facts.unplaced) for member, facts in facts.items()}) == without_place
    for own in facts.values():
        starts = [meeting.place.starts for meeting in own.meetings]
        assert starts == sorted(starts)
        assert all(start >= STARTS for start in starts)


def agenda_of(notice: Notice) -> AgendaFacts:
    assert isinstance(notice.facts, AgendaFacts)
    return notice.facts


def counted(counts: dict[str, int]) -> Counter[str]:
    return +Counter(counts)


def members_of(*meetings: list[Placed]) -> Counter[str]:
    return Counter(member for placed in meetings for pair, _, _ in placed for member in pair)
