"""Messages in Italian and English."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from services.notifications.notices.catalogue import BROADCASTS, TELLINGS
from services.notifications.notices.context import Known, Notice, addressed
from services.notifications.rendering import OUTCOMES, TEMPLATES, Rendered, render
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
    Placement,
    RequestsExpired,
    Unanswered,
    Unplaced,
)
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved
from tests.notifications.factories import ANNOUNCED, KNOWN_BROKERAGE, STARTS

NAMES = {"a": "Alfa s.r.l.", "b": "Beta <& C.> s.p.a."}
KNOWN = Known(NAMES, KNOWN_BROKERAGE, meetings={"a": ("a", "b")})
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


def notices_of(event: DomainEvent) -> list[Notice]:
    return list(TELLINGS[type(event)].notices("a", 1, event, KNOWN))


EVERY = [pytest.param(notice, id=f"{event.TYPE}-{notice.recipient}") for event in EVENTS for notice in notices_of(event)]
EVERY += [pytest.param(Notice(name, "a", addressed("a", KNOWN)), id=name) for name in BROADCASTS.values()]


def both(notice: Notice) -> tuple[Rendered, Rendered]:
    italian, english = (render(notice.template, notice.facts, language) for language in ("it", "en"))
    return italian, english


def test_every_event_that_is_told_is_tried_here() -> None:
    assert {type(event) for event in EVENTS} == set(TELLINGS)


@pytest.mark.parametrize("notice", EVERY)
def test_every_template_speaks_both_languages(notice: Notice) -> None:
    italian, english = both(notice)
    assert italian.text.startswith(f"Gentile {notice.facts['name']},\n")
    assert english.text.startswith(f"Dear {notice.facts['name']},\n")
    assert italian.text.endswith("I distretti tecnologici della Toscana\n")
    assert english.text.endswith("Tuscany's technology districts\n")
    assert italian.subject != english.subject
    reason = notice.facts.get("reason", "")
    for language, rendered in (("it", italian), ("en", english)):
        assert notice.facts.get("partner", "") in rendered.text
        assert (reason if isinstance(reason, str) else reason[language]) in rendered.text
        assert "\n\n\n" not in rendered.text
        assert rendered.text.count("(Europe/Rome)") == bool(re.search(r"\d\d:\d\d", rendered.text)), "a time has its zone, once"


def test_no_template_is_left_over() -> None:
    used = {notice.template for event in EVENTS for notice in notices_of(event)} | set(BROADCASTS.values())
    assert {path.name for path in TEMPLATES.iterdir()} == {f"{name}.{language}.txt" for name in used for language in ("it", "en")}


def test_a_correction_says_how_it_is_now_and_what_of_that_is_new() -> None:
    changes = {"venue": "Carrara", "requests_until": STARTS}
    moved = BrokerageEventCorrected(
        **{**ANNOUNCED.model_dump(), **changes}, changed=("venue", "requests_until"), participants=("a",)
    )
    [notice] = notices_of(moved)
    italian, english = both(notice)
    assert italian.subject == "È cambiato: Incontri del marmo"
    changed = "  il luogo: Carrara\n  incontri si chiedono e si accettano fino a: lunedì 30 novembre 2026, 09:30\n\nI distretti"
    assert changed in italian.text
    assert "Marble meetings\nMonday, 30 November 2026, from 09:30 (Europe/Rome)\nCarrara\n\nWhat changes:\n" in english.text
    assert "What changes:\n  the venue: Carrara\n" in english.text
    quiet = moved.model_copy(update={"participants": ()})
    assert notices_of(quiet) == []


def test_who_missed_a_meeting_is_told_otherwise_than_who_was_there() -> None:
    [absent, present] = notices_of(MeetingMissed(event_id="e", absent=("a",)))
    assert "You were told" not in both(absent)[1].text
    assert "that you did not come to the meeting with Beta <& C.> s.p.a.." in both(absent)[1].text
    assert "che Alfa s.r.l. non è venuto all'incontro tra voi e Alfa s.r.l." in both(present)[0].text


def test_a_time_is_said_with_its_table_once_there_is_one() -> None:
    without, with_table = (AppointmentProposed(event_id="e", by="a", slot=2, table=table) for table in (None, 3))
    [before], [after] = notices_of(without), notices_of(with_table)
    assert "lunedì 30 novembre 2026, 09:50-10:10 (Europe/Rome)\nFirenze" in both(before)[0].text
    assert "Monday, 30 November 2026, 09:50-10:10 (Europe/Rome), table 3\nFirenze" in both(after)[1].text


def asked(**fields: Any) -> Rendered:
    """The mail to `a`, whom `b` asks at an event with a deadline, in English."""
    until = STARTS - timedelta(days=2)
    names = {**NAMES, "c": "Gamma s.r.l."}
    event = MeetingRequested(event_id="e", mode="b2b", by="b", towards="a", **fields)
    known = Known(names, {**KNOWN_BROKERAGE, "requests_until": until})
    return both(TELLINGS[MeetingRequested].notices("m", 1, event, known)[0])[1]


def test_a_request_says_what_accepting_it_means() -> None:
    plain, booked = asked().text, asked(slot=2, table=3).text
    assert "Monday, 30 November 2026, from 09:30 (Europe/Rome)\n" in plain
    assert "before the agenda is drawn up: it will say the time\nand the table." in plain
    assert "Monday, 30 November 2026, 09:50-10:10 (Europe/Rome), table 3\n" in booked
    assert "If you accept, the meeting is fixed for this time, outside the agenda." in booked
    assert "agenda is drawn up" not in booked
    assert "09:50-10:10 (Europe/Rome), at a table that is free\n" in asked(slot=2).text
    assert asked(slot=3).text != booked, "asked anew for another slot it is another mail"


def test_a_request_says_with_whom_and_who_is_to_come() -> None:
    group = asked(others=("c",), slot=2, people=("a:r1", "b:r2", "c:r3")).text
    assert "Beta <& C.> s.p.a. (r2) asks to meet you together with Gamma s.r.l. (r3) (B2B" in group
    assert "The representative asked for: r1\n" in group
    assert "Once all of you have accepted, the meeting is fixed" in group
    assert "together" not in asked().text
    assert "representative" not in asked().text


def test_a_request_says_until_when_it_can_be_accepted() -> None:
    assert "An answer is possible until Saturday, 28 November 2026, 09:30.\n" in asked().text
    open_until_then = MeetingRequested(event_id="e", mode="b2b", by="b", towards="a")
    [without] = notices_of(open_until_then)
    [before_its_slot] = notices_of(open_until_then.model_copy(update={"slot": 2}))
    assert "An answer is possible until Monday, 30 November 2026, 10:50.\n" in both(without)[1].text
    assert "Si può rispondere fino a lunedì 30 novembre 2026, 09:50.\n" in both(before_its_slot)[0].text


def test_a_meeting_that_becomes_an_appointment_is_not_promised_to_be_in_the_agenda() -> None:
    event = MeetingAccepted(event_id="e", by="b", towards="a")
    [scheduled], [booked] = (TELLINGS[MeetingAccepted].notices("a", 2, event, known) for known in (KNOWN, replace(KNOWN, slot=2)))
    assert "Orario e tavolo saranno nella vostra agenda." in both(scheduled)[0].text
    for text in (one.text for one in both(booked)):
        assert "09:50-10:10 (Europe/Rome)\n" in text
        assert "nella vostra agenda" not in text
        assert "in your agenda" not in text
    assert "a quale tavolo" in both(booked)[0].text
    assert "has accepted your request: the meeting" in both(booked)[1].text


@pytest.mark.parametrize("template", ["meeting-requested", "meeting-accepted"])
def test_a_message_of_before_can_still_be_read(template: str) -> None:
    facts = {"partner": "B", "by": "B", "asked": True, "mode": "b2b"}
    for language in ("it", "en"):
        assert "agenda" in render(template, {**addressed("a", KNOWN), **facts}, language).text


def test_every_outcome_has_its_words() -> None:
    assert set(OUTCOMES["it"]) == set(OUTCOMES["en"]) == set(get_args(OutcomeKind))


def test_an_agenda_is_in_the_events_own_time() -> None:
    [notice, _] = TELLINGS[AgendaPublished].notices("e", 1, AGENDA, KNOWN)
    italian, english = (render("agenda", notice.facts, language) for language in ("it", "en"))
    assert italian.subject == "La vostra agenda: Incontri del marmo"
    assert "lunedì 30 novembre 2026\n  09:50-10:10  tavolo 3  Beta <& C.> s.p.a.\n" in italian.text
    assert "non c'è posto:\n  Beta <& C.> s.p.a.: nessuno slot\n" in italian.text
    assert "Monday, 30 November 2026\n  09:50-10:10  table 3  Beta <& C.> s.p.a.\n" in english.text
    assert "no place for:\n  Beta <& C.> s.p.a.: no slot\n" in english.text


def test_an_agenda_says_who_goes_where() -> None:
    seated = AGENDA.placements[0].model_copy(update={"people": ("a:r1", "b:r2")})
    before = AGENDA.model_copy(update={"placements": (seated.model_copy(update={"people": ("a:r3", "b:r2")}),)})
    known = replace(KNOWN, agenda=before.model_dump())
    event = AGENDA.model_copy(update={"placements": (seated,)})
    [notice, _] = TELLINGS[AgendaPublished].notices("e", 2, event, known)
    text = render("agenda", notice.facts, "en").text
    assert "  another representative: Beta <& C.> s.p.a. (r2), 09:50, table 3, for you: r1\n" in text
    assert "\n  09:50-10:10  table 3  Beta <& C.> s.p.a. (r2), for you: r1\n" in text


def test_a_changed_agenda_is_told_whole_with_its_appointments() -> None:
    before = AGENDA.model_copy(update={"placements": (*AGENDA.placements, placed("m3", 3), placed("m4", 1))})
    event = AGENDA.model_copy(update={"appointments": (placed("m3", 4), placed("m5", 1))})
    [notice, _] = TELLINGS[AgendaPublished].notices("e", 2, event, replace(KNOWN, agenda=before.model_dump()))
    italian, english = (one.text for one in both(notice))
    changed = "\n  an appointment outside the agenda from now on: Beta <& C.> s.p.a., 10:30, table 3\n"
    assert changed + "  called off: Beta <& C.> s.p.a., 09:30, table 3\n" in english
    assert [line[2:13] for line in italian.splitlines() if line.endswith("Beta <& C.> s.p.a., su appuntamento")] == [
        "09:30-09:50",
        "10:30-10:50",
    ]
    assert "09:50-10:10  tavolo 3  Beta <& C.> s.p.a.\n" in italian


TWO_DAYS = {
    **KNOWN_BROKERAGE,
    "slots": [
        *(slot.model_dump() for slot in ANNOUNCED.slots[:3]),
        {**ANNOUNCED.slots[3].model_dump(), "starts": STARTS + timedelta(hours=24), "ends": STARTS + timedelta(hours=38.5)},
    ],
}


def test_at_an_event_of_several_days_every_time_has_its_day() -> None:
    before = AGENDA.model_copy(update={"placements": (placed("m1", 2),)})
    event = AGENDA.model_copy(update={"placements": (placed("m1", 4),)})
    [notice, _] = TELLINGS[AgendaPublished].notices("e", 2, event, Known(NAMES, TWO_DAYS, before.model_dump()))
    italian, english = (one.text for one in both(notice))
    assert "  altro orario: Beta <& C.> s.p.a., martedì 1 dicembre 2026, 09:30, tavolo 3\n" in italian
    assert "  another time: Beta <& C.> s.p.a., Tuesday, 1 December 2026, 09:30, table 3\n" in english


def test_an_event_of_several_days_says_from_which_to_which() -> None:
    notice = Notice("registration", "a", addressed("a", Known(NAMES, TWO_DAYS)))
    italian, english = (one.text for one in both(notice))
    # Its last slot ends at midnight: that is still the second day.
    assert "\nda lunedì 30 novembre 2026, ore 09:30, a martedì 1 dicembre 2026 (Europe/Rome)\n" in italian
    assert "\nfrom Monday, 30 November 2026, 09:30, to Tuesday, 1 December 2026 (Europe/Rome)\n" in english


@pytest.mark.parametrize(
    ("room", "italian", "english"),
    [
        ({"label": "Sala Verde", "virtual": False}, "tavolo 3, Sala Verde", "table 3, Sala Verde"),
        ({"label": "Giotto", "virtual": True}, "online, stanza 3, Giotto", "online, room 3, Giotto"),
        ({"label": None, "virtual": True}, "online, stanza 3", "online, room 3"),
    ],
)
def test_a_table_is_told_with_its_room(room: dict[str, Any], italian: str, english: str) -> None:
    known = replace(KNOWN, brokerage={**KNOWN_BROKERAGE, "rooms": [{"number": 3, **room}]})
    events: list[DomainEvent] = [MeetingRequested(event_id="e", mode="b2b", by="b", towards="a", slot=2, table=3)]
    events += [AppointmentProposed(event_id="e", by="b", slot=2, table=3)]
    events += [AppointmentMade(event_id="e", slot=2, table=3, people=("a", "b"))]
    events += [
        AGENDA,
        BrokerageEventClosed(appointments=AGENDA.placements),
        BrokerageEventClosed(appointments_off=AGENDA.placements),
    ]
    for event in events:
        texts = [one.text for one in both(TELLINGS[type(event)].notices("a", 1, event, known)[0])]
        assert [said in text for said, text in zip((italian, english), texts, strict=True)] == [True, True], event
    changed = AGENDA.model_copy(update={"placements": (placed("m1", 4),)})
    [notice, _] = TELLINGS[AgendaPublished].notices("e", 2, changed, replace(known, agenda=AGENDA.model_dump()))
    assert f"  altro orario: Beta <& C.> s.p.a., 10:30, {italian}\n" in both(notice)[0].text


def placed(id: str, slot: int) -> Placement:
    return Placement(meeting_id=id, members=("a", "b"), slot=slot, table=3)


def test_a_closing_asks_for_outcomes_of_what_was_held_and_says_of_the_rest_that_it_will_not_be() -> None:
    whole = BrokerageEventClosed(agenda=1, appointments=AGENDA.placements, appointments_off=AGENDA.placements, without_place=("a",))
    texts = both(notices_of(whole)[0])
    for rendered, words in zip(texts, CLOSING, strict=True):
        assert [rendered.text.index(one) for one in words] == sorted(rendered.text.index(one) for one in words)
    assert [one.subject for one in texts] == ["Grazie: Incontri del marmo", "Thank you: Marble meetings"]


CLOSING = (
    (
        "vostri incontri:",
        "\n  09:50",
        "Vi preghiamo di dire",
        "ancora da tenere",
        "calendario",
        "Questi incontri erano concordati",
        "\n  Beta",
    ),
    ("your meetings:", "\n  09:50", "Please tell for each", "still to come", "calendar", "These meetings were agreed", "\n  Beta"),
)


@pytest.mark.parametrize("closed", [{}, {"without_place": ("a",)}, {"appointments_off": AGENDA.placements}])
def test_an_event_that_never_was_is_called_off(closed: Any) -> None:
    italian, english = both(notices_of(BrokerageEventClosed(registered=("a", "b"), **closed))[0])
    assert (italian.subject, english.subject) == ("Annullato: Incontri del marmo", "Called off: Marble meetings")
    assert ("non avranno luogo:\n" in italian.text, "will not take place:\n" in english.text) == (bool(closed), bool(closed))
    for untrue in ("agenda", "Please tell", "Vi preghiamo", "Thank", "azie"):
        assert untrue not in italian.text + english.text


def test_who_met_nobody_is_told_whether_an_event_ended_in_its_time() -> None:
    early = BrokerageEventClosed(appointments=AGENDA.placements, registered=("c",))
    late = BrokerageEventClosed(without_place=("a",))
    known = replace(KNOWN, names={**NAMES, "c": "Gamma s.r.l."})
    notices = [TELLINGS[BrokerageEventClosed].notices("e", 9, closed, known)[-1] for closed in (early, late)]
    subjects = [both(notice)[1].subject for notice in notices]
    assert subjects == ["Ended early: Marble meetings", "Over: Marble meetings"]


def test_requests_are_over_whether_their_time_was_or_the_event() -> None:
    event = RequestsExpired(event_id="e", member_id="a", unanswered=(Unanswered(meeting_id="m", asked=("b",)),))
    italian, english = (one.text for one in both(notices_of(event)[0]))
    assert "non possono più accettarlo:\n\n  Beta" in italian
    assert "can accept it no more:\n\n  Beta" in english
    assert not any(word in italian + english for word in ("in time", "in tempo", "termine"))


def test_an_appointment_says_who_goes_there() -> None:
    [mine, theirs] = notices_of(AppointmentMade(event_id="e", slot=2, table=3, people=("b", "a:r1")))
    assert ", tavolo 3, per voi: r1\n" in both(mine)[0].text
    assert "between you and Alfa s.r.l. (r1) has a place:" in both(theirs)[1].text
    [moved, _] = notices_of(AppointmentMade(event_id="e", slot=2, table=3, people=("a", "b"), moved=True))
    it, en = both(moved)
    assert ("che sostituisce quello di prima" in it.text, en.subject.startswith("Appointment moved: ")) == (True, True)


def test_what_became_an_appointment_is_not_told_as_called_off() -> None:
    known = replace(KNOWN, agenda=AGENDA.model_dump())
    for appointed in ((), tuple(one.meeting_id for one in AGENDA.placements)):
        event = AGENDA.model_copy(update={"placements": (), "appointed": appointed})
        assert bool(TELLINGS[AgendaPublished].notices("e", 2, event, known)) is (appointed == ())


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
