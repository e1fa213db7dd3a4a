"""Headers of mails with texts of people in them: RFC 5322, and RFC 2047 for what is outside ASCII."""

from email.header import Header
from email.utils import formataddr

from shared.chassis.plain_text import clean

LINE = 76
"""Characters in a line that has encoded-words, at most."""
LONGEST_WORD = 60
"""Characters of a word that is written as it is: a line is ended between words, and a longer one would not fit."""
ENCODED_WORD = "=?"


def unstructured(header: str, text: str) -> str:
    """Write a text as the value of a header, on lines that fit."""
    line = clean(text)
    return Header(line, _charset(line), maxlinelen=LINE, header_name=header).encode()


def mailbox(header: str, name: str, address: str) -> str:
    """Write a person's name and address as the value of a header, on lines that fit."""
    display_name = clean(name)
    if _charset(display_name) == "us-ascii":
        return formataddr((display_name, address))
    words = unstructured(header, display_name)
    last_line = f"{header}: {words}".rpartition("\n")[2]
    separator = " " if len(f"{last_line} <{address}>") <= LINE else "\n "
    return f"{words}{separator}<{address}>"


def _charset(text: str) -> str:
    """Choose how a text is written. One that looks like encoded-words is encoded, or mail programs would decode it."""
    fits = all(len(word) <= LONGEST_WORD for word in text.split(" "))
    return "us-ascii" if text.isascii() and fits and ENCODED_WORD not in text else "utf-8"
