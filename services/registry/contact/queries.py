"""Reading contacts."""

from services.registry.contact.aggregate import CONTACT
from services.registry.contact.state import Contact
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregate


async def read_contact(mongo: Mongo, id: str) -> Stored[Contact]:
    """Read the contact of a member. Raises NotFound."""
    contact = await find_aggregate(mongo, CONTACT, id)
    if contact is None:
        raise NotFound("contact-unknown")
    return contact
