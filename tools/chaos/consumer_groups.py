"""The consumer groups of each service, and their topics."""

from collections.abc import Mapping

from distretti.ops.services import declarations
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.topics import Topic

Groups = Mapping[str, Mapping[str, tuple[Topic, ...]]]


def groups(settings: Settings) -> Groups:
    """The topics of each group, by service. Needs a running event loop."""
    by_service: dict[str, dict[str, tuple[Topic, ...]]] = {}
    for service in declarations():
        # Reactions are built with a runtime, which is never started here.
        runtime = Runtime(service, settings)
        reactions = {reaction.name: reaction.topics for reaction in service.reactions(runtime)}
        runtime.mongo.close()
        by_service[service.name] = {projection.name: projection.topics for projection in service.projections} | reactions
    return by_service
