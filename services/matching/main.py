"""Matching, wired."""

from services.matching.api import router
from services.matching.projections import PROFILES
from services.matching.store import INDEXES, INTRODUCTION
from shared.chassis.child import ChildProcess
from shared.chassis.projection import DIRTY
from shared.chassis.service import Service

SERVICE = Service(
    "matching",
    router,
    aggregates=(INTRODUCTION,),
    projections=(PROFILES,),
    workers=lambda runtime: (ChildProcess("services.matching.ranker", runtime.settings),),
    indexes=INDEXES,
    due=lambda now: {DIRTY: {}},
)
