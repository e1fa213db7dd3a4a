"""The identity rule of members: which identifiers tell organisations apart, and the one form each is claimed in.

A member gives at least one identifier, and each is its alone. In this order: `vat` (an EU VAT
number), `fiscal-code` (Italian, of an organisation), `lei` (ISO 17442), `pic` (the EU's nine digits), `register` (a source and
its id there, `cordis:999470541`). An organisation without any of these gives `name`: its country and its name in
lower-case letters and digits, so that "Rossi & C. s.r.l." and "ROSSI & C. SRL" are the same.
"""

import re
import unicodedata

from stdnum import lei
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.it import iva

from shared.chassis.errors import Invalid, invalid
from shared.chassis.texts import text
from shared.contracts.registry import Identifier

LONGEST = 200
"""Characters of an identifier. A name can grow when it is normalised: a ligature becomes up to three letters."""
VALIDATORS = {"vat": vat.validate, "fiscal-code": iva.validate, "lei": lei.validate}
PATTERNS = {
    "pic": re.compile(r"^[0-9]{9}$"),
    "register": re.compile(r"^[a-z0-9\-]{1,40}:[A-Za-z0-9._\-]{1,120}$"),
    "name": re.compile(r"^[A-Z]{2}:.*\w.*$"),
}


def normal_identifier(identifier: Identifier, field: str) -> Identifier:
    """Check an identifier and give the form it is claimed in. Raises Invalid, naming `field` and what is allowed."""
    scheme, value = identifier.scheme, identifier.value.strip()
    if scheme == "vat" and value[:2].isdigit():
        value = f"IT{value}"
    if scheme in VALIDATORS:
        try:
            return Identifier(scheme=scheme, value=str(VALIDATORS[scheme](value)))
        except ValidationError as error:
            raise _not_valid(field, scheme, value) from error
    if not PATTERNS[scheme].match(value):
        raise _not_valid(field, scheme, value)
    normal = normal_name(value) if scheme == "name" else value
    if len(normal) > LONGEST:
        raise invalid(field, scheme, "field-name-too-long", value=value, limit=LONGEST)
    return Identifier(scheme=scheme, value=normal)


def normal_name(value: str) -> str:
    """Reduce `country:name` to what tells names apart: no accents, signs, spaces or case."""
    country, _, name = value.partition(":")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{country}:{re.sub(r'[^a-z0-9]', '', plain) or name.strip().lower()}"


def _not_valid(field: str, scheme: str, value: str) -> Invalid:
    if scheme == "fiscal-code":
        # Without the value: a person's is made of name, date and place of birth, and refusals may be logged.
        return invalid(field, scheme, "field-fiscal-code")
    return invalid(field, scheme, "field-identifier", value=value, scheme=scheme, allowed=text(f"identifier-{scheme}"))
