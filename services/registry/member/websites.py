"""Addresses of websites: what a page can link to without running anything or going elsewhere than it says."""

import re
import unicodedata

from pydantic import AnyHttpUrl, TypeAdapter, ValidationError

from shared.chassis.errors import invalid

URL: TypeAdapter[AnyHttpUrl] = TypeAdapter(AnyHttpUrl)
SCHEMES = ("http://", "https://")
LABEL = re.compile(r"[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?")
LONGEST_HOST = 253
"""Characters, and 63 in each of its labels (RFC 1035)."""


def check_website(address: str | None, field: str) -> None:
    """Raise Invalid unless an address is http or https and names a host, without a user; browsers take more for one."""
    if address is None:
        return
    # A parser of URLs mends these instead of refusing them.
    is_plain = address.lower().startswith(SCHEMES) and address.isprintable() and not {" ", "\\"} & set(address)
    authority = re.split("[/?#]", address.partition("://")[2], maxsplit=1)[0]
    host = authority.partition(":")[0]
    # An empty port is what is left of a scheme that was written twice.
    if not is_plain or "@" in authority or authority.endswith(":") or not _is_host(host, _parsed_host(address)):
        raise invalid(field, "website", "field-website")


def _parsed_host(address: str) -> str | None:
    """The host that a link to this address goes to, in ASCII; None where it is no address."""
    try:
        return URL.validate_python(address).host
    except ValidationError:
        return None


def _is_host(written: str, parsed: str | None) -> bool:
    """Whether a host is written as it is read, and is a name or an IPv4 address: `0x7f.1` is read as 127.0.0.1, `ⓧ.it` as x.it."""
    if parsed is None or len(parsed) > LONGEST_HOST or not all(LABEL.fullmatch(label) for label in parsed.split(".")):
        return False
    lower = written.lower()
    if written.isascii():
        return lower == parsed
    is_itself = unicodedata.normalize("NFC", lower) == unicodedata.normalize("NFKC", lower)
    return is_itself and lower.count(".") == parsed.count(".")
