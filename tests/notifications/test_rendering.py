"""Messages in Italian and English."""

from datetime import UTC, datetime

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from services.notifications.notices import TELLINGS, Known
from services.notifications.rendering import TEMPLATES, render
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
from tests.notifications.facts import KNOWN_BROKERAGE

KNOWN = Known({"a": "Alfa s.r.l.", "b": "Beta <& C.> s.p.a."}, KNOWN_BROKERAGE)
AGENDA = AgendaPublished(
    event_id="e",
    placements=(Placement(meeting_id="m1", members=("a", "b"), slot=2, table=3),),
    unplaced=(Unplaced(meeting_id="m2", members=("a", "b"), reason=LocalizedText(it="nessuno slot", en="no slot")),),
    status="optimal",
    breaks=0,
    bound=0,
    input="i",
)
EVENTS = [
    MemberApproved(),
    IntroductionMade(mode="r2b", members=("a", "b")),
    ParticipantRegistered(event_id="e", member_id="a"),
    ParticipantPutOnStandby(event_id="e", member_id="a", since=datetime(2026, 11, 22, tzinfo=UTC)),
    MeetingRequested(event_id="e", mode="b2b", by="b", towards="a"),
    MeetingAccepted(event_id="e", by="b", towards="a"),
    MeetingDeclined(event_id="e", by="b", towards="a", reason="in viaggio"),
    AGENDA,
]


def test_every_event_that_is_told_is_tried_here() -> None:
    assert {type(event) for event in EVENTS} == set(TELLINGS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_every_template_speaks_both_languages(event: DomainEvent) -> None:
    for notice in TELLINGS[type(event)].notices("a", 1, event, KNOWN):
        italian, english = (render(notice.template, notice.facts, language) for language in ("it", "en"))
        assert italian.text.startswith(f"Gentile {notice.facts['name']},\n")
        assert english.text.startswith(f"Dear {notice.facts['name']},\n")
        assert italian.text.endswith("I distretti tecnologici della Toscana\n")
        assert english.text.endswith("Tuscany's technology districts\n")
        assert italian.subject != english.subject
        for rendered in (italian, english):
            assert notice.facts.get("partner", "") in rendered.text
            assert notice.facts.get("reason", "") in rendered.text


def test_no_template_is_left_over() -> None:
    used = {notice.template for event in EVENTS for notice in TELLINGS[type(event)].notices("a", 1, event, KNOWN)}
    assert {path.name for path in TEMPLATES.iterdir()} == {f"{name}.{language}.txt" for name in used for language in ("it", "en")}


def test_an_agenda_is_in_the_events_own_time() -> None:
    [notice, _] = TELLINGS[AgendaPublished].notices("e", 1, AGENDA, KNOWN)
    italian, english = (render("agenda", notice.facts, language) for language in ("it", "en"))
    assert italian.subject == "La vostra agenda: Incontri del marmo"
    assert "lunedì 30 novembre 2026\n  09:50-10:10  tavolo 3  Beta <& C.> s.p.a.\n" in italian.text
    assert "non c'è posto:\n  Beta <& C.> s.p.a.: nessuno slot\n" in italian.text
    assert "Monday, 30 November 2026\n  09:50-10:10  table 3  Beta <& C.> s.p.a.\n" in english.text
    assert "no place for:\n  Beta <& C.> s.p.a.: no slot\n" in english.text


def test_a_later_agenda_says_so() -> None:
    [notice, _] = TELLINGS[AgendaPublished].notices("e", 2, AGENDA, KNOWN)
    assert render("agenda", notice.facts, "it").subject == "La vostra agenda è cambiata: Incontri del marmo"
    assert "replaces the one before" in render("agenda", notice.facts, "en").text


def test_a_name_cannot_break_out_of_the_subject() -> None:
    facts = {"name": "A", "partner": "B\r\nBcc: c@x.example", "mode": "b2b"}
    assert render("introduction", facts, "en").subject == "You and B Bcc: c@x.example are interested in each other"


def test_a_missing_fact_or_template_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("welcome", {}, "it")
    with pytest.raises(TemplateNotFound):
        render("farewell", {}, "it")
