"""The headers that every answer has."""

from shared.chassis.http.security_headers import secured


def test_every_answer_has_them_and_what_a_route_says_stays() -> None:
    anonymous = dict(secured([(b"content-type", b"text/html")], personal=False))
    assert anonymous == {
        b"content-type": b"text/html",
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer",
        b"content-security-policy": b"frame-ancestors 'none'",
    }
    own = [(b"Cache-Control", b"private, no-cache"), (b"Content-Security-Policy", b"default-src 'none'")]
    assert secured(own, personal=True)[:2] == own
    assert len(secured(own, personal=True)) == 4


def test_an_answer_to_somebody_is_not_stored() -> None:
    assert dict(secured([], personal=True))[b"cache-control"] == b"no-store"
