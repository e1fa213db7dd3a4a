"""Matching, wired."""

from services.matching.api import router
from services.matching.dealings import MEETINGS_SEEN, STANDS
from services.matching.projections import PROFILES
from services.matching.store import INDEXES, INTRODUCTION, PASSES
from shared.chassis.child import ChildProcess
from shared.chassis.projection import DIRTY
from shared.chassis.service import Service

SERVICE = Service(
    "matching",
    router,
    aggregates=(INTRODUCTION,),
    projections=(PROFILES, STANDS, MEETINGS_SEEN),
    workers=lambda runtime: (ChildProcess("services.matching.ranker", runtime.settings),),
    indexes=INDEXES,
    due=lambda now: {DIRTY: {}, PASSES: {"made": None}},
)
