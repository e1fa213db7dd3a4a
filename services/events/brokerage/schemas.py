"""Brokerage events as they are answered."""

from typing import Annotated, Literal

from pydantic import Field

from services.events.brokerage.state import Status, TableKind
from shared.chassis.http.answers import Answer, Moment
from shared.contracts.base import LocalizedText
from shared.contracts.events import Ending
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind

Phase = Literal[Status, "scheduling", "published"]


class SlotAnswer(Answer):
    """A time in which each participant can have one meeting."""

    number: int
    session: int
    starts: Moment
    ends: Moment


class TableAnswer(Answer):
    """What is special about a table."""

    number: int
    kind: TableKind
    member_id: str | None
    seats: int | None
    label: str | None


class QuotaAnswer(Answer):
    """How many participants of a kind there may be at most."""

    kind: Kind
    most: int


class BrokerageEventAnswer(Answer):
    """A brokerage event as a whole."""

    id: str
    version: int
    title: LocalizedText
    districts: list[str]
    modes: list[Mode]
    venue: str
    timezone: str
    slots: list[SlotAnswer]
    tables: int
    fairness: int
    format: Literal["on-site", "virtual", "hybrid"]
    languages: list[str]
    special_tables: list[TableAnswer]
    places: int | None
    quotas: list[QuotaAnswer]
    requests_until: Moment | None
    repairs: Literal["automatic", "asked"]
    closed_tables: list[int]
    status: Status
    ending: Annotated[
        Ending | None,
        Field(description="Of a closed event: held to its end, ended early, or cancelled: before any meeting, or with nobody."),
    ]


class BrokerageEventInPhase(BrokerageEventAnswer):
    """The same, with what its agenda is about: its status, or that one is computed or published."""

    phase: Phase
