"""A context of two members, an agenda, and what becomes of an event as it is read."""

from dataclasses import replace
from datetime import timedelta

from services.notifications.messages.rendering import Rendered, render
from services.notifications.notices.context import Context, Notice
from services.notifications.notices.rules.catalogue import RULES
from services.notifications.read_models import Slot
from shared.chassis.documents import to_document
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import (
    AgendaPublished,
    Placement,
    Unplaced,
)
from tests.notifications.factories import BROKERAGE_EVENT, STARTS

NAMES = {"a": "Alfa s.r.l.", "b": "Beta <& C.> s.p.a."}
LABELS = {"a:r1": "Vendite", "b:r2": "Ricerca", "c:r3": "Acquisti"}
CONTEXT = Context(NAMES, BROKERAGE_EVENT, meetings={"a": ("a", "b")}, labels=LABELS)
AGENDA = AgendaPublished(
    event_id="e",
    placements=(Placement(meeting_id="m1", members=("a", "b"), slot=2, table=3),),
    unplaced=(Unplaced(meeting_id="m2", members=("a", "b"), reason=LocalizedText(it="nessuno slot", en="no slot")),),
    status="optimal",
    breaks=0,
    bound=0,
    input="i",
)


def notices_of(event: DomainEvent) -> list[Notice]:
    return list(RULES[type(event)].notices("a", 1, event, CONTEXT))


def in_both_languages(notice: Notice) -> tuple[Rendered, Rendered]:
    """A notice as it is read in Italian and in English, its facts as they are stored."""
    facts = to_document(notice.facts)
    return render(notice.template, facts, "it"), render(notice.template, facts, "en")


SECOND_DAY = Slot(4, STARTS + timedelta(hours=24), STARTS + timedelta(hours=38.5))
TWO_DAYS = replace(BROKERAGE_EVENT, slots=(*BROKERAGE_EVENT.slots[:3], SECOND_DAY))


def placed(id: str, slot: int) -> Placement:
    return Placement(meeting_id=id, members=("a", "b"), slot=slot, table=3)
