"""Each template names the facts of its message and no others, in both languages."""

from dataclasses import fields

import pytest
from jinja2.meta import find_undeclared_variables

from services.notifications.messages.rendering import DIGEST, FOLDER, environment
from services.notifications.notices.facts import TEMPLATES


def test_every_template_has_facts_and_a_file_in_each_language() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{template}.{language}.txt" for template in (*TEMPLATES, DIGEST) for language in ("it", "en")
    }


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_names_only_its_facts_and_the_same_in_both_languages(template: str) -> None:
    italian, english = (named_in(f"{template}.{language}.txt") for language in ("it", "en"))
    assert italian == english <= {field.name for field in fields(TEMPLATES[template])}


def named_in(file: str) -> set[str]:
    return find_undeclared_variables(environment("en").parse((FOLDER / file).read_text("utf-8")))
