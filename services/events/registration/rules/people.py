"""The people of a member: the member itself, or each of its representatives where it has named some. Pure."""

from collections.abc import Collection

from services.events.registration.state import Registration


def people_of(registration: Registration) -> tuple[str, ...]:
    """Name the people of a registered member: `member:representative` for each, or the member where it named none."""
    member = registration.member_id
    return tuple(f"{member}:{representative.id}" for representative in registration.representatives) or (member,)


def member_of(person: str, members: Collection[str]) -> str:
    """Name the member that a person is, or represents."""
    return person if person in members else person.rpartition(":")[0]
