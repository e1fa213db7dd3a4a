"""Addresses of websites."""

import pytest

from services.registry.bulk_import.schemas import ImportLine
from services.registry.bulk_import.validation import check_line
from services.registry.member.websites import check_website
from shared.chassis.errors import Invalid
from tests.registry.factories import application


@pytest.mark.parametrize(
    "address",
    [
        None,
        "http://www.esempio.example",
        "https://esempio.example:8443/chi-siamo?x=1#y",
        "HTTPS://Esempio.example",
        "https://città.example/è",
        "https://citta\u0300.example",
        "https://xn--citt-3na.example",
        "https://192.0.2.1:8080/a@b",
        "https://" + "a" * 63 + ".example",
    ],
)
def test_http_with_a_host_is_a_website(address: str | None) -> None:
    check_website(address, "website")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "www.esempio.example",
        "javascript:alert(1)",
        "JavaScript:alert(1)//http://x",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "ftp://esempio.example",
        "//esempio.example",
        "http:esempio.example",
        "http:/esempio.example",
        "http://",
        "http:///path",
        "https://?q",
        "https://#x",
        "https://:80",
        "https://user:password@esempio.example",
        "https://esempio.example@evil.example",
        "https:\\\\evil.example",
        "https://esempio.example\\@evil.example",
        "https://esempio .example",
        " https://esempio.example",
        "https://esempio.example\n",
        "https://esempio.example:99999",
        "https://\u202eelpmaxe.oipmese",
        "https://.example",
        "https://a..example",
        "https://-a.example",
        "https://*.example",
        "https://{esempio}",
        'https://a"b.example',
        "https://" + "a" * 64 + ".example",
        "https://" + "a." * 127 + "example",
        "https://2130706433",
        "https://0x7f.1",
        "https://[::1]",
        "https://%65sempio.example",
        "https://ⓔsempio.example",
        "https://esempio\u3002example",
        "http://https://esempio.example",
    ],
)
def test_nothing_else_is_a_website(address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_website(address, "website")
    assert [(error.field, error.rule) for error in refusal.value.errors] == [("website", "website")]


def test_the_website_of_a_line_is_checked() -> None:
    line = ImportLine.model_validate(application(profile={"website": "javascript:alert(1)"}))
    with pytest.raises(Invalid) as refusal:
        check_line(line, frozenset({"marble"}))
    assert [error.field for error in refusal.value.errors] == ["profile.website"]
