"""Messages in Italian and English."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from services.notifications.messages.rendering import DIGEST, FOLDER, Rendered, render, render_digest
from services.notifications.notices.context import Context, Notice, about_event
from services.notifications.notices.rules.catalogue import BROADCASTS, RULES
from services.notifications.read_models import Agenda, Room
from services.notifications.texts import TEXTS
from shared.chassis.documents import parse, to_document
from shared.chassis.texts import text
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import (
    AgendaPublished,
    AppointmentDropped,
    AppointmentMade,
    AppointmentProposed,
    BrokerageEventClosed,
    BrokerageEventCorrected,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingHeld,
    MeetingMissed,
    MeetingRequested,
    OutcomeKind,
    OutcomeRecorded,
    ParticipantCheckedIn,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    RequestsExpired,
    Unanswered,
)
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved
from tests.notifications.factories import ANNOUNCED, BROKERAGE_EVENT, STARTS
from tests.notifications.messages.rendering_samples import (
    AGENDA,
    CONTEXT,
    LABELS,
    NAMES,
    in_both_languages,
    notices_of,
    placed,
)

EVENTS = [
    MemberApproved(),
    IntroductionMade(mode="r2b", members=("a", "b")),
    ParticipantRegistered(event_id="e", member_id="a"),
    ParticipantPutOnStandby(event_id="e", member_id="a", since=datetime(2026, 11, 22, tzinfo=UTC)),
    MeetingRequested(event_id="e", mode="b2b", by="b", towards="a"),
    MeetingRequested(event_id="e", mode="b2b", by="b", towards="a", slot=2, table=3, people=("a:r1", "b:r2")),
    MeetingAccepted(event_id="e", by="b", towards="a"),
    MeetingDeclined(event_id="e", by="b", towards="a", reason="in viaggio"),
    AGENDA,
    ParticipantWithdrew(event_id="e", member_id="a"),
    ParticipantCheckedIn(event_id="e", member_id="a"),
    RequestsExpired(event_id="e", member_id="a", unanswered=(Unanswered(meeting_id="m", asked=("b",)),)),
    MeetingCancelled(event_id="e", by="b", reason="in viaggio"),
    MeetingCancelled(event_id="e", reason="in viaggio"),
    MeetingCancelled(event_id="e", reason="in viaggio", by_manager=True),
    AppointmentProposed(event_id="e", by="a", slot=2),
    AppointmentProposed(event_id="e", by="a", slot=2, table=3),
    AppointmentMade(event_id="e", slot=2, table=3, people=("a", "b")),
    MeetingHeld(event_id="e", absent=("a",)),
    AppointmentDropped(event_id="e", slot=2, table=3, reason=LocalizedText(it="chiuso", en="closed")),
    MeetingMissed(event_id="e", absent=("a",)),
    MeetingMissed(event_id="e", by="a", absent=("a", "b")),
    OutcomeRecorded(event_id="e", by="b", outcome="joint-project"),
    *(
        BrokerageEventCorrected(**{**ANNOUNCED.model_dump(), **change}, changed=changed, participants=("a", "b"))
        for change, changed in (
            ({"requests_until": STARTS}, ("title", "venue", "slots", "requests_until")),
            ({}, ("requests_until", "fairness")),
            ({}, ("title",)),
        )
    ),
    BrokerageEventClosed(agenda=1, appointments=AGENDA.placements, appointments_off=AGENDA.placements, without_place=("a",)),
    BrokerageEventClosed(appointments_off=AGENDA.placements),
    BrokerageEventClosed(without_place=("a",)),
    BrokerageEventClosed(registered=("a",)),
]


EVERY = [pytest.param(notice, id=f"{event.TYPE}-{notice.recipient}") for event in EVENTS for notice in notices_of(event)]
EVERY += [pytest.param(Notice(name, "a", about_event("a", CONTEXT)), id=name) for name in BROADCASTS.values()]


def test_every_event_that_is_told_is_tried_here() -> None:
    assert {type(event) for event in EVENTS} == set(RULES)


@pytest.mark.parametrize("notice", EVERY)
def test_every_template_speaks_both_languages(notice: Notice) -> None:
    italian, english = in_both_languages(notice)
    assert italian.text.startswith(f"Gentile {notice.facts.name},\n")
    assert english.text.startswith(f"Dear {notice.facts.name},\n")
    assert italian.text.endswith("I distretti tecnologici della Toscana\n")
    assert english.text.endswith("Tuscany's technology districts\n")
    assert italian.subject != english.subject
    reason, partner = getattr(notice.facts, "reason", None) or "", getattr(notice.facts, "partner", "")
    for language, rendered in (("it", italian), ("en", english)):
        assert partner in rendered.text
        assert (reason if isinstance(reason, str) else reason.in_(language)) in rendered.text
        assert "\n\n\n" not in rendered.text
        assert rendered.text.count("(Europe/Rome)") == bool(re.search(r"\d\d:\d\d", rendered.text)), "a time has its zone, once"


def test_a_digest_has_every_message_whole_with_one_greeting() -> None:
    texts = [render(notice.template, to_document(notice.facts), "en") for event in EVENTS for notice in notices_of(event)]
    digest = render_digest(NAMES["a"], NAMES["b"], texts, "en")
    assert digest.subject == f"{len(texts)} updates from {NAMES['b']}"
    assert (digest.text.count("Dear "), digest.text.count("\nTuscany's technology districts\n")) == (1, 1)
    for number, message in enumerate(texts, 1):
        body = message.text.partition("\n\n")[2].removesuffix("\n\nTuscany's technology districts\n")
        assert f"\n\n{number}. {message.subject}\n\n{_flush_left(body)}\n\n" in digest.text


def _flush_left(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def test_no_template_is_left_over() -> None:
    used = {DIGEST} | {notice.template for event in EVENTS for notice in notices_of(event)} | set(BROADCASTS.values())
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.{language}.txt" for name in used for language in ("it", "en")}


def test_a_correction_says_how_it_is_now_and_what_of_that_is_new() -> None:
    changes = {"venue": "Carrara", "requests_until": STARTS}
    moved = BrokerageEventCorrected(
        **{**ANNOUNCED.model_dump(), **changes}, changed=("venue", "requests_until"), participants=("a",)
    )
    [notice] = notices_of(moved)
    italian, english = in_both_languages(notice)
    assert italian.subject == "Evento aggiornato: Incontri del marmo"
    changed = (
        "  il luogo: Carrara\n  gli incontri si possono chiedere e accettare fino a: lunedì 30 novembre 2026, 09:30\n\nI distretti"
    )
    assert changed in italian.text
    assert "Marble meetings\nMonday, 30 November 2026, from 09:30 (Europe/Rome)\nCarrara\n\nWhat changes:\n" in english.text
    assert "What changes:\n  the venue: Carrara\n" in english.text
    quiet = moved.model_copy(update={"participants": ()})
    assert notices_of(quiet) == []


def test_who_missed_a_meeting_is_told_otherwise_than_who_was_there() -> None:
    [absent, present] = notices_of(MeetingMissed(event_id="e", absent=("a",)))
    assert "that you did not come to the meeting with Beta <& C.> s.p.a.." in in_both_languages(absent)[1].text
    assert "che Alfa s.r.l. non è venuto all'incontro tra voi e Alfa s.r.l." in in_both_languages(present)[0].text


def test_a_time_is_said_with_its_table_once_there_is_one() -> None:
    without, with_table = (AppointmentProposed(event_id="e", by="a", slot=2, table=table) for table in (None, 3))
    [before], [after] = notices_of(without), notices_of(with_table)
    assert "lunedì 30 novembre 2026, 09:50-10:10 (Europe/Rome)\nFirenze" in in_both_languages(before)[0].text
    assert "Monday, 30 November 2026, 09:50-10:10 (Europe/Rome), table 3\nFirenze" in in_both_languages(after)[1].text


def request_mail(**fields: Any) -> Rendered:
    """The mail to `a`, whom `b` asks at an event with a deadline, in English."""
    until = STARTS - timedelta(days=2)
    names = {**NAMES, "c": "Gamma s.r.l."}
    event = MeetingRequested(event_id="e", mode="b2b", by="b", towards="a", **fields)
    context = Context(names, replace(BROKERAGE_EVENT, requests_until=until), labels=LABELS)
    return in_both_languages(RULES[MeetingRequested].notices("m", 1, event, context)[0])[1]


def test_a_request_says_what_accepting_it_means() -> None:
    plain, booked = request_mail().text, request_mail(slot=2, table=3).text
    assert "Monday, 30 November 2026, from 09:30 (Europe/Rome)\n" in plain
    assert "before the agenda is made: the agenda will give the\ntime and the table." in plain
    assert "Monday, 30 November 2026, 09:50-10:10 (Europe/Rome), table 3\n" in booked
    assert "If you accept, the meeting is fixed for this time, outside the agenda." in booked
    assert "agenda is made" not in booked
    assert "09:50-10:10 (Europe/Rome), at a free table\n" in request_mail(slot=2).text
    assert request_mail(slot=3).text != booked, "asked anew for another slot it is another mail"


def test_a_request_says_with_whom_and_who_is_to_come() -> None:
    group = request_mail(others=("c",), slot=2, people=("a:r1", "b:r2", "c:r3")).text
    assert "Beta <& C.> s.p.a. (Ricerca) asks to meet you together with Gamma s.r.l. (Acquisti) (B2B" in group
    assert "The representative asked for: Vendite\n" in group
    unnamed = request_mail(people=("a:r8", "b:r9")).text
    assert not any(id in unnamed for id in ("r8", "r9", "()", "representative")), "an id says nothing to others"
    assert "Once all of you have accepted, the meeting is fixed" in group
    assert "together" not in request_mail().text
    assert "representative" not in request_mail().text


def test_a_request_says_until_when_it_can_be_accepted() -> None:
    assert "An answer is possible until Saturday, 28 November 2026, 09:30.\n" in request_mail().text
    open_until_then = MeetingRequested(event_id="e", mode="b2b", by="b", towards="a")
    [without] = notices_of(open_until_then)
    [before_its_slot] = notices_of(open_until_then.model_copy(update={"slot": 2}))
    assert "An answer is possible until Monday, 30 November 2026, 10:50.\n" in in_both_languages(without)[1].text
    assert "Si può rispondere fino a lunedì 30 novembre 2026, 09:50.\n" in in_both_languages(before_its_slot)[0].text


def test_every_outcome_has_its_words() -> None:
    words = [TEXTS.localized(text(f"outcome-{kind}")) for kind in get_args(OutcomeKind)]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("room", "italian", "english"),
    [
        (Room(3, "Sala Verde", virtual=False), "tavolo 3, Sala Verde", "table 3, Sala Verde"),
        (Room(3, "Giotto", virtual=True), "online, stanza 3, Giotto", "online, room 3, Giotto"),
        (Room(3, None, virtual=True), "online, stanza 3", "online, room 3"),
    ],
)
def test_a_table_is_told_with_its_room(room: Room, italian: str, english: str) -> None:
    context = replace(CONTEXT, brokerage_event=replace(BROKERAGE_EVENT, rooms=(room,)))
    events: list[DomainEvent] = [MeetingRequested(event_id="e", mode="b2b", by="b", towards="a", slot=2, table=3)]
    events += [AppointmentProposed(event_id="e", by="b", slot=2, table=3)]
    events += [AppointmentMade(event_id="e", slot=2, table=3, people=("a", "b"))]
    events += [
        AGENDA,
        BrokerageEventClosed(appointments=AGENDA.placements),
        BrokerageEventClosed(appointments_off=AGENDA.placements),
    ]
    for event in events:
        texts = [rendered.text for rendered in in_both_languages(RULES[type(event)].notices("a", 1, event, context)[0])]
        assert [place in body for place, body in zip((italian, english), texts, strict=True)] == [True, True], event
    changed = AGENDA.model_copy(update={"placements": (placed("m1", 4),)})
    [notice, _] = RULES[AgendaPublished].notices("e", 2, changed, replace(context, agenda=parse(Agenda, AGENDA)))
    assert f"  altro orario: Beta <& C.> s.p.a., 10:30, {italian}\n" in in_both_languages(notice)[0].text


def test_an_appointment_says_who_goes_there() -> None:
    [first, second] = notices_of(AppointmentMade(event_id="e", slot=2, table=3, people=("b", "a:r1")))
    assert ", tavolo 3, per voi: Vendite\n" in in_both_languages(first)[0].text
    assert "between you and Alfa s.r.l. (Vendite) is fixed:" in in_both_languages(second)[1].text
    [moved, _] = notices_of(AppointmentMade(event_id="e", slot=2, table=3, people=("a", "b"), moved=True))
    italian, english = in_both_languages(moved)
    assert (
        "è stato spostato; questo sostituisce orario e tavolo precedenti" in italian.text,
        english.subject.startswith("Appointment moved: "),
    ) == (True, True)


def test_what_became_an_appointment_is_not_reported_as_cancelled() -> None:
    context = replace(CONTEXT, agenda=parse(Agenda, AGENDA))
    for appointed in ((), tuple(placement.meeting_id for placement in AGENDA.placements)):
        event = AGENDA.model_copy(update={"placements": (), "appointed": appointed})
        assert bool(RULES[AgendaPublished].notices("e", 2, event, context)) is (appointed == ())


def test_a_name_cannot_break_out_of_the_subject() -> None:
    facts = {"name": "A", "partner": "B\r\nBcc: c@x.example", "mode": "b2b"}
    assert render("introduction", facts, "en").subject == "You and B Bcc: c@x.example are interested in each other"


def test_a_missing_fact_or_template_is_an_error() -> None:
    with pytest.raises(ValidationError):
        render("welcome", {}, "it")
    with pytest.raises(KeyError):
        render("farewell", {}, "it")
