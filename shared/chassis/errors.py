"""Typed refusals. Each says what is wrong and what to do, in the words of a text catalogue; HTTP gives them as RFC 9457."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.chassis.texts import Message, Texts, text
from shared.contracts.base import Language


@dataclass(frozen=True)
class FieldError:
    """One wrong field: where it is, which rule it breaks, and what is allowed."""

    field: str
    rule: str
    message: Message

    def written(self, texts: Texts, language: Language) -> dict[str, str]:
        """Write it in a language."""
        return {"field": self.field, "rule": self.rule, "message": texts.write(self.message, language)}


class Refusal(Exception):
    """A command that cannot be done. `code` is stable and machine-readable.

    Its text is the catalogue's by the key `code`, or by that of `message`, with `params`.
    """

    status = 409
    reason: str | None = None
    """Why a request was not served, whatever its command: a label of the metric of refused requests."""
    retry_after: int | None = None
    """After how many seconds the same request may be served."""

    def __init__(self, code: str, *errors: FieldError, message: Message | None = None, **params: Any) -> None:
        self.code = code
        self.message = message or Message(code, params)
        self.errors: Sequence[FieldError] = errors
        super().__init__(f"{code} {dict(self.message.params)}")


class Invalid(Refusal):
    """The command itself is wrong, whatever the state."""

    status = 422


def invalid(field: str, rule: str, key: str, **params: Any) -> Invalid:
    """Refuse one field of a command; `key` names the text that says what is allowed."""
    message = text(key, **params)
    return Invalid("invalid", FieldError(field, rule, message), message=text("field-invalid", field=field, message=message))


class NotFound(Refusal):
    """There is nothing by that id."""

    status = 404


class Unauthenticated(Refusal):
    """No valid token came with the request."""

    status = 401


class Forbidden(Refusal):
    """The token is valid and does not allow this."""

    status = 403


class StaleVersion(Refusal):
    """If-Match names a version that is no longer the newest."""

    status = 412

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__("stale-version", expected=expected, actual=actual)


class Claimed(Refusal):
    """Another aggregate holds what this one wants: a VAT number, a table in a slot."""

    def __init__(self, claim: str, holder: str) -> None:
        super().__init__("claimed", claim=claim, holder=holder)
        self.claim = claim
        self.holder = holder


class TooLarge(Refusal):
    """The request is longer than a service takes."""

    status = 413
    reason = "body"


class Encoded(Refusal):
    """The body of the request is compressed, or otherwise encoded: services read it as it is."""

    status = 415


class TooSlow(Refusal):
    """The body of the request did not arrive in time."""

    status = 408
    reason = "slow"


class TooManyRequests(Refusal):
    """The caller has its share of what all share; others are served."""

    status = 429
    reason = "share"

    def __init__(self, code: str, *, retry_after: int = 2, **params: Any) -> None:
        super().__init__(code, **params)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The service cannot serve requests now; the client may retry after `retry_after` seconds."""

    status = 503
    retry_after = 2

    def __init__(self, code: str, *, reason: str | None = None, **params: Any) -> None:
        super().__init__(code, **params)
        self.reason = reason or self.reason or "unavailable"
