"""Agendas and closings in Italian and English."""

from dataclasses import replace
from typing import Any

import pytest

from services.notifications.notices.context import Context, Notice, about_event
from services.notifications.notices.rules.catalogue import RULES
from services.notifications.read_models import Agenda
from shared.chassis.documents import parse
from shared.contracts.events import (
    AgendaPublished,
    BrokerageEventClosed,
    MeetingAccepted,
    RequestsExpired,
    Unanswered,
)
from tests.notifications.messages.rendering_samples import (
    AGENDA,
    CONTEXT,
    NAMES,
    TWO_DAYS,
    in_both_languages,
    notices_of,
    placed,
)


def test_a_meeting_that_becomes_an_appointment_is_not_promised_to_be_in_the_agenda() -> None:
    event = MeetingAccepted(event_id="e", by="b", towards="a")
    [scheduled], [booked] = (
        RULES[MeetingAccepted].notices("a", 2, event, context) for context in (CONTEXT, replace(CONTEXT, slot=2))
    )
    assert "Orario e tavolo saranno nella vostra agenda." in in_both_languages(scheduled)[0].text
    for body in (rendered.text for rendered in in_both_languages(booked)):
        assert "09:50-10:10 (Europe/Rome)\n" in body
        assert "nella vostra agenda" not in body
        assert "in your agenda" not in body
    assert "a quale tavolo" in in_both_languages(booked)[0].text
    assert "has accepted your request: the meeting" in in_both_languages(booked)[1].text


def test_an_agenda_is_in_the_events_own_time() -> None:
    [notice, _] = RULES[AgendaPublished].notices("e", 1, AGENDA, CONTEXT)
    italian, english = in_both_languages(notice)
    assert italian.subject == "La vostra agenda: Incontri del marmo"
    assert "lunedì 30 novembre 2026\n  09:50-10:10  tavolo 3  Beta <& C.> s.p.a.\n" in italian.text
    assert "non c'è posto:\n  Beta <& C.> s.p.a.: nessuno slot\n" in italian.text
    assert "Monday, 30 November 2026\n  09:50-10:10  table 3  Beta <& C.> s.p.a.\n" in english.text
    assert "no place for:\n  Beta <& C.> s.p.a.: no slot\n" in english.text


def test_an_agenda_says_who_goes_where() -> None:
    seated = AGENDA.placements[0].model_copy(update={"people": ("a:r1", "b:r2")})
    before = AGENDA.model_copy(update={"placements": (seated.model_copy(update={"people": ("a:r3", "b:r2")}),)})
    context = replace(CONTEXT, agenda=parse(Agenda, before))
    event = AGENDA.model_copy(update={"placements": (seated,)})
    [notice, _] = RULES[AgendaPublished].notices("e", 2, event, context)
    english = in_both_languages(notice)[1].text
    assert "  another representative: Beta <& C.> s.p.a. (Ricerca), 09:50, table 3, for you: Vendite\n" in english
    assert "\n  09:50-10:10  table 3  Beta <& C.> s.p.a. (Ricerca), for you: Vendite\n" in english


def test_a_changed_agenda_is_told_whole_with_its_appointments() -> None:
    before = AGENDA.model_copy(update={"placements": (*AGENDA.placements, placed("m3", 3), placed("m4", 1))})
    event = AGENDA.model_copy(update={"appointments": (placed("m3", 4), placed("m5", 1))})
    [notice, _] = RULES[AgendaPublished].notices("e", 2, event, replace(CONTEXT, agenda=parse(Agenda, before)))
    italian, english = (rendered.text for rendered in in_both_languages(notice))
    changed = "\n  an appointment outside the agenda from now on: Beta <& C.> s.p.a., 10:30, table 3\n"
    assert changed + "  cancelled: Beta <& C.> s.p.a., 09:30, table 3\n" in english
    assert [line[2:13] for line in italian.splitlines() if line.endswith("Beta <& C.> s.p.a., su appuntamento")] == [
        "09:30-09:50",
        "10:30-10:50",
    ]
    assert "09:50-10:10  tavolo 3  Beta <& C.> s.p.a.\n" in italian


