"""Declarations of the services, and commands that run over all of them."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from distretti.devstack.programs import service_names
from shared.chassis.audit.run import Audit, audit_service
from shared.chassis.audit.topic_log import topic_log
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo
from shared.chassis.runtime.service import Service
from shared.contracts.topics import CATALOGUE

if TYPE_CHECKING:
    from services.matching.shortlist.verification import VerificationReport


def declarations() -> list[Service]:
    """The declaration of every service of this repository."""
    return [import_module(f"services.{name}.main").SERVICE for name in service_names()]


async def audit_all(settings: Settings, step: Callable[[str], None] = lambda _: None) -> Audit:
    """Audit every service of a running system."""
    audit = Audit()
    for service in declarations():
        await audit_service(service, settings, audit, step)
    return audit


async def recompute_suggestions(settings: Settings) -> "VerificationReport":
    """Recompute every stored suggestion from its evidence and the profiles."""
    from services.matching.shortlist.verification import recompute

    mongo = Mongo(settings.mongo_url, settings.named("matching"), settings.mongo_timeout)
    try:
        return await recompute(mongo)
    finally:
        mongo.close()


async def count_events(settings: Settings) -> int:
    """Number of records on all topics."""
    async with topic_log(settings) as log:
        return await log.count(list(CATALOGUE))
