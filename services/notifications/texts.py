"""The texts of this service: `locale/<language>/LC_MESSAGES/messages.po`."""

from shared.chassis.texts import Texts

TEXTS = Texts(__package__)
