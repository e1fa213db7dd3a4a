"""Which organisations are the same: by pairs of what each says of itself."""

import pytest

from services.registry.identity import rules as identity
from services.registry.identity.identifiers import normal_identifier
from services.registry.identity.state import Identifier
from shared.chassis.documents import parse
from shared.contracts.registry import Identifier as SentIdentifier

GROUP, FIRST, SECOND = "12345670017", "97045809999", "00743110157"
"""The VAT number of a group, and the fiscal codes of two of its firms."""


def organisation(*identifiers: str) -> tuple[Identifier, ...]:
    """The identifiers of an organisation, written as `scheme value`."""
    pairs = [identifier.split(" ", 1) for identifier in identifiers]
    sent = [SentIdentifier.model_validate({"scheme": scheme, "value": value}) for scheme, value in pairs]
    return tuple(parse(Identifier, normal_identifier(identifier, "")) for identifier in sent)


def relation(member: tuple[Identifier, ...], candidate: tuple[Identifier, ...]) -> str:
    """What a second application leads to, by claims alone."""
    exclusive, shared = (
        set(claims(member)) & set(claims(candidate)) for claims in (identity.exclusive_claims, identity.shared_claims)
    )
    contradiction = identity.contradict(member, candidate)
    assert contradiction == identity.contradict(candidate, member)
    if exclusive and contradiction:
        return "refused"
    return "same" if (exclusive or shared) and not contradiction else "different"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([f"vat IT{GROUP}", f"fiscal-code {FIRST}"], [f"vat IT{GROUP}", f"fiscal-code {SECOND}"], "different"),
        ([f"vat IT{GROUP}", f"fiscal-code {FIRST}"], [f"vat IT{GROUP}", f"fiscal-code {FIRST}"], "same"),
        ([f"vat IT{GROUP}", f"fiscal-code {FIRST}"], [f"vat IT{GROUP}"], "same"),
        ([f"vat IT{GROUP}", f"fiscal-code {FIRST}"], [f"vat IT{FIRST}"], "same"),
        ([f"vat IT{GROUP}", f"fiscal-code {FIRST}"], [f"vat IT{FIRST}", f"fiscal-code {FIRST}"], "same"),
        ([f"vat IT{GROUP}", f"fiscal-code {FIRST}"], [f"vat IT{SECOND}", f"fiscal-code {FIRST}"], "refused"),
        ([f"vat IT{FIRST}"], [f"fiscal-code {FIRST}"], "same"),
        ([f"vat IT{FIRST}"], [f"fiscal-code {SECOND}"], "different"),
        (["vat EL094259216"], ["vat GR094259216"], "same"),
        (["vat ESA13585625"], ["vat ESA1358562E"], "same"),
        (["vat XI123456782"], ["vat XI123456782001"], "same"),
        (["vat FR06399859412"], ["vat FRK7399859412"], "same"),
        (["vat FR06399859412"], ["vat FR83404833048"], "different"),
        (["vat IE8D79739I"], ["vat IE0797398I"], "same"),
        (["vat EL094259216", "pic 111111111"], ["vat GR094259216", "pic 222222222"], "different"),
        (["vat EL094259216", f"vat IT{FIRST}"], ["vat EL094259216", f"vat IT{SECOND}"], "different"),
        (["pic 111111111", f"vat IT{FIRST}"], ["pic 111111111", f"vat IT{SECOND}"], "refused"),
        (["pic 111111111", "vat EL094259216"], ["pic 111111111", f"vat IT{SECOND}"], "same"),
        (["pic 111111111"], ["register cordis:111111111"], "same"),
        (["register ror:03yrm5c26"], ["register ROR:03YRM5C26", "pic 111111111"], "same"),
        (["register ror:03yrm5c26", "register grid:1"], ["register ror:03yrm5c26", "register grid:2"], "refused"),
        (["register ror:1"], ["register grid:1"], "different"),
        (["name IT:Rossi"], ["name IT:ROSSI"], "same"),
        (["name IT:Rossi"], ["name IT:Rossi", f"vat IT{FIRST}"], "same"),
        (["name IT:Rossi", f"vat IT{FIRST}"], ["name IT:Rossi", f"vat IT{SECOND}"], "different"),
        (["name IT:Rossi", "pic 111111111"], ["name IT:Bianchi", "pic 111111111"], "same"),
        (["name GR:Έρευνα 8842"], ["name GR:Τεχνολογία 8842"], "different"),
    ],
)
def test_an_identifier_that_contradicts_outweighs_all_that_match(first: list[str], second: list[str], expected: str) -> None:
    assert relation(organisation(*first), organisation(*second)) == expected
