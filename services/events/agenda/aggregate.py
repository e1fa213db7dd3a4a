"""Agendas as they are stored: the aggregate holds the newest version."""

from services.events.agenda.rules import publication
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

AGENDA: Aggregate[publication.Agenda] = Aggregate("agenda", topics.AGENDAS, "agendas", publication.evolve, publication.claims)
