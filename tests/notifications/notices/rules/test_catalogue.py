"""Who is notified of what."""

from services.notifications.notices.context import Context, Notice
from services.notifications.notices.facts import Introduction
from services.notifications.notices.rules.catalogue import RULES, broadcast_template, brokerage_event_of
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    BrokerageEventClosed,
    MeetingRequested,
    ParticipantCheckedIn,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    RegistrationOpened,
    RequestsExpired,
    Unanswered,
)
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved
from tests.notifications.factories import ANNOUNCED, BROKERAGE_EVENT, STARTS

MEMBERS = ("a", "b", "c", "d", "e")
CONTEXT = Context({member: f"Org {member}" for member in MEMBERS}, BROKERAGE_EVENT, meetings={"a": ("a", "b", "c")})


def notices_of(event: DomainEvent, context: Context = CONTEXT) -> list[Notice]:
    """The notices of an event of the aggregate `a`."""
    rule = RULES[type(event)]
    assert set(rule.members("a", event)) <= set(MEMBERS)
    return list(rule.notices("a", 1, event, context))


def recipients(event: DomainEvent) -> list[tuple[str, str]]:
    return [(notice.template, notice.recipient) for notice in notices_of(event)]


def test_each_event_has_its_recipients() -> None:
    assert recipients(MemberApproved()) == [("welcome", "a")]
    assert recipients(IntroductionMade(mode="b2b", members=("a", "b"))) == [("introduction", "a"), ("introduction", "b")]
    assert recipients(ParticipantRegistered(event_id="e", member_id="c")) == [("registration", "c")]
    assert recipients(ParticipantPutOnStandby(event_id="e", member_id="c", since=STARTS)) == [("standby", "c")]
    assert recipients(MeetingRequested(event_id="e", mode="b2b", by="a", towards="b")) == [("meeting-requested", "b")]
    assert recipients(ParticipantWithdrew(event_id="e", member_id="c")) == [("withdrawal", "c")]
    assert recipients(ParticipantCheckedIn(event_id="e", member_id="c")) == [("checked-in", "c")]
    expired = [Unanswered(meeting_id=f"m{member}", asked=(member,)) for member in "bcd"]
    assert recipients(RequestsExpired(event_id="e", member_id="a", unanswered=tuple(expired))) == [("requests-expired", "a")]


def test_who_only_says_how_it_takes_part_is_not_told_again_that_it_does() -> None:
    assert recipients(ParticipantRegistered(event_id="e", member_id="c", again=True)) == []
    assert recipients(ParticipantPutOnStandby(event_id="e", member_id="c", since=STARTS, again=True)) == []
    assert broadcast_template(RegistrationOpened()) == "registration-open"
    assert broadcast_template(RegistrationOpened(again=True)) is None
    assert broadcast_template(ANNOUNCED) == "event-announced"


def test_the_two_of_an_introduction_are_named_to_each_other() -> None:
    facts = [notice.facts for notice in notices_of(IntroductionMade(mode="f2b", members=("a", "b")))]
    assert facts == [Introduction("Org a", "Org b", "f2b"), Introduction("Org b", "Org a", "f2b")]


def test_an_event_about_a_brokerage_event_says_which() -> None:
    assert brokerage_event_of("r", ParticipantRegistered(event_id="e", member_id="c")) == "e"
    assert brokerage_event_of("e", BrokerageEventClosed()) == "e"
    assert brokerage_event_of("m", MemberApproved()) is None
