"""Headers hold any text of people: read back as it was, on lines and in words that fit."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import SMTP
from email.utils import parseaddr

import pytest
from aiosmtplib.email import flatten_message
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.mail.letters import Letter, compose
from shared.chassis.plain_text import clean

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LONG_ADDRESS = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example"
WORDS = ["=?utf-8?B?QWxmYQ==?=", "=?iso-8859-1?Q?=E9?=", "=?", "?=", '"', "\\"]
CONTROLS = ["\x00", "\r\nBcc: a@b.example", "\x1b[31m", "\u2028", "\u202e"]
LETTERS = st.sampled_from([st.characters(codec="utf-8"), st.sampled_from("àß語🙂 "), st.sampled_from("x,:;<>@ ")]).flatmap(
    lambda letters: st.text(letters, max_size=300)
)
TEXTS = st.lists(LETTERS | st.sampled_from(WORDS + CONTROLS), max_size=6).map("".join)


def sent(name: str, subject: str, address: str = "zoe@post.example", sender: str = "distretti@distretti.example") -> bytes:
    """The mail as it goes to the server."""
    return flatten_message(compose(Letter("m1", name, address, "it", subject, "Testo.\n"), sender, NOW))


def check_lines(mail: bytes) -> None:
    """Raise where a header has a control character, a line or an encoded-word that is too long."""
    head = mail.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("ascii")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", head)
    for line in head.split("\n"):
        assert len(line) <= (76 if "=?" in line else 998), line
        assert all(len(word) <= 75 for word in re.findall(r"=\?\S*\?=", line)), line
    names = [line.partition(":")[0] for line in head.split("\n") if not line.startswith(" ")]
    assert names == [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ]


def read_mailbox(mail: bytes, header: str) -> tuple[str, str]:
    """Read a name and an address as mail programs do: unfolded, then decoded."""
    line = re.sub(r"\r?\n(?=[ \t])", "", message_from_bytes(mail)[header])
    name, address = parseaddr(line)
    return (decoded(name) if line.startswith("=?") else name), address


def decoded(text: str) -> str:
    """Decode encoded-words; white space between two of them is none."""
    return str(make_header(decode_header(text)))


@given(name=TEXTS, subject=TEXTS, address=st.sampled_from(["zoe@post.example", LONG_ADDRESS]))
def test_any_name_and_subject_is_read_as_it_was_written(name: str, subject: str, address: str) -> None:
    mail = sent(name, subject, address)
    check_lines(mail)
    assert read_mailbox(mail, "To") == (clean(name), address)
    assert message_from_bytes(mail, policy=SMTP)["Subject"] == clean(subject)


@pytest.mark.parametrize("text", ["=?utf-8?B?UHJlc2lkZW50ZQ==?=", "a =?utf-8?q?b?= c", "=?x", "Zoë =?utf-8?B?QQ==?="])
def test_what_looks_encoded_is_not_decoded_by_programs_that_decode_inside_quotes(text: str) -> None:
    head = message_from_bytes(sent(text, text))
    assert decoded(head["To"].rpartition("<")[0].strip().strip('"')) == text
    assert decoded(head["Subject"]) == text


def test_a_long_name_outside_ascii_is_many_encoded_words() -> None:
    mail = sent("語" * 100, "È" * 500)
    check_lines(mail)
    assert read_mailbox(mail, "To") == ("語" * 100, "zoe@post.example")


@given(TEXTS)
def test_the_senders_name_is_written_alike(name: str) -> None:
    quoted = clean(name.replace("\\", "").replace('"', ""))
    mail = sent("Zoë", "Oggetto", sender=f'"{quoted}" <distretti@distretti.example>')
    check_lines(mail)
    assert read_mailbox(mail, "From") == (quoted, "distretti@distretti.example")


@pytest.mark.parametrize("text", ["A" * 200, f"Rossi {'b' * 61}", f"https://esempio.example/{'c' * 90}"])
def test_a_word_longer_than_a_line_is_parted(text: str) -> None:
    for name, subject in ((text, "Oggetto"), ("Zoe", text)):
        mail = sent(name, subject)
        check_lines(mail)
        assert max(map(len, mail.partition(b"\n\n")[0].split(b"\n"))) <= 78
        assert str(make_header(decode_header(message_from_bytes(mail)["Subject"]))) == subject
