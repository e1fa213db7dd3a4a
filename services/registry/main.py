"""The registry, wired."""

from services.registry.contact.aggregate import CONTACT
from services.registry.district.aggregate import DISTRICT
from services.registry.member import applicants
from services.registry.member.aggregate import INDEXES, MEMBER
from services.registry.router import router
from services.registry.texts import TEXTS
from shared.chassis.runtime.service import Service

SERVICE = Service(
    "registry",
    router,
    texts=TEXTS,
    aggregates=(DISTRICT, MEMBER, CONTACT),
    indexes=INDEXES | applicants.INDEXES,
)
