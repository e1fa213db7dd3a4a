"""Contacts of members over HTTP. Personal data, published to notifications alone."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from services.registry.contact import queries, rules
from services.registry.contact.aggregate import CONTACT
from services.registry.contact.schemas import ContactAnswer, ContactReplacement, RecordedContact
from services.registry.contact.state import Contact
from services.registry.member.access import own_member
from services.registry.member.rules import require_current
from services.registry.member.schemas import MemberId
from shared.chassis.http.answers import answer_of, tagged
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Run, Store
from shared.contracts.base import DomainEvent
from shared.contracts.registry import ContactRecorded

router = APIRouter(prefix="/members/{id}/contact", tags=["members"])


@router.put("", response_model=RecordedContact)
async def record_contact(id: MemberId, body: ContactReplacement, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Record whom to write to, unless it was refused or has left. Personal data: only notifications receives it."""
    member = await own_member(store, principal, id)
    recorded = ContactRecorded(member_id=id, name=body.name, email=body.email, language=body.language)

    def record(state: Contact | None) -> Sequence[DomainEvent]:
        require_current(member.state)
        return rules.record_contact(state, recorded)

    return await run.run(CONTACT, id, record, answer=lambda contact: answer_of(RecordedContact, contact))


@router.get("", response_model=ContactAnswer)
async def read_contact(id: MemberId, principal: CurrentPrincipal, store: Store) -> Response:
    """Read whom to write to; for the member itself, its applicant until it is decided, and operators."""
    await own_member(store, principal, id)
    contact = await queries.read_contact(store, id)
    return tagged(answer_of(ContactAnswer, contact), contact.version)
