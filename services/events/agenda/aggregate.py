"""Agendas as they are stored: the aggregate holds the newest version."""

from services.events.agenda.state import Agenda, claims, evolve
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

AGENDA = Aggregate("agenda", topics.AGENDAS, "agendas", evolve, claims, state=Agenda)
