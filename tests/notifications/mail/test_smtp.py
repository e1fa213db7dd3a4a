"""Mails over a real SMTP connection."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.notifications.mail.failures import PermanentFailure, SenderRefused, ServerUnavailable, TransientFailure
from services.notifications.mail.letters import compose
from services.notifications.mail.smtp import MailServer
from shared.chassis.config import Settings
from tests.lib.smtp_server import Post, post_office
from tests.notifications.mail.test_letters import NOW, SENDER, letter


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with post_office() as running:
        yield running


@pytest.fixture
async def server(post: Post) -> AsyncIterator[MailServer]:
    server = MailServer(Settings(smtp_port=post.port, smtp_timeout=1, mail_from=SENDER), connections=2)
    yield server
    await server.close()


async def test_a_mail_arrives_as_it_was_written(post: Post, server: MailServer) -> None:
    await server.send(compose(letter(), SENDER, NOW))
    [mail] = post.mails
    assert mail["Message-ID"] == "<m1@distretti.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"].addresses[0].display_name == "Zoë Verdi"
    assert mail["Subject"] == "La città"
    assert mail["Date"].datetime == NOW
    assert mail.get_content().replace("\r\n", "\n") == letter().text


async def test_a_burst_goes_over_few_connections(post: Post, server: MailServer) -> None:
    await asyncio.gather(*(server.send(compose(letter(f"m{number}"), SENDER, NOW)) for number in range(20)))
    assert len({mail["Message-ID"] for mail in post.mails}) == 20
    assert post.connections <= 2
    await server.close()
    await server.send(compose(letter("m20"), SENDER, NOW))
    assert len(post.mails) == 21


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ("450 4.2.1 <zoe@post.example> is busy", TransientFailure, "the mail server answered 450 4.2.1"),
        ("550 5.1.1 <zoe@post.example> is unknown", PermanentFailure, "the mail server answered 550 5.1.1"),
        ("552 5.2.2 <zoe@post.example> is full", TransientFailure, "the mail server answered 552 5.2.2"),
        ("554 5.7.1 <zoe@post.example>: relay access denied", SenderRefused, "the mail server answered 554 5.7.1"),
        ("530 5.7.0 Authentication required", ServerUnavailable, "the mail server answered 530 5.7.0"),
        ("421 closing", ServerUnavailable, "the mail server answered 421"),
    ],
)
async def test_an_answer_says_what_to_do_and_names_nobody(
    post: Post, server: MailServer, answer: str, kind: type[Exception], reason: str
) -> None:
    post.answers["zoe@post.example"] = [answer]
    with pytest.raises(kind) as caught:
        await server.send(compose(letter(), SENDER, NOW))
    assert str(caught.value) == reason
    await server.send(compose(letter(), SENDER, NOW))
    assert len(post.mails) == 1


async def test_a_server_that_is_silent_or_gone_is_away(post: Post, server: MailServer) -> None:
    post.silent.set()
    with pytest.raises(ServerUnavailable):
        await server.send(compose(letter(), SENDER, NOW))
    post.silent.clear()
    await server.send(compose(letter(), SENDER, NOW))
    async with post_office() as different:
        port = different.port
    with pytest.raises(ServerUnavailable):
        await MailServer(Settings(smtp_port=port, smtp_timeout=1)).send(compose(letter(), SENDER, NOW))
