"""Matching, wired."""

from collections.abc import Sequence

from services.matching.introduction.aggregate import INDEXES as INTRODUCTION_INDEXES
from services.matching.introduction.aggregate import INTRODUCTION
from services.matching.projections.brokerage_events import BROKERAGE_EVENTS, DISTRICTS, PARTICIPANT_INDEXES, PARTICIPANTS
from services.matching.projections.interactions import INTERACTION_INDEXES, INTRODUCTIONS, MEETINGS
from services.matching.projections.meetings_held import MEETINGS_HELD
from services.matching.projections.members import MEMBER_INDEXES, MEMBERS
from services.matching.router import router
from services.matching.search.engine.client import SearchEngine
from services.matching.shortlist.stored import INDEXES as SHORTLIST_INDEXES
from services.matching.shortlist.stored import REBUILDS
from services.matching.suggestion.change_watcher import shortlist_watcher
from services.matching.texts import TEXTS
from shared.chassis.projections.projection import DIRTY
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.workers.child_process import ChildProcess
from shared.chassis.workers.worker import Worker


def workers(runtime: Runtime) -> Sequence[Worker]:
    """The ranker and the search engine, each in a process of its own, and the watcher for long polls."""
    ranker = ChildProcess("services.matching.shortlist", runtime.settings)
    return [
        ranker,
        SearchEngine(runtime.settings),
        shortlist_watcher(runtime),
    ]


SERVICE = Service(
    "matching",
    router,
    texts=TEXTS,
    aggregates=(INTRODUCTION,),
    projections=(MEMBERS, INTRODUCTIONS, MEETINGS, MEETINGS_HELD, DISTRICTS, BROKERAGE_EVENTS, PARTICIPANTS),
    workers=workers,
    indexes=INTRODUCTION_INDEXES | MEMBER_INDEXES | INTERACTION_INDEXES | PARTICIPANT_INDEXES | SHORTLIST_INDEXES,
    due=lambda now: {DIRTY: {}, REBUILDS: {"made": None}},
)
