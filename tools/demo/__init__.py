"""The demo: from members to meetings through the public API, as districts do it."""
