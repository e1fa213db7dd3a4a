"""Typed refusals, in Italian and English. Each says what is wrong and what to do; HTTP gives them as RFC 9457."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One wrong field: where it is, which rule it breaks, what is allowed in English and, where it can be said, in Italian."""

    field: str
    rule: str
    message: str
    it: str | None = None

    def told(self, language: str) -> dict[str, str]:
        """Write it for who reads `it` or `en`."""
        message = self.it if language == "it" and self.it is not None else self.message
        return {"field": self.field, "rule": self.rule, "message": message}


class Refusal(Exception):
    """A command that cannot be done. `code` is stable and machine-readable."""

    status = 409

    def __init__(self, code: str, *, it: str, en: str, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.it = it
        self.en = en
        self.errors = errors


class Invalid(Refusal):
    """The command itself is wrong, whatever the state."""

    status = 422


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
        super().__init__(
            "stale-version",
            it=f"La versione {expected} non è più l'ultima: rileggere, la versione attuale è {actual}.",
            en=f"Version {expected} is no longer the newest: read again, the version now is {actual}.",
        )


class Claimed(Refusal):
    """Another aggregate holds what this one wants: a VAT number, a table in a slot."""

    def __init__(self, claim: str, holder: str) -> None:
        super().__init__(
            "claimed",
            it=f"{claim} appartiene già a {holder}.",
            en=f"{claim} is already held by {holder}.",
        )
        self.claim = claim
        self.holder = holder


class TooLarge(Refusal):
    """The request is longer than a service takes."""

    status = 413


class Unavailable(Refusal):
    """The service cannot answer now; the same request may be sent again."""

    status = 503
