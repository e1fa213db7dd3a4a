"""The identifiers of organisations, and the one form in which each is kept.

`vat` (an EU VAT number), `fiscal-code` (Italian, of an organisation), `lei` (ISO 17442), `pic` (the EU's nine digits), `register`
(a source and its id there, `ror:03yrm5c26`), and `name` (its country and its name, `IT:rossi`), for an organisation without
any of these. Which of them tell two organisations apart is the subject of `rules.py`.
"""

import re
import unicodedata

from stdnum import lei
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.it import iva
from stdnum.util import clean

from services.registry.identity.countries import check_country
from shared.chassis.errors import Invalid, invalid
from shared.chassis.texts import text
from shared.contracts.registry import Identifier

LONGEST = 200
"""Characters of an identifier. A name can grow when it is normalised: a sign becomes up to eighteen letters."""
SEPARATORS = " -./,:"
PIC = re.compile(r"[0-9]{9}")
REGISTER = re.compile(r"[a-z0-9\-]{1,40}:[a-z0-9._\-]{1,120}")
SCHEMES = ("vat", "fiscal-code", "lei", "pic", "name")
"""What has a scheme of its own is no register: it would be a second spelling of the same identifier."""
PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters of European languages that have no accent to take off, as their names are written without them."""


def normal_identifier(identifier: Identifier, field: str) -> Identifier:
    """Check an identifier and give the form it is kept in. Raises Invalid, naming `field` and what is allowed."""
    scheme, value = identifier.scheme, identifier.value.strip()
    match scheme:
        case "vat" | "fiscal-code" | "lei":
            try:
                return Identifier(scheme=scheme, value=_checked(scheme, clean(value, SEPARATORS).upper()))
            except ValidationError as error:
                raise _not_valid(field, scheme, value) from error
        case "pic":
            return _pic(value, field)
        case "register":
            return _register(value, field)
        case "name":
            return Identifier(scheme=scheme, value=normal_name(value, field))


def _checked(scheme: str, number: str) -> str:
    if scheme == "lei":
        return lei.validate(number)
    if scheme == "fiscal-code":
        return iva.validate(number)
    valid = vat.validate(f"IT{number}" if number[:2].isdigit() else number)
    # Greece has its own code in VAT numbers; its ISO 3166 code is often written instead.
    return f"EL{valid[2:]}" if valid.startswith("GR") else valid


def _pic(value: str, field: str) -> Identifier:
    number = clean(value, SEPARATORS)
    if not PIC.fullmatch(number):
        raise _not_valid(field, "pic", value)
    return Identifier(scheme="pic", value=number)


def _register(value: str, field: str) -> Identifier:
    entry = value.lower()
    source, _, id = entry.partition(":")
    if source in SCHEMES:
        raise invalid(field, "register", "field-register-scheme", scheme=source)
    if not REGISTER.fullmatch(entry):
        raise _not_valid(field, "register", value)
    # CORDIS knows organisations by their PIC.
    return _pic(id, field) if source == "cordis" and PIC.fullmatch(id) else Identifier(scheme="register", value=entry)


def normal_name(value: str, field: str) -> str:
    """Reduce `country:name` to what tells names apart: no signs, spaces or case, and no accents of Latin and Greek letters."""
    country, _, name = value.partition(":")
    country, reduced = country.strip().upper(), _reduced(name)
    if not reduced:
        raise _not_valid(field, "name", value)
    check_country(country, field)
    if len(country) + 1 + len(reduced) > LONGEST:
        raise invalid(field, "name", "field-name-too-long", value=value, limit=LONGEST)
    return f"{country}:{reduced}"


def _reduced(name: str) -> str:
    """Letters and digits of every script; a mark stays where it makes another letter, as in Cyrillic, Hindi and Japanese."""
    signs: list[str] = []
    accented = False
    for sign in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()).translate(PLAIN_LETTERS):
        if unicodedata.category(sign).startswith("M"):
            # One that no letter stands before is part of none.
            signs += [] if accented or not signs else [sign]
        elif sign.isalnum():
            accented = unicodedata.name(sign, "").startswith(("LATIN", "GREEK"))
            signs.append(str(unicodedata.decimal(sign, sign)))
    return unicodedata.normalize("NFC", "".join(signs))


def _not_valid(field: str, scheme: str, value: str) -> Invalid:
    if scheme == "fiscal-code":
        # Without the value: a person's is made of name, date and place of birth, and refusals may be logged.
        return invalid(field, scheme, "field-fiscal-code")
    return invalid(
        field, scheme, "field-identifier", value=value, scheme=text(f"scheme-{scheme}"), allowed=text(f"identifier-{scheme}")
    )
