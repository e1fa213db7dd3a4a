"""The whole report of an evaluation, as JSON-ready rows."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from shared.chassis.progress import Begin
from tools.evaluation.cold_start import evaluate_cold
from tools.evaluation.cordis_history import read_collaborations
from tools.evaluation.cross_lingual import evaluate_languages
from tools.evaluation.exposure import FIELDS, evaluate_lists
from tools.evaluation.finance import evaluate_finance
from tools.evaluation.leave_one_project_out import METHODS, Result, evaluate
from tools.evaluation.metrics import NAMES, compare

BASELINES = ("tfidf", "popularity", "ours, order of scores")
NDCG = NAMES.index("ndcg@10")


def full_report(tables: Path, finance: Path | None, spinoffs: Path | None, since: str, begin: Begin) -> dict[str, Any]:
    """Run every evaluation that there is data for. Raises SourceMissing where a table of CORDIS is missing."""
    data = read_collaborations(tables, lambda skipped: None)
    queries = sum(project.described for project in data.projects)
    late = sum(project.described and project.start >= since for project in data.projects)
    step = begin("partners", queries + late)
    results = list(evaluate(data, since, advance=lambda: step(1)))
    report: dict[str, Any] = {
        "since": since,
        "rows": [result.row() for result in results if result.method in METHODS],
        "exposure": [result.row() for result in results if result.method == "ours, order of scores"],
        "ablation": [result.row() for result in results if result.method.startswith("ours without")],
        "against": [row for result in results if result.method == "ours" for row in _against(result, results)],
    }
    pairs, first, mrr = evaluate_languages()
    report["languages"] = [{"pairs": pairs, "P@1": round(first, 4), "mrr": round(mrr, 4)}]
    if late:
        step = begin("cold start", 2 * late)
        report["cold"] = [asdict(evaluate_cold(data, since, lambda: step(1)))]
    if (tables / FIELDS).is_file():
        begin("lists", 0)
        report["lists"] = evaluate_lists(tables, spinoffs)
    if finance:
        report["f2b"] = _f2b(finance, begin)
    return report


def _against(result: Result, results: list[Result]) -> list[dict[str, Any]]:
    rows = []
    for baseline in results:
        if (baseline.protocol, baseline.split) == (result.protocol, result.split) and baseline.method in BASELINES:
            difference, ratio = compare(result.values[:, NDCG].tolist(), baseline.values[:, NDCG].tolist())
            rows.append(
                {
                    "protocol": result.protocol, "split": result.split, "ours against": baseline.method,
                    "ratio": round(ratio.value, 3), "ratio from": round(ratio.low, 3), "ratio to": round(ratio.high, 3),
                    "difference": round(difference.value, 4), "from": round(difference.low, 4), "to": round(difference.high, 4),
                }
            )  # fmt: skip
    return rows


def _f2b(directory: Path, begin: Begin) -> list[dict[str, Any]]:
    step = begin("f2b", 0)
    queries, ranking, popularity = evaluate_finance(directory, lambda: step(1))
    rows = []
    for name, values in (("ours", ranking), ("popularity", popularity)):
        means = zip(NAMES[: NDCG + 1], values.mean(axis=0), strict=False)
        rows.append({"method": name, "queries": queries, **{key: round(float(value), 4) for key, value in means}})
    return rows
