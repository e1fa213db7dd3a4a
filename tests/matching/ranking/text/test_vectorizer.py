"""Words, stems and cosines."""

import numpy as np
import pytest

from services.matching.ranking.text.vectorizer import Tokenizer, Vocabulary, single_line


def stems(text, language="it"):
    return list(Tokenizer().stems(text, language))


def cosine(a, b, *, seen=True):
    rows = Vocabulary([a, b], np.array([seen, seen])).vectors
    return float((rows[0] @ rows[1].T).toarray()[0, 0])


def test_stop_words_and_bare_numbers_fall_away_and_words_with_digits_stay():
    assert stems("Cerchiamo dell'acqua per i 300 telai 5G: la CO2 è un'altra") == [*stems("acqua telai 5g co2 altra")]
    assert "300" not in stems("300 telai")
    assert stems("We are looking for the 5G looms", "en") == stems("5g looms", "en")


@pytest.mark.parametrize(
    ("language", "singular", "plural"), [("it", "rivestimento", "rivestimenti"), ("en", "coating", "coatings")]
)
def test_singular_and_plural_have_the_same_stem(language, singular, plural):
    assert stems(singular, language) == stems(plural, language)


def test_english_terms_in_an_italian_text_meet_their_english_stems():
    assert stems("machine learning") == stems("machine learning", "en")


@pytest.mark.parametrize(
    ("italian", "english"),
    [
        ("Robotica e sensori per materiali compositi", "Robotics and sensors for composite materials"),
        ("Taglio del marmo", "Marble cutting"),
        ("Fotonica, idrogel e microfluidica", "Photonics, hydrogels and microfluidics"),
        ("Depurazione delle acque reflue", "Wastewater purification"),
    ],
)
def test_an_italian_text_is_near_its_english_counterpart(italian, english):
    assert cosine((italian, "it"), (english, "en")) > 0.5
    assert cosine((italian, "it"), ("Loans for tourism", "en")) == 0


def test_a_longer_term_is_read_before_the_words_it_is_made_of():
    assert stems("fibra ottica") == stems("optical fibre", "en")
    assert stems("fibra di lana") == stems("wool fibre", "en")[::-1]


def test_a_term_never_begins_with_a_stop_word():
    assert stems("prima che dagli si") == []


def test_further_texts_are_weighed_as_the_corpus_is():
    texts = [("laser cutting marble", "en"), ("laser welding", "en")]
    vocabulary = Vocabulary(texts, np.array([True, True]))
    assert (vocabulary.vectorize(texts) != vocabulary.vectors).nnz == 0
    assert vocabulary.vectorize([("zircon", "en")]).nnz == 0


def test_a_word_of_restricted_texts_alone_weighs_as_one_in_no_text():
    texts = [("laser cutting", "en"), ("laser zircon", "en")]
    with_restricted, without = (Vocabulary(corpus, np.array([True, False])[: len(corpus)]) for corpus in (texts, texts[:1]))
    later = [("zircon laser", "en"), ("zircon", "en"), ("sapphire", "en")]
    assert (with_restricted.corpus(later) != without.corpus(later)).nnz == 0
    assert [row.nnz for row in without.corpus(later)] == [2, 1, 1]
    assert with_restricted.table()[0] == without.table()[0]


def test_a_text_shown_to_few_does_not_change_the_weight_of_words():
    texts = [("laser cutting marble", "en"), ("laser welding", "en")]
    alone = Vocabulary(texts, np.array([True, True])).vectors
    beside = Vocabulary([*texts, ("laser zircon marble", "en")], np.array([True, True, False])).vectors
    assert (alone @ alone.T).toarray().tolist() == (beside[:2] @ beside[:2].T).toarray().tolist()


def test_texts_without_a_word_are_like_nothing():
    assert cosine(("", "it"), ("di 300", "it")) == 0
    assert cosine(("laser", "it"), ("laser", "it"), seen=False) == pytest.approx(1)


def test_a_shortened_text_is_one_line_and_ends_between_words():
    assert single_line("uno\n due", 10) == "uno due"
    assert single_line("marmo bianco di Carrara", 15) == "marmo bianco…"
    assert len(single_line("x" * 50, 15)) == 15


def test_words_without_information_are_left_out_in_every_form():
    words = "altri rivestimenti che avrebbero avuto, facendo altre prove dagl'inizi, col litio: Li-ion"
    assert list(Tokenizer().stems(words, "it")) == list(Tokenizer().stems("rivestimenti prove inizi litio Li-ion", "it"))
