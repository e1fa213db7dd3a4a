"""Who joined a project is found by what is left without it."""

import pytest

from tools.evaluation.cordis_history import read_collaborations
from tools.evaluation.leave_one_project_out import Arena, evaluate


def test_who_joined_is_found_by_all_that_read_and_temporal_history_ends_before_the_date(world):
    data = read_collaborations(world, lambda skipped: None)
    results = {(r.protocol, r.split, r.method): r.row() for r in evaluate(data, "2025-01-01")}
    assert results["text", "temporal", "ours"]["queries"] == 6
    assert results["text", "all", "ours"]["queries"] == 9
    for method in ("ours", "tfidf"):
        assert results["text", "temporal", method]["mrr"] == 1.0
    assert results["text", "temporal", "popularity"]["mrr"] < 1.0
    past = [project for project in data.projects if project.start < "2025-01-01"]
    assert {collaboration.id for collaboration in Arena(data, past).search._history.collaborations} == {
        p.collaboration.id for p in past
    }


def test_the_project_asked_about_is_nowhere_in_what_ranks_it(world):
    data = read_collaborations(world, lambda skipped: None)
    whole = Arena(data, data.projects)
    for project in [project for project in data.projects if project.described]:
        rest = Arena(data, [candidate for candidate in data.projects if candidate is not project])
        assert rest.position == whole.position
        assert whole.popularity(project).tolist() == rest.popularity(project).tolist()
        query = whole.query(project, "seeker")
        features, without_project = whole.search.features(query), rest.search.features(query)
        for name in ("active", "listed", "together", "partners_of_partners"):
            assert features[name].tolist() == pytest.approx(without_project[name].tolist()), name
        for name in ("text", "words"):
            assert ((features[name] > 0) == (without_project[name] > 0)).all(), name
        assert set(whole.truth(project, "text")) == {rest.position[id] for id in project.collaboration.members}
