"""A type of problem has one title, in both languages."""

import pytest

from shared.chassis import errors
from shared.chassis.errors import Refusal
from shared.chassis.http.problems import title_of
from shared.chassis.texts import LANGUAGES, Texts

STATUSES = sorted({kind.status for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refusal)})


@pytest.mark.parametrize("status", [400, *STATUSES, 500])
def test_each_status_of_a_problem_has_a_title_in_each_language(status: int) -> None:
    titles = {Texts("services.registry").write(title_of(status, "any"), language) for language in LANGUAGES}
    assert len(titles) == len(LANGUAGES)


def test_what_the_framework_refuses_has_one_title() -> None:
    assert title_of(404, "http") == title_of(405, "http") != title_of(404, "member-unknown")
