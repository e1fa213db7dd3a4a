"""Brokerage events as they are answered."""

from datetime import datetime
from typing import Literal

from services.events.brokerage.rules.lifecycle import Status
from services.events.schemas import PageOf
from shared.chassis.http.answers import Answer
from shared.contracts.base import LocalizedText
from shared.contracts.events import Quota
from shared.contracts.matching import Mode


class EventSlot(Answer):
    """A time in which each participant can have one meeting."""

    number: int
    session: int
    starts: datetime
    ends: datetime


class EventTable(Answer):
    """What is special about a table."""

    number: int
    kind: Literal["shared", "fixed", "virtual"]
    member_id: str | None
    seats: int | None
    label: str | None


class BrokerageEvent(Answer):
    """A brokerage event as a whole."""

    id: str
    version: int
    title: LocalizedText
    districts: list[str]
    modes: list[Mode]
    venue: str
    timezone: str
    slots: list[EventSlot]
    tables: int
    fairness: int
    format: Literal["on-site", "virtual", "hybrid"]
    languages: list[str]
    special_tables: list[EventTable]
    places: int | None
    quotas: list[Quota]
    requests_until: datetime | None
    repairs: Literal["automatic", "asked"]
    closed_tables: list[int]
    corrections: int
    status: Status


class BrokerageEventInPhase(BrokerageEvent):
    """The same, with what its agenda is about: its status, or that one is computed or published."""

    phase: Literal[Status, "scheduling", "published"]


class BrokerageEventsPage(PageOf[BrokerageEvent]):
    """A page of brokerage events; `next` is null on the last one."""
