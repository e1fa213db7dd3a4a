"""The weights of words, beside those of scikit-learn."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from services.matching.ranking.text.tfidf import Tfidf

texts = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), min_size=1, max_size=8)


@given(texts.filter(any))
def test_it_weighs_as_scikit_learn_does_beside_an_empty_text(corpus: list[list[str]]) -> None:
    peer = CountVectorizer(analyzer=lambda text: text)
    counts = peer.fit_transform([*corpus, []])
    expected = TfidfTransformer(sublinear_tf=True).fit_transform(counts)[:-1]
    tfidf = Tfidf.fit(corpus)
    assert list(tfidf.columns) == list(peer.get_feature_names_out())
    np.testing.assert_allclose(tfidf.rows(corpus).toarray(), expected.toarray(), atol=1e-6)


@given(texts, st.data())
def test_restricted_texts_move_no_weight(corpus: list[list[str]], data: st.DataObject) -> None:
    is_open = np.array(data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus))))
    open_alone = Tfidf.fit([text for text, marked in zip(corpus, is_open, strict=True) if marked])
    weighed = Tfidf.fit(corpus, is_open)
    for word, column in open_alone.columns.items():
        assert weighed.weights[weighed.columns[word]] == open_alone.weights[column]


def test_a_corpus_of_nothing_weighs_nothing() -> None:
    assert Tfidf.fit([]).rows([["a"], []]).nnz == 0
