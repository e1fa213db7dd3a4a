"""The words of pages and calendars."""

from dataclasses import fields

from services.events.agenda_view.words import Words, words_in


def test_each_word_is_there_in_both_languages() -> None:
    italian, english = words_in("it"), words_in("en")
    assert (italian.table, english.table) == ("Tavolo", "Table")
    for field in fields(Words):
        assert getattr(italian, field.name)
        assert getattr(english, field.name)
