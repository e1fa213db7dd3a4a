"""The mailer: claims queued mails, sends them and publishes the outcomes. At least once, under one Message-ID.

It pauses while the service is read-only: queued mails are sent afterwards, or by the system that is restored.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import Message as Email

import structlog

from services.notifications.mail import digests, mail_queue, rules
from services.notifications.mail.aggregate import DELIVERY
from services.notifications.mail.digests import Digest
from services.notifications.mail.failures import DeliveryFailure, PermanentFailure, SenderRefused, ServerUnavailable
from services.notifications.mail.letters import Letter, compose
from services.notifications.mail.outdated import FRESH
from services.notifications.mail.pauses import PAUSED
from services.notifications.mail.smtp import MailServer
from services.notifications.mail.stall import Stall
from services.notifications.messages.ledger import Message
from services.notifications.messages.rendering import Rendered, render, render_digest
from services.notifications.queries import names_of
from services.notifications.read_models import Contact
from shared.chassis.http.read_only_mode import ReadOnly
from shared.chassis.mongo import Session
from shared.chassis.outbox.cause import Cause
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.lease import Lease
from shared.chassis.workers.polling_worker import PollingWorker
from shared.chassis.writes.aggregate import Written
from shared.contracts.base import Language, to_milliseconds
from shared.contracts.notifications import MessageFailed, MessageSent

log = structlog.get_logger()
BATCH = 128
CONNECTIONS = 8
"""Mails sent at the same time, each on a connection of its own: a mail is claimed only when it can be sent at once."""
POLL_SECONDS = 1.0
"""A reaction of this process wakes the mailer; mails that other processes queue are found by polling."""
LONGEST_PAUSE = 30.0
CLAIM_MARGIN = timedelta(seconds=5)
"""A claim outlives the sending by this much, so that the outcome is recorded before another process may claim the mail."""


class MailServerUnavailable(Exception):
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
        self._server = MailServer(runtime.settings, CONNECTIONS)
        self._stall = Stall(runtime.clock, runtime.metrics.stalled.labels(self.name))
        self._results = runtime.metrics.results
        self._unavailable = False
        self._idle = False

    async def may_work(self) -> bool:
        """Whether this replica works now: what stalls is the concern of the one that does."""
        works = await super().may_work()
        if not works:
            self._stall.forget()
        return works

    async def _round_unless_read_only(self) -> bool:
        """Send one batch; close idle connections. Raises MailServerUnavailable, so that the pauses grow; all mails stay queued."""
        try:
            due = await self.round()
        except ReadOnly:
            due = 0
        if due and self._unavailable:
            raise MailServerUnavailable
        if self._idle and not due:
            await self._server.close()
        self._idle = not due
        return due > 0

    async def round(self) -> int:
        """Send one batch, some at the same time; return how many mails were due. Raises ReadOnly."""
        await self._read_only.check()
        self._unavailable = False
        now = self._clock()
        await mail_queue.queue_contacted(self._mongo, now)
        due = await mail_queue.due_mails(self._mongo, now, BATCH)
        candidates = await digests.with_companions(self._mongo, due, BATCH)
        late = [message for message in candidates if message.mail.status == "queued" and _has_waited(message, now)]
        outdated = await mail_queue.settle_history(self._mongo, late, now) if late else set()
        pause = timedelta(seconds=self._settings.mail_pause)
        current = [message for message in candidates if message.id not in outdated]
        mails = await digests.make_digests(self._mongo, current, now, pause)
        contacts = await mail_queue.contacts_of(self._mongo, (digest.recipient for digest in mails))
        if without := [message for digest in mails if digest.recipient not in contacts for message in digest.messages]:
            await mail_queue.wait_for_contact(self._mongo, without)
        queue = deque(digest for digest in mails if digest.recipient in contacts)
        # A server that takes nothing is asked by one mail at a time: eight wrong logins at once would lock an account.
        connections = 1 if self._stall.lasts else min(CONNECTIONS, len(queue))
        async with self._lease.keep_alive():
            await asyncio.gather(*(self._work_off(queue, contacts) for _ in range(connections)))
        return len(due)

    async def _work_off(self, queue: deque[Digest], contacts: Mapping[str, Contact]) -> None:
        while queue and self._lease.held and not (self._unavailable or self.stopping):
            digest = queue.popleft()
            try:
                await self._read_only.check()
                await self._deliver(digest, contacts[digest.recipient])
            except ReadOnly:
                return
            except Exception as error:
                # The claim ends by itself, and the mail is sent once more under the same Message-ID.
                log.warning("delivery_failed", message=digest.id, error=repr(error))

    async def _deliver(self, digest: Digest, contact: Contact) -> None:
        until = to_milliseconds(self._clock() + timedelta(seconds=self._settings.smtp_timeout) + CLAIM_MARGIN)
        claimed = [message for message in digest.messages if await mail_queue.claim(self._mongo, message, until, digest.id)]
        written = [(message, text) for message in claimed if (text := await self._written(message, contact.language))]
        if not written:
            return
        sent = [message for message, _ in written]
        try:
            await self._server.send(await self._compose(Digest(digest.id, sent), [text for _, text in written], contact))
        except DeliveryFailure as failure:
            await self._handle(failure, sent, until)
        else:
            self._stall.end()
            for message in sent:
                outcome = MessageSent(recipient=message.recipient, template=message.template, cause=message.cause)
                await self._settle(message, outcome)

    async def _handle(self, failure: DeliveryFailure, messages: Sequence[Message], until: datetime) -> None:
        """Record a failure: a mail has failed, is tried later, or waits for a server that takes mails from us."""
        reason = str(failure)
        match failure:
            case PermanentFailure():
                for message in messages:
                    await self._settle(message, _failed(message, reason))
            case ServerUnavailable():
                self._unavailable = True
                self._stall.begin(reason)
                self._count("unavailable")
                log.warning("mail_server_unavailable", message=messages[0].id, reason=reason)
                for message in messages:
                    await mail_queue.release(self._mongo, message.id, until, self._clock() + rules.AWAY_PAUSE, reason)
            case SenderRefused():
                self._count("refused")
                # Only where others were taken meanwhile it is the mail's own fault.
                final = self._stall.ended_since(max(message.created for message in messages))
                self._stall.begin(reason)
                await self._retry(messages, until, reason, final=final)
            case _:
                self._count("postponed")
                await self._retry(messages, until, reason, final=True)

    async def _retry(self, messages: Sequence[Message], until: datetime, reason: str, *, final: bool) -> None:
        """Postpone a mail, together with all that is in it. After its last attempt it has failed, if that is `final`."""
        attempts = min(message.mail.attempts for message in messages) + 1
        due = rules.next_attempt(attempts, self._clock(), final)
        for message in messages:
            log.warning("mail_postponed", message=message.id, reason=reason, due=due and due.isoformat())
            if due is None:
                await self._settle(message, _failed(message, reason))
            else:
                await mail_queue.postpone(self._mongo, message.id, until, due, reason)

    def _count(self, result: str) -> None:
        self._results.labels(self.name, result).inc()

    async def _written(self, message: Message, language: Language) -> Rendered | None:
        """Render a message. One that cannot be written has failed, whatever the reason: no attempt would change that."""
        try:
            return render(message.template, message.facts, language)
        except Exception as error:
            await self._settle(message, _failed(message, _unwritable(message, error)))
            return None

    async def _compose(self, digest: Digest, texts: Sequence[Rendered], contact: Contact) -> Email:
        """Make the mail. Raises PermanentFailure for one that cannot be made, such as to a malformed address."""
        text, first = texts[0], digest.messages[0]
        if len(texts) > 1:
            sender = first.about.sender or ""
            names = await names_of(self._mongo, [sender])
            text = render_digest(first.facts["name"], names[sender], texts, contact.language)
        letter = Letter(digest.id, contact.name, contact.email, contact.language, text.subject, text.text)
        try:
            return compose(letter, self._settings.mail_from, self._clock())
        except PermanentFailure:
            raise
        except Exception as error:
            raise PermanentFailure(_unwritable(first, error)) from None

    async def _settle(self, message: Message, outcome: MessageSent | MessageFailed) -> None:
        """Record the outcome of a mail and publish it, in one transaction."""

        async def record(session: Session, written: Written[rules.Delivery]) -> None:
            delivery = written.state
            await mail_queue.settle(self._mongo, session, message.id, delivery.status, delivery.reason, self._clock())

        cause = Cause(message.correlation, message.cause)
        await self._write.execute(DELIVERY, message.id, lambda state: rules.settle(state, outcome), cause, alongside=record)
        self._count("sent" if isinstance(outcome, MessageSent) else "failed")

    async def stop(self) -> None:
        """End after the mails under way, and release the lease."""
        await super().stop()
        await self._server.close()


def _has_waited(message: Message, now: datetime) -> bool:
    return message.created < now - FRESH or message.mail.reason == PAUSED


def _failed(message: Message, reason: str) -> MessageFailed:
    return MessageFailed(recipient=message.recipient, template=message.template, cause=message.cause, reason=reason)


def _unwritable(message: Message, error: Exception) -> str:
    # Without the error's own words: they may repeat the address.
    log.error("mail_unwritable", message=message.id, template=message.template, error=type(error).__name__)
    return f"it cannot be written: {type(error).__name__}"
