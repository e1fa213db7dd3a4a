"""Names and reasons are cut to what an event takes."""

from services.events.computation.shortening import name_of, shorten_reason


def test_a_member_without_a_name_is_named_by_its_id() -> None:
    names = {"anna": "Marmi Anna", "bruno": "x" * 200}
    assert (name_of(names, "anna"), name_of(names, "carla"), name_of(names, "bruno")) == ("Marmi Anna", "carla", "x" * 77 + "…")


def test_a_reason_is_cut_in_each_language_for_itself() -> None:
    reason = shorten_reason("perché", "y" * 900)
    assert (reason.it, reason.en) == ("perché", "y" * 497 + "…")
