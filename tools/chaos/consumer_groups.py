"""The consumer groups of each service, and what they read."""

from collections.abc import Mapping

from distretti.ops.services import declarations
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.topics import Topic

Groups = Mapping[str, Mapping[str, tuple[Topic, ...]]]


def groups(settings: Settings) -> Groups:
    """Name each service's groups with their topics; inside a running loop."""
    found: dict[str, dict[str, tuple[Topic, ...]]] = {}
    for service in declarations():
        # Reactions are declared by a runtime; this one is never started.
        runtime = Runtime(service, settings)
        reactions = {reaction.name: reaction.topics for reaction in service.reactions(runtime)}
        runtime.mongo.close()
        found[service.name] = {projection.name: projection.topics for projection in service.projections} | reactions
    return found
