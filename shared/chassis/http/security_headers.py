"""The headers that every answer has, whoever makes it; what a route says itself stays."""

from collections.abc import Iterable

Header = tuple[bytes, bytes]
DEFAULTS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
)
NOT_STORED = (b"cache-control", b"no-store")
"""Of an answer to somebody: no browser and no proxy keeps it, unless the route says how."""


def secured(headers: Iterable[Header], personal: bool) -> list[Header]:
    """Add the headers that are not there; `personal` is an answer to who sent a token."""
    all_headers = list(headers)
    names = {name.lower() for name, _ in all_headers}
    defaults = (*DEFAULTS, NOT_STORED) if personal else DEFAULTS
    return [*all_headers, *(header for header in defaults if header[0] not in names)]
