"""Matching, wired."""

from collections.abc import Sequence

from services.matching.projections.brokerage import BROKERAGE, CONTEXT_INDEXES, DISTRICTS, PARTICIPANTS
from services.matching.projections.interactions import MEETINGS_SEEN, STANDS
from services.matching.projections.meetings_held import CLOSINGS
from services.matching.projections.members import PROFILES
from services.matching.router import router
from services.matching.search.engine.client import Answering
from services.matching.store import INDEXES, INTRODUCTION, PASSES
from services.matching.suggestion.change_watcher import Watcher
from services.matching.texts import TEXTS
from shared.chassis.projections.projection import DIRTY
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.workers.child_process import ChildProcess
from shared.chassis.workers.worker import Worker


def workers(runtime: Runtime) -> Sequence[Worker]:
    """Rank and answer in processes of their own, and watch for lists that are made again."""
    ranker = ChildProcess("services.matching.shortlist", runtime.settings)
    return [ranker, Answering(runtime.settings), Watcher(runtime.mongo, lambda: runtime.stopping)]


SERVICE = Service(
    "matching",
    router,
    texts=TEXTS,
    aggregates=(INTRODUCTION,),
    projections=(PROFILES, STANDS, MEETINGS_SEEN, CLOSINGS, DISTRICTS, BROKERAGE, PARTICIPANTS),
    workers=workers,
    indexes=INDEXES | CONTEXT_INDEXES,
    due=lambda now: {DIRTY: {}, PASSES: {"made": None}},
)
