"""The audit of a case for another program: one JSON object, whose keys docs/claims.md lists."""

import json
from collections.abc import Iterator

from casereport.audit.claims import audit_claims
from casereport.audit.consistency import check_consistency
from casereport.case.case import Case

OBSERVATIONS = "observations.csv"
CLAIM_KEYS = ("claim", "evidence", "rule", "sort", "verdict")
REMARK_KEYS = ("analyte", "check", "day", "finding")


def as_json(case: Case, infusion_day: str = "before") -> str:
    """The object `claims` and `remarks`, keys in the order of the alphabet, rows in that of the tables."""
    found = {"claims": list(_claims(case, infusion_day)), "remarks": list(_remarks(case))}
    return json.dumps(found, indent=1, sort_keys=True)  # in ASCII: a terminal may be what reads it


def _claims(case: Case, infusion_day: str) -> Iterator[dict[str, object]]:
    for row in audit_claims(case, infusion_day).to_dict("records"):
        yield {key: row[key] for key in CLAIM_KEYS} | {"lines": row["lines"].split()}


def _remarks(case: Case) -> Iterator[dict[str, object]]:
    for row in check_consistency(case).to_dict("records"):
        lines = [f"{OBSERVATIONS}:{line}" for line in str(row["lines"]).split()]
        yield {key: row[key] for key in REMARK_KEYS} | {"lines": lines}
