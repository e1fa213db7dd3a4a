"""How a refusal is written and ordered."""

from pathlib import Path

from tools.linters.findings import Finding


def test_a_finding_is_written_as_compilers_write_it() -> None:
    assert str(Finding(Path("services/rules.py"), 3, "told", "name the thing")) == "services/rules.py:3: told: name the thing"


def test_findings_are_sorted_by_file_then_by_line_as_a_number() -> None:
    findings = [Finding(Path("b.py"), 1, "x", ""), Finding(Path("a.py"), 10, "x", ""), Finding(Path("a.py"), 9, "x", "")]
    assert [(finding.path.name, finding.line) for finding in sorted(findings)] == [("a.py", 9), ("a.py", 10), ("b.py", 1)]
