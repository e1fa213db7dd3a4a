"""The one form of each identifier: spellings of one are equal, and what cannot be one is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.identity.identifiers import normal_identifier
from services.registry.texts import TEXTS
from shared.chassis.errors import Invalid
from shared.contracts.registry import Identifier, Scheme


def normal(scheme: Scheme, value: str) -> Identifier:
    return normal_identifier(Identifier.model_construct(scheme=scheme, value=value), "identifiers.0.value")


def message_of(scheme: Scheme, value: str) -> str:
    with pytest.raises(Invalid) as refused:
        normal(scheme, value)
    [error] = refused.value.errors
    assert error.field == "identifiers.0.value"
    return TEXTS.write(error.message, "en")


@pytest.mark.parametrize(
    ("scheme", "spellings"),
    [
        ("vat", ["EL094259216", "GR094259216", "gr 094.259.216", "EL 94259216"]),
        ("vat", ["IT00743110157", "00743110157", "it 00743110157", "IT-007.431.101 57", "IT００７４３１１０１５７"]),
        ("vat", ["BE0403019261", "BE403019261", "BE 0403.019.261"]),
        ("vat", ["NL004495445B01", "nl4495445b01"]),
        ("fiscal-code", ["97045809999", "IT97045809999", "97045 809999"]),
        ("lei", ["213800KUD8LAJWSQ9D15", "2138 00KU D8LA JWSQ 9D15", "213800kud8lajwsq9d15"]),
        ("pic", ["999470541", "999 470 541", "999-470-541"]),
        ("register", ["ror:03yrm5c26", "ROR:03YRM5C26"]),
        ("register", ["openalex:I63966007", "openalex:i63966007"]),
        ("name", ["IT:Rossi & C. s.r.l.", "it: ROSSI & C. SRL", "IT:rossi c srl"]),
        ("name", ["IT:Università degli Studi", "IT:UNIVERSITA' DEGLI STUDI", "IT:Universita\u0300 degli Studi"]),
        ("name", ["IT:\u0301Rossi", "IT:Rossi"]),
        ("name", ["GR:Έρευνα 8842", "GR:ΕΡΕΥΝΑ 8842", "GR:Ερευνα 8842"]),
        ("name", ["DK:Ørsted", "DK:ØRSTED", "DK:Orsted"]),
        ("name", ["PL:Łódź", "PL:lodz"]),
        ("name", ["BG:Наука", "BG:НАУКА"]),
        ("name", ["DE:Straßen", "DE:STRASSEN"]),
        ("name", ["IT:Lab 3", "IT:Lab\u00a0３", "IT:lab³"]),
    ],
)
def test_spellings_of_one_identifier_have_one_form(scheme: Scheme, spellings: list[str]) -> None:
    assert len({normal(scheme, spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    "names",
    [
        ["GR:Έρευνα 8842", "GR:Τεχνολογία 8842"],
        ["BG:Рой", "BG:Рои"],
        ["IN:कमल", "IN:कमला"],
        ["JP:かき", "JP:がき"],
        ["CN:上海研究所", "CN:北京研究所"],
        ["IT:Rossi", "SM:Rossi"],
        ["IL:מכון 1", "IL:חברה 1"],
        ["DK:Ørsted", "DK:Rsted"],
    ],
)
def test_other_names_have_other_forms(names: list[str]) -> None:
    assert len({normal("name", name) for name in names}) == len(names)


@given(st.text(min_size=1, max_size=60))
def test_a_form_is_its_own_form(name: str) -> None:
    try:
        identifier = normal("name", f"IT:{name}")
    except Invalid:
        return
    assert normal("name", identifier.value) == identifier


def test_the_pic_of_cordis_is_a_pic() -> None:
    assert normal("register", "cordis:999470541") == normal("pic", "999470541")
    assert normal("register", "cordis:0a0a0a").scheme == "register"


@pytest.mark.parametrize(
    ("scheme", "value", "reason"),
    [
        ("name", "IT:" + "\N{LATIN SMALL LIGATURE FFI}" * 100, "at most 200 characters"),
        ("name", "IT:" + "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 20, "at most 200 characters"),
        ("name", "IT:\u2605 & \u2605", "country:name"),
        ("name", "IT:___", "country:name"),
        ("name", "IT:\u0301", "country:name"),
        ("name", "IN:\u093e", "country:name"),
        ("name", "Rossi", "country:name"),
        ("name", "EL:Έρευνα", "give GR"),
        ("name", "UK:Science", "give GB"),
        ("name", "ZZ:Rossi", "ISO 3166"),
        ("pic", "٩٩٩٤٧٠٥٤١", "nine digits"),
        ("pic", "99947054", "nine digits"),
        ("vat", "IT00743110158", "an EU VAT number"),
        ("vat", "GB123456782", "an EU VAT number"),
        ("register", "vat:IT00743110157", "with scheme vat"),
        ("register", "lei:213800KUD8LAJWSQ9D15", "with scheme lei"),
        ("register", "no source", "source:id"),
    ],
)
def test_what_is_no_identifier_is_refused_with_what_is_allowed(scheme: Scheme, value: str, reason: str) -> None:
    assert reason in message_of(scheme, value)


def test_the_fiscal_code_of_a_person_is_not_repeated_and_the_way_out_is_told() -> None:
    message = message_of("fiscal-code", "RSSMRA85T10A562S")
    assert "VAT number" in message
    assert "RSSMRA85T10A562S" not in message
