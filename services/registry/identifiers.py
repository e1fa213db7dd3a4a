"""Who is who: the identity rule of members.

A member gives at least one identifier, and each it gives is its alone. In this order: `vat` (an EU VAT
number), `fiscal-code` (Italian, of an organisation), `lei` (ISO 17442), `pic` (the EU's nine digits), `register` (a source and
its id there, `cordis:999470541`). One that has none of these gives `name`: its country and its name in
lower-case letters and digits, so that "Rossi & C. s.r.l." and "ROSSI & C. SRL" are one.
"""

import re
import unicodedata

from stdnum import lei
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.it import iva

from services.registry.rules import invalid
from shared.contracts.registry import Identifier

LONGEST = 200
"""Characters of an identifier. A name can grow when it is written out: one ligature becomes three letters."""
CHECKS = {
    "vat": (vat.validate, "an EU VAT number with its country, such as IT00743110157"),
    "fiscal-code": (iva.validate, "the eleven digits of an organisation"),
    "lei": (lei.validate, "the 20 characters of ISO 17442"),
}
PATTERNS = {
    "pic": (re.compile(r"^[0-9]{9}$"), "nine digits"),
    "register": (re.compile(r"^[a-z0-9\-]{1,40}:[A-Za-z0-9._\-]{1,120}$"), "source:id in that source, such as cordis:999470541"),
    "name": (re.compile(r"^[A-Z]{2}:.*\w.*$"), "country:name, such as IT:rossi"),
}


def normal_identifier(identifier: Identifier, field: str) -> Identifier:
    """Check an identifier and write it the one way it is claimed. Raises Invalid, naming `field` and what is allowed."""
    scheme, value = identifier.scheme, identifier.value.strip()
    if scheme == "vat" and value[:2].isdigit():
        value = f"IT{value}"
    if scheme in CHECKS:
        validate, allowed = CHECKS[scheme]
        try:
            return Identifier(scheme=scheme, value=str(validate(value)))
        except ValidationError as error:
            raise _wrong(field, scheme, value, allowed) from error
    pattern, allowed = PATTERNS[scheme]
    if not pattern.match(value):
        raise _wrong(field, scheme, value, allowed)
    normal = normal_name(value) if scheme == "name" else value
    if len(normal) > LONGEST:
        raise _wrong(field, scheme, value, f"{allowed}, written out with at most {LONGEST} characters")
    return Identifier(scheme=scheme, value=normal)


def normal_name(value: str) -> str:
    """Reduce `country:name` to what tells names apart: no accents, signs, spaces or case."""
    country, _, name = value.partition(":")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{country}:{re.sub(r'[^a-z0-9]', '', plain) or name.strip().lower()}"


def _wrong(field: str, scheme: str, value: str, allowed: str) -> Exception:
    if scheme == "fiscal-code":
        # Not repeated: a person's is made of name, date and place of birth, and what is refused may be logged.
        return invalid(
            field,
            scheme,
            it="non è il codice fiscale di un'organizzazione (undici cifre); una ditta individuale indichi la partita IVA (vat)",
            en="this is not the fiscal code of an organisation (eleven digits); a sole trader gives its VAT number (vat)",
        )
    return invalid(
        field,
        scheme,
        it=f"{value!r} non è un identificativo {scheme} valido; ammesso: {allowed}",
        en=f"{value!r} is not a valid {scheme}; allowed: {allowed}",
    )
