"""Counts of findings."""

from tools.chaos.findings import Finding, count


def test_findings_are_counted_by_violation_zeros_included() -> None:
    findings = [Finding("lost", "a", ""), Finding("stuck", "b", ""), Finding("lost", "c", "")]
    assert count(findings) == {"lost": 2, "duplicated": 0, "out_of_order": 0, "stuck": 1}
    assert count(()) == {"lost": 0, "duplicated": 0, "out_of_order": 0, "stuck": 0}
