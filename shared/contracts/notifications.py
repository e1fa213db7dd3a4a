"""What notifications publishes: what became of each mail. No address, no body."""

from typing import ClassVar

from pydantic import Field

from shared.contracts.base import DomainEvent, Id


class MessageSent(DomainEvent):
    TYPE: ClassVar[str] = "notifications.message-sent.v1"
    recipient: Id
    template: str = Field(max_length=60)
    cause: Id


class MessageFailed(DomainEvent):
    TYPE: ClassVar[str] = "notifications.message-failed.v1"
    recipient: Id
    template: str = Field(max_length=60)
    cause: Id
    reason: str = Field(max_length=1000)
