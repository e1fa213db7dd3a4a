"""When all lists are rebuilt."""

from datetime import timedelta

from services.matching.shortlist.rebuild_policy import RebuildPolicy

POLICY = RebuildPolicy(small_corpus=10, batch_share=0.1, affected_share=0.5, drift_share=0.2, idle_time=timedelta(hours=1))


def test_a_batch_without_changed_profiles_never_requires_a_rebuild() -> None:
    assert not POLICY.requires_rebuild(0, 99, 5)


def test_a_small_corpus_a_large_batch_and_much_drift_require_one() -> None:
    assert POLICY.requires_rebuild(1, 0, 9)
    assert POLICY.requires_rebuild(11, 0, 100)
    assert POLICY.requires_rebuild(5, 16, 100)
    assert not POLICY.requires_rebuild(5, 15, 100)


def test_a_batch_that_affects_more_than_half_of_the_lists_costs_as_much_as_one() -> None:
    assert POLICY.affects_most(51, 100)
    assert not POLICY.affects_most(50, 100)


def test_it_is_due_after_an_hour_without_changes_where_anything_has_drifted() -> None:
    assert POLICY.is_due(1, timedelta(hours=1))
    assert not POLICY.is_due(0, timedelta(hours=2))
    assert not POLICY.is_due(1, timedelta(minutes=59))