def test_at_an_event_of_several_days_every_time_has_its_day() -> None:
    before = AGENDA.model_copy(update={"placements": (placed("m1", 2),)})
    event = AGENDA.model_copy(update={"placements": (placed("m1", 4),)})
    [notice, _] = RULES[AgendaPublished].notices("e", 2, event, Context(NAMES, TWO_DAYS, parse(Agenda, before)))
    italian, english = (rendered.text for rendered in in_both_languages(notice))
    assert "  altro orario: Beta <& C.> s.p.a., martedì 1 dicembre 2026, 09:30, tavolo 3\n" in italian
    assert "  another time: Beta <& C.> s.p.a., Tuesday, 1 December 2026, 09:30, table 3\n" in english


def test_an_event_of_several_days_says_from_which_to_which() -> None:
    notice = Notice("registration", "a", about_event("a", Context(NAMES, TWO_DAYS)))
    italian, english = (rendered.text for rendered in in_both_languages(notice))
    # Its last slot ends at midnight: that is still the second day.
    assert "\nda lunedì 30 novembre 2026, ore 09:30, a martedì 1 dicembre 2026 (Europe/Rome)\n" in italian
    assert "\nfrom Monday, 30 November 2026, 09:30, to Tuesday, 1 December 2026 (Europe/Rome)\n" in english


def test_a_closing_asks_for_outcomes_of_what_was_held_and_says_of_the_rest_that_it_will_not_be() -> None:
    whole = BrokerageEventClosed(agenda=1, appointments=AGENDA.placements, appointments_off=AGENDA.placements, without_place=("a",))
    texts = in_both_languages(notices_of(whole)[0])
    for rendered, words in zip(texts, CLOSING, strict=True):
        assert [rendered.text.index(word) for word in words] == sorted(rendered.text.index(word) for word in words)
    assert [rendered.subject for rendered in texts] == ["Grazie: Incontri del marmo", "Thank you: Marble meetings"]


CLOSING = (
    (
        "vostri incontri:",
        "\n  09:50",
        "Vi preghiamo di registrare",
        "ancora da tenere",
        "calendario",
        "Questi incontri erano concordati",
        "\n  Beta",
    ),
    (
        "your meetings:",
        "\n  09:50",
        "Please record for each",
        "still to come",
        "calendar",
        "These meetings were agreed",
        "\n  Beta",
    ),
)


@pytest.mark.parametrize("closed", [{}, {"without_place": ("a",)}, {"appointments_off": AGENDA.placements}])
def test_an_event_without_any_meeting_is_cancelled(closed: Any) -> None:
    italian, english = in_both_languages(notices_of(BrokerageEventClosed(registered=("a", "b"), **closed))[0])
    assert (italian.subject, english.subject) == ("Annullato: Incontri del marmo", "Cancelled: Marble meetings")
    assert ("non avranno luogo:\n" in italian.text, "will not take place:\n" in english.text) == (bool(closed), bool(closed))
    for untrue in ("agenda", "Please record", "Vi preghiamo", "Thank", "azie"):
        assert untrue not in italian.text + english.text


def test_who_met_nobody_is_told_whether_an_event_ended_in_its_time() -> None:
    early = BrokerageEventClosed(appointments=AGENDA.placements, registered=("c",))
    late = BrokerageEventClosed(without_place=("a",))
    context = replace(CONTEXT, names={**NAMES, "c": "Gamma s.r.l."})
    notices = [RULES[BrokerageEventClosed].notices("e", 9, closed, context)[-1] for closed in (early, late)]
    subjects = [in_both_languages(notice)[1].subject for notice in notices]
    assert subjects == ["Ended early: Marble meetings", "Over: Marble meetings"]


def test_requests_are_over_whether_their_time_was_or_the_event() -> None:
    event = RequestsExpired(event_id="e", member_id="a", unanswered=(Unanswered(meeting_id="m", asked=("b",)),))
    italian, english = (rendered.text for rendered in in_both_languages(notices_of(event)[0]))
    assert "sono scadute senza risposta:\n\n  Beta" in italian
    assert "expired without an answer:\n\n  Beta" in english
    assert not any(word in italian + english for word in ("in time", "in tempo", "termine"))


def test_a_later_agenda_says_so() -> None:
    [notice, _] = RULES[AgendaPublished].notices("e", 2, AGENDA, CONTEXT)
    italian, english = in_both_languages(notice)
    assert italian.subject == "La vostra agenda è cambiata: Incontri del marmo"
    assert "replaces the one before" in english.text
