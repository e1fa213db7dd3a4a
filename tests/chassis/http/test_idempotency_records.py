"""Idempotency records of different callers, keys and requests are never taken for one another."""

from shared.chassis.http.commands import digest


def test_a_digest_tells_apart_where_one_part_ends_and_the_next_begins() -> None:
    assert len({digest("s|x", "y"), digest("s", "x|y"), digest("s", "x", "y"), digest("s|x|y"), digest('s","x', "y")}) == 5
    assert digest("s", "x") == digest("s", "x")
