"""The way to the mail server: encrypted by a policy, to a server with a private CA, with a login."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.notifications.mail.failures import ServerUnavailable
from services.notifications.mail.letters import Letter, compose
from services.notifications.mail.smtp import MailServer
from shared.chassis.config import Settings
from tests.lib.certificates import Authority, private_authority
from tests.lib.smtp_server import Post, post_office

MAIL = compose(
    Letter("m1", "Zoë Verdi", "zoe@post.example", "it", "La città", "Testo.\n"),
    "distretti@distretti.example",
    datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
)
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
LOGIN = ("distretti", "pässword")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return private_authority(tmp_path_factory.mktemp("private-ca"))


@pytest.fixture(scope="module")
def foreign_ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of another CA."""
    return private_authority(tmp_path_factory.mktemp("another-ca")).ca_file


@asynccontextmanager
async def sending(post: Post, **settings: Any) -> AsyncIterator[MailServer]:
    server = MailServer(Settings(smtp_port=post.port, smtp_timeout=5, **settings), connections=1)
    yield server
    await server.close()


@pytest.mark.parametrize("policy", ["starttls", "implicit"])
async def test_a_private_ca_and_a_login_are_all_a_relay_needs(authority: Authority, policy: str) -> None:
    encryption = {"starttls" if policy == "starttls" else "implicit_tls": authority.server}
    settings = {"smtp_tls": policy, "smtp_ca_file": str(authority.ca_file), "smtp_user": LOGIN[0], "smtp_password": LOGIN[1]}
    async with post_office(**encryption, login=LOGIN) as post:
        async with sending(post, **settings) as server:
            await server.send(MAIL)
            await server.send(MAIL)
        assert (len(post.mails), post.connections, post.logins) == (2, 1, 1)
        async with sending(post, **settings | {"smtp_password": "wrong"}) as server:
            with pytest.raises(ServerUnavailable, match=r"^the mail server refuses the login: 535 5\.7\.8$"):
                await server.send(MAIL)


@pytest.mark.parametrize("policy", ["starttls", "implicit"])
async def test_a_server_whose_certificate_nobody_trusts_gets_no_mail(authority: Authority, foreign_ca: Path, policy: str) -> None:
    encryption = {"starttls" if policy == "starttls" else "implicit_tls": authority.server}
    async with post_office(**encryption) as post:
        for ca_file in ("", str(foreign_ca)):
            async with sending(post, smtp_tls=policy, smtp_ca_file=ca_file) as server:
                with pytest.raises(ServerUnavailable, match="certificate not accepted"):
                    await server.send(MAIL)
        assert post.mails == []


async def test_a_certificate_for_another_name_is_not_accepted(authority: Authority) -> None:
    async with post_office(starttls=authority.server) as post:
        settings = {"smtp_host": "localhost", "smtp_tls": "starttls", "smtp_ca_file": str(authority.ca_file)}
        async with sending(post, **settings) as server:
            with pytest.raises(ServerUnavailable, match="Hostname mismatch"):
                await server.send(MAIL)
        assert post.mails == []


async def test_without_encryption_nothing_is_sent_where_it_is_asked_for() -> None:
    async with post_office() as post:
        for policy, reason in {"starttls": "STARTTLS extension not supported", "implicit": "cannot be reached"}.items():
            async with sending(post, smtp_tls=policy) as server:
                with pytest.raises(ServerUnavailable, match=reason):
                    await server.send(MAIL)
        assert post.mails == []


async def test_encryption_is_used_where_it_is_offered_and_not_where_it_is_not_asked_for(authority: Authority) -> None:
    async with post_office(starttls=authority.server) as encrypting, post_office() as plain:
        for post in (encrypting, plain):
            async with sending(post) as server:
                await server.send(MAIL)
            assert len(post.mails) == 1
        async with sending(plain, smtp_tls="none") as server:
            await server.send(MAIL)
        async with sending(encrypting, smtp_tls="none") as server:
            with pytest.raises(ServerUnavailable, match="the mail server answered 530"):
                await server.send(MAIL)


async def test_a_login_goes_unencrypted_only_where_that_is_the_policy() -> None:
    async with post_office(login=LOGIN) as post:
        async with sending(post, smtp_tls="none", smtp_user=LOGIN[0], smtp_password=LOGIN[1]) as server:
            await server.send(MAIL)
        assert len(post.mails) == 1
        async with sending(post, smtp_tls="none") as server:
            with pytest.raises(ServerUnavailable, match="the mail server answered 530"):
                await server.send(MAIL)
