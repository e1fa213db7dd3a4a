"""Matching, wired."""

from collections.abc import Sequence

from services.matching.answering.worker import Answering
from services.matching.api import router
from services.matching.closings import CLOSINGS
from services.matching.context import BROKERAGE, CONTEXT_INDEXES, DISTRICTS, PARTICIPANTS
from services.matching.dealings import MEETINGS_SEEN, STANDS
from services.matching.projections import PROFILES
from services.matching.store import INDEXES, INTRODUCTION, PASSES
from services.matching.watching import Watcher
from shared.chassis.child import ChildProcess
from shared.chassis.projection import DIRTY
from shared.chassis.service import Runtime, Service, Worker


def workers(runtime: Runtime) -> Sequence[Worker]:
    """Rank and answer in processes of their own, and watch for lists that are made again."""
    ranker = ChildProcess("services.matching.ranker", runtime.settings)
    return [ranker, Answering(runtime.settings), Watcher(runtime.mongo, lambda: runtime.stopping)]


SERVICE = Service(
    "matching",
    router,
    aggregates=(INTRODUCTION,),
    projections=(PROFILES, STANDS, MEETINGS_SEEN, CLOSINGS, DISTRICTS, BROKERAGE, PARTICIPANTS),
    workers=workers,
    indexes=INDEXES | CONTEXT_INDEXES,
    due=lambda now: {DIRTY: {}, PASSES: {"made": None}},
)
