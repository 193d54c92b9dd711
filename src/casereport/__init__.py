"""Reproducible clinical case reports: what a notebook needs, under one name.

    import casereport as cr

Reading a case, its tables, the comparison of its phases, the audit, the figures, and keeping what shall be in the
report. Everything that is listed here may be relied on; what is not listed may change. Nothing is imported before it
is used, so that a quick command loads no library of data frames.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WHERE = {
    "plan_import": "readers.importing",
    "read_case": "audit.validation",
    "begin": "report.kept",
    "open_results": "report.kept",
    "styled": "report.styled",
    "shown": "quantities.units",
    "open_report": "report.sections",
    "open_cohort": "cohort.series",
    "pooled_effects": "cohort.pooled",
    **dict.fromkeys(
        ("statements", "phases", "observations", "interventions", "events", "claims", "sources", "narrative_values"),
        "analysis.tables",
    ),
    **dict.fromkeys(("pictures", "phase_before", "change", "changes"), "analysis.tables"),
    **dict.fromkeys(("nap", "tau", "tau_u", "tau_bc", "smd", "lrr"), "analysis.tables"),
    **dict.fromkeys(("effect_table", "chance_table", "regression_table", "informative"), "analysis.effect_tables"),
    **dict.fromkeys(("half_life", "half_life_table"), "analysis.half_life"),
    "visual_table": "analysis.visual_analysis",
    **dict.fromkeys(("repetitions", "robustness", "with_robustness"), "analysis.sensitivity"),
    "overview_analytes": "analysis.overview",
    "under_way": "analysis.under_way",
    **dict.fromkeys(("estimability", "told_basis"), "analysis.estimability"),
    "phase_notes": "analysis.phase_notes",
    "ab_pairs": "analysis.ab_pairs",
    "time_axis": "analysis.time_unit",
    "log_rate_ratio": "analysis.statistics.counts",
    "base_rates_beside": "analysis.base_rates_of_claims",
    **dict.fromkeys(("cases_beside", "courses_beside", "given_beside"), "analysis.other_cases"),
    "against_truth": "analysis.truth",
    "audit_claims": "audit.claims",
    "check_consistency": "audit.consistency",
    "checklist": "audit.care.checklist",
    "figures": "",
}
__all__ = sorted([*_WHERE, "__version__"])


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    where = _WHERE[name]
    module = import_module(f"{__name__}.{where or name}")
    return getattr(module, name) if where else module


def __dir__() -> list[str]:
    return __all__
