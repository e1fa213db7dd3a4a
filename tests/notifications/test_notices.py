"""Who is told what."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.notices import TELLINGS, Known, Notice, agenda, brokerage_event_of
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import (
    AgendaPublished,
    MeetingAccepted,
    MeetingDeclined,
    MeetingRequested,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    Placement,
    Unplaced,
)
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved
from tests.notifications.facts import KNOWN_BROKERAGE, STARTS

MEMBERS = ("a", "b", "c", "d")
KNOWN = Known({member: f"Org {member}" for member in MEMBERS}, KNOWN_BROKERAGE)
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
    assert whom(MeetingAccepted(event_id="e", by="b", towards="a")) == [("meeting-accepted", "a")]
    assert whom(MeetingDeclined(event_id="e", by="b", towards="a", reason="r")) == [("meeting-declined", "a")]


def test_the_two_of_an_introduction_are_named_to_each_other() -> None:
    first, second = told(IntroductionMade(mode="f2b", members=("a", "b")))
    assert (first.facts["name"], first.facts["partner"]) == ("Org a", "Org b")
    assert (second.facts["name"], second.facts["partner"]) == ("Org b", "Org a")


def test_an_event_about_a_brokerage_event_says_which() -> None:
    assert brokerage_event_of(ParticipantRegistered(event_id="e", member_id="c")) == "e"
    assert brokerage_event_of(MemberApproved()) is None


@given(
    st.lists(st.tuples(PAIRS, st.integers(1, 4), st.integers(1, 3)), max_size=8),
    st.lists(PAIRS, max_size=4),
)
def test_an_agenda_gives_each_participant_all_its_meetings_once(
    placed: list[tuple[tuple[str, str], int, int]], left: list[tuple[str, str]]
) -> None:
    event = AgendaPublished(
        event_id="e",
        placements=tuple(
            Placement(meeting_id=f"m{number}", members=pair, slot=slot, table=table)
            for number, (pair, slot, table) in enumerate(placed)
        ),
        unplaced=tuple(Unplaced(meeting_id=f"u{number}", members=pair, reason=REASON) for number, pair in enumerate(left)),
        status="optimal",
        breaks=0,
        bound=0,
        input="i",
    )
    notices = agenda("e", 2, event, KNOWN)
    assert [notice.recipient for notice in notices] == sorted(
        {member for pair in (*(p[0] for p in placed), *left) for member in pair}
    )
    assert Counter({notice.recipient: len(notice.facts["meetings"]) for notice in notices}) == Counter(
        member for pair, _, _ in placed for member in pair
    )
    assert Counter({notice.recipient: len(notice.facts["unplaced"]) for notice in notices}) == Counter(
        member for pair in left for member in pair
    )
    for notice in notices:
        starts = [meeting["starts"] for meeting in notice.facts["meetings"]]
        assert starts == sorted(starts)
        assert all(start >= STARTS for start in starts)
