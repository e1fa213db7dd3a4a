"""What the mail sink keeps and shows."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import httpx2

from distretti.devstack.mail_ui import create_app
from distretti.devstack.mailbox import Mailbox

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


def mail(subject: str = "Incontri", message_id: str | None = "<1@distretti.example>") -> bytes:
    message = EmailMessage()
    message["Subject"], message["To"] = subject, "anna@impresa.example"
    if message_id:
        message["Message-ID"] = message_id
    message.set_content(f"Testo {EVIL}")
    message.add_alternative(f'<p title="x">Testo {EVIL}</p>', subtype="html")
    return message.as_bytes()


def keep(mailbox: Mailbox, content: bytes) -> None:
    mailbox.store(content, "noreply@distretti.example", ["anna@impresa.example"], NOW)


def test_the_index_is_the_same_after_a_restart(tmp_path: Path) -> None:
    first = Mailbox(tmp_path)
    keep(first, mail("Perché l’agenda è cambiata, e che cosa può fare ora chi si era già iscritto"))
    keep(first, mail(message_id=None))

    second = Mailbox(tmp_path)

    assert second.mails == first.mails
    assert [entry.number for entry in second.mails] == [1, 2]
    assert second.mails[0].received == NOW
    assert second.mails[0].subject.startswith("Perché l’agenda")


def test_a_half_written_mail_is_not_counted(tmp_path: Path) -> None:
    keep(Mailbox(tmp_path), mail())
    (tmp_path / "abc.part").write_bytes(b"Subject: half")

    assert len(Mailbox(tmp_path)) == 1


def test_mails_without_an_id_are_all_different(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)
    for message_id in ("<1@distretti.example>", "<1@distretti.example>", None, None):
        keep(mailbox, mail(message_id=message_id))

    assert (len(mailbox), mailbox.distinct_message_ids) == (4, 3)


def test_a_mail_no_library_can_parse_is_kept(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)
    keep(mailbox, b"Message-ID: <broken@@\xff\r\nTo: \xff\xfe, <<\r\nSubject: =?x?q?\r\n\r\n\xff\xfe")
    keep(mailbox, b"")

    assert Mailbox(tmp_path).mails == mailbox.mails
    assert len(mailbox) == 2


async def test_pages_run_nothing_a_mail_brings(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)
    keep(mailbox, mail(subject=EVIL))
    async with _client(mailbox) as client:
        pages = [(await client.get(path)).text for path in ("/", "/messages/1")]

    assert all("&lt;script&gt;" in page and "<script" not in page for page in pages)
    assert "<iframe sandbox " in pages[1]


async def test_old_mails_are_one_page_further(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)
    for number in range(201):
        keep(mailbox, mail(subject=f"Numero {number + 1}."))
    async with _client(mailbox) as client:
        newest, older = [(await client.get(path)).text for path in ("/", "/?before=2")]
        missing = await client.get("/messages/999")

    assert ["Numero 201." in newest, "Numero 1." in newest, "?before=2" in newest] == [True, False, True]
    assert ["Numero 201." in older, "Numero 1." in older, "?before" in older] == [False, True, False]
    assert missing.status_code == 404


def _client(mailbox: Mailbox) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(create_app(mailbox)), base_url="http://localhost")
