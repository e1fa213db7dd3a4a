"""Sends what is queued: claims a mail, hands it to the server, marks it and tells it. At least once, one Message-ID.

It rests while the service is closed for commands: what is queued is sent afterwards, or by the system that is restored.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from datetime import timedelta
from email.message import Message

import structlog

from services.notifications import message_queue, rules
from services.notifications.channels.smtp import Away, Letter, MailServer, NotSent, Refused, compose
from services.notifications.rendering import render
from services.notifications.store import DELIVERY
from shared.chassis.http.read_only_mode import ReadOnly
from shared.chassis.mongo import Document, Session
from shared.chassis.outbox.cause import Cause
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.lease import Lease
from shared.chassis.workers.polling_worker import PollingWorker
from shared.chassis.writes.aggregate import Written
from shared.contracts.notifications import MessageFailed, MessageSent

log = structlog.get_logger()
BATCH = 128
AT_ONCE = 8
"""Mails under way, each on a connection of its own: a claim begins only when its mail can go at once."""
POLL_SECONDS = 1.0
"""A reaction of this process wakes it; what another process queues is found by looking."""
LONGEST_PAUSE = 30.0
CLAIM_MARGIN = timedelta(seconds=5)
"""A claim outlives the sending by this much, so that a mail can be marked before another may take it."""


class MailServerAway(Exception):
    """Mails are due, and the mail server takes none."""


class Mailer(PollingWorker):
    """One replica at a time sends, by a lease; claims keep two from sending the same mail while the lease changes hands."""

    _lease: Lease

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(
            self._round_unless_read_only,
            name="mailer",
            interval=POLL_SECONDS,
            max_pause=LONGEST_PAUSE,
            lease=Lease(runtime.mongo, "mailer", runtime.clock),
        )
        self._mongo = runtime.mongo
        self._write = runtime.write
        self._clock = runtime.clock
        self._settings = runtime.settings
        self._read_only = runtime.read_only
        self._server = MailServer(runtime.settings, AT_ONCE)
        self._away = False
        self._idle = False

    async def _round_unless_read_only(self) -> bool:
        """Send one batch; close idle connections. Raises MailServerAway, so that the pauses grow; everything stays queued."""
        try:
            due = await self.round()
        except ReadOnly:
            due = 0
        if due and self._away:
            raise MailServerAway
        if self._idle and not due:
            await self._server.close()
        self._idle = not due
        return due > 0

    async def round(self) -> int:
        """Send one batch, some at once; return how many mails were due. Raises ReadOnly."""
        await self._read_only.check()
        self._away = False
        await message_queue.take_up_contacted(self._mongo)
        due = await message_queue.due(self._mongo, self._clock(), BATCH)
        contacts = await message_queue.contacts_of(self._mongo, (message["recipient"] for message in due))
        if without := [message for message in due if message["recipient"] not in contacts]:
            await message_queue.wait_for_contact(self._mongo, without)
        queue = deque(message for message in due if message["recipient"] in contacts)
        async with self._lease.keep_alive():
            await asyncio.gather(*(self._work_off(queue, contacts) for _ in range(min(AT_ONCE, len(queue)))))
        return len(due)

    async def _work_off(self, queue: deque[Document], contacts: Mapping[str, Document]) -> None:
        while queue and self._lease.held and not (self._away or self.stopping):
            message = queue.popleft()
            try:
                await self._read_only.check()
                await self._deliver(message, contacts[message["recipient"]])
            except ReadOnly:
                return
            except Exception as error:
                # The claim ends by itself, and the mail is sent again under the same Message-ID.
                log.warning("delivery_failed", message=message["_id"], error=repr(error))

    async def _deliver(self, message: Document, contact: Document) -> None:
        longest = timedelta(seconds=self._settings.smtp_timeout) + CLAIM_MARGIN
        until = await message_queue.claim(self._mongo, message, self._clock() + longest)
        if until is None:
            return
        told = {"recipient": message["recipient"], "template": message["template"], "cause": message["cause"]}
        try:
            await self._server.send(self._written(message, contact))
        except Refused as refusal:
            await self._settle(message, MessageFailed(**told, reason=str(refusal)))
        except Away as trouble:
            self._away = True
            log.warning("mail_server_away", message=message["_id"], reason=str(trouble))
            await message_queue.take_back(self._mongo, message["_id"], until, self._clock() + rules.AWAY_PAUSE, str(trouble))
        except NotSent as trouble:
            again = rules.next_attempt(message["mail"]["attempts"] + 1, self._clock())
            log.warning("mail_postponed", message=message["_id"], reason=str(trouble), again=again and again.isoformat())
            if again is None:
                await self._settle(message, MessageFailed(**told, reason=str(trouble)))
            else:
                await message_queue.postpone(self._mongo, message["_id"], until, again, str(trouble))
        else:
            await self._settle(message, MessageSent(**told))

    def _written(self, message: Document, contact: Document) -> Message:
        """Write the mail. Raises Refused for what cannot be written, whatever the reason: it would be so at every attempt."""
        id, language = message["_id"], contact["language"]
        try:
            rendered = render(message["template"], message["facts"], language)
            letter = Letter(id, contact["name"], contact["email"], language, rendered.subject, rendered.text)
            return compose(letter, self._settings.mail_from, self._clock())
        except Refused:
            raise
        except Exception as error:
            # The error's own words are left behind: they may repeat the address.
            log.error("mail_unwritable", message=id, template=message["template"], error=type(error).__name__)
            raise Refused(f"it cannot be written: {type(error).__name__}") from None

    async def _settle(self, message: Document, outcome: MessageSent | MessageFailed) -> None:
        """Mark the mail and tell it, in one transaction."""

        async def mark(session: Session, written: Written[rules.Delivery]) -> None:
            state = written.state
            await message_queue.settle(self._mongo, session, message["_id"], state["status"], state["reason"], self._clock())

        cause = Cause(message["correlation"], message["cause"])
        await self._write.execute(DELIVERY, message["_id"], lambda state: rules.settle(state, outcome), cause, alongside=mark)

    async def stop(self) -> None:
        """End after the mails under way, and release the lease."""
        await super().stop()
        await self._server.close()
