"""Messages and their statistics as they are answered."""

from services.notifications.messages.ledger import MailStatus
from shared.chassis.http.answers import Answer
from shared.contracts.base import Instant


class MessageAnswer(Answer):
    """A message as its recipient reads it, in the language of Accept-Language. `mail` is how far its mail is."""

    id: str
    recipient: str
    template: str
    subject: str
    text: str
    created: Instant
    read: bool
    mail: MailStatus


class Statistics(Answer):
    """Messages, and mails by status. Every mail that can be sent is sent when `queued` is 0."""

    messages: int
    queued: int
    waiting_for_contact: int
    sent: int
    failed: int
    historical: int
