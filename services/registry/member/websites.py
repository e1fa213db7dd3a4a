"""Addresses of websites: what a page can link to without running anything or going elsewhere than it says."""

from pydantic import AnyHttpUrl, TypeAdapter, ValidationError

from shared.chassis.errors import invalid

URL: TypeAdapter[AnyHttpUrl] = TypeAdapter(AnyHttpUrl)
SCHEMES = ("http://", "https://")


def check_website(address: str | None, field: str) -> None:
    """Raise Invalid unless an address is http or https and names a host, without a user; browsers take more for one."""
    if address is None:
        return
    # A parser of URLs mends these instead of refusing them.
    is_plain = address.lower().startswith(SCHEMES) and address.isprintable() and not {" ", "\\"} & set(address)
    host = address.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
    if not is_plain or not host.partition(":")[0] or "@" in host or not _is_url(address):
        raise invalid(field, "website", "field-website")


def _is_url(address: str) -> bool:
    try:
        URL.validate_python(address)
    except ValidationError:
        return False
    return True
