"""Members that a command names beside those it is of: a wish, the owner of a table."""

from collections.abc import Collection, Mapping

from services.events.projections import approved_members
from shared.chassis.errors import invalid
from shared.chassis.mongo import Mongo


async def check_named_members(mongo: Mongo, named: Mapping[str, str], before: Collection[str] = ()) -> None:
    """Raise Invalid, naming the field, for a member that is not approved: others are hidden, and as unknown as none.

    `named` are the members by field. Who was named `before` may stay: it may have left meanwhile.
    """
    approved = await approved_members(mongo, set(named.values()).difference(before))
    for field, member in named.items():
        if member not in approved and member not in before:
            raise invalid(field, "member", "field-member", member=member)
