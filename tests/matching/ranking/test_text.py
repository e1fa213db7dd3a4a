"""Words, stems and cosines."""

import numpy as np
import pytest

from services.matching.ranking.text import Stemmer, shortened, vectors


def stems(text, language="it"):
    return list(Stemmer().stems(text, language))


def cosine(a, b, *, seen=True):
    rows = vectors([a, b], np.array([seen, seen]))
    return float((rows[0] @ rows[1].T).toarray()[0, 0])


def test_stop_words_and_bare_numbers_fall_away_and_words_with_digits_stay():
    assert stems("Cerchiamo dell'acqua per i 300 telai 5G: la CO2 è un'altra") == [*stems("acqua telai 5g co2 altra")]
    assert "300" not in stems("300 telai")
    assert stems("We are looking for the 5G looms", "en") == stems("5g looms", "en")


@pytest.mark.parametrize(("language", "one", "many"), [("it", "rivestimento", "rivestimenti"), ("en", "coating", "coatings")])
def test_one_and_many_have_the_same_stem(language, one, many):
    assert stems(one, language) == stems(many, language)


def test_english_terms_in_an_italian_text_meet_their_english_stems():
    assert stems("machine learning") == stems("machine learning", "en")


def test_texts_across_the_languages_are_near_only_where_words_are_cognate():
    assert (
        cosine(("Robotica e sensori per materiali compositi", "it"), ("Robotics and sensors for composite materials", "en")) > 0.5
    )
    # No dictionary and no embedding: what is written differently is not found.
    assert cosine(("Taglio del marmo", "it"), ("Marble cutting", "en")) == 0


def test_a_text_shown_to_few_does_not_change_the_weight_of_words():
    texts = [("laser cutting marble", "en"), ("laser welding", "en")]
    alone = vectors(texts, np.array([True, True]))
    beside = vectors([*texts, ("laser zircon marble", "en")], np.array([True, True, False]))
    assert (alone @ alone.T).toarray().tolist() == (beside[:2] @ beside[:2].T).toarray().tolist()


def test_texts_without_a_word_are_like_nothing():
    assert cosine(("", "it"), ("di 300", "it")) == 0
    assert cosine(("laser", "it"), ("laser", "it"), seen=False) == pytest.approx(1)


def test_a_shortened_text_is_one_line_and_ends_between_words():
    assert shortened("uno\n due", 10) == "uno due"
    assert shortened("marmo bianco di Carrara", 15) == "marmo bianco…"
    assert len(shortened("x" * 50, 15)) == 15
