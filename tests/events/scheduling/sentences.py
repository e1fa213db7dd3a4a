"""Reasons as the organiser reads them."""

from services.events.texts import TEXTS
from shared.chassis.texts import Message


def english(reason: Message) -> str:
    return TEXTS.write(reason, "en")


def italian(reason: Message) -> str:
    return TEXTS.write(reason, "it")
