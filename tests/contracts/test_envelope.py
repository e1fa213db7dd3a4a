"""The envelope: what is written is read back, and whatever else comes is refused with a reason."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.base import to_milliseconds
from shared.contracts.envelope import Envelope, Undecodable, headers_of, read_envelope

TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40).filter(str.isprintable)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(to_milliseconds)


@given(
    st.builds(
        Envelope,
        id=TEXT,
        type=TEXT.map(lambda text: f"registry.{text}"),
        source=TEXT,
        subject=TEXT,
        time=MOMENTS,
        sequence=st.integers(1, 10**14),
        correlation=TEXT,
        data=st.binary(),
        causation=st.none() | TEXT,
        district=st.none() | TEXT,
        traceparent=st.none() | TEXT,
    )
)
def test_what_is_written_is_read_back(envelope: Envelope) -> None:
    headers = [(name, value.encode()) for name, value in headers_of(envelope).items()]
    assert read_envelope(headers, envelope.data) == envelope


@given(
    st.lists(
        st.tuples(st.sampled_from(["ce_id", "ce_type", "ce_sequence", "ce_time", "ce_specversion", "x"]), st.none() | st.binary())
    ),
    st.none() | st.binary(),
)
def test_noise_is_refused_with_a_reason_and_never_anything_else(
    headers: list[tuple[str, bytes | None]], value: bytes | None
) -> None:
    with pytest.raises(Undecodable, match=r"\w"):
        read_envelope(headers, value)
