"""The declaration of a service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from shared.chassis.mongo import Document, Index
from shared.chassis.projections.projection import Projection
from shared.chassis.reactions.reaction import Reaction
from shared.chassis.texts import Texts
from shared.chassis.workers.worker import Worker
from shared.chassis.writes.aggregate import Aggregate

if TYPE_CHECKING:
    from shared.chassis.runtime.runtime import Runtime


def none_of(_runtime: "Runtime") -> Sequence[Any]:
    """Declare none."""
    return ()


def nothing_due(_now: datetime) -> Mapping[str, Document]:
    """Have nothing that workers would do."""
    return {}


@dataclass(frozen=True)
class Service:
    """What a service consists of: its API, its aggregates, projections and reactions, its background workers."""

    name: str
    router: APIRouter
    aggregates: tuple[Aggregate[Any], ...] = ()
    projections: tuple[Projection[Any], ...] = ()
    reactions: "Callable[[Runtime], Sequence[Reaction]]" = none_of
    workers: "Callable[[Runtime], Sequence[Worker]]" = none_of
    indexes: Mapping[str, Sequence[Index]] = field(default_factory=dict)
    texts: Texts = field(default_factory=lambda: Texts("shared.chassis"))
    due: Callable[[datetime], Mapping[str, Document]] = nothing_due
    """The pending work of its workers: by collection, the query that finds it. None matches in a quiescent service."""
