"""What the bundled cases say, as it was read: sentences and verdicts, case by case; their figures: test_readable.py.

A change here is not wrong by itself. It is to be read as a physician reads it before it is taken over:
`make test TESTS="tests/figures/test_words_as_read.py --snapshot-update"`, then `git diff`.
"""

from functools import cache

import pandas as pd
import pytest
from small import of_case
from syrupy.assertion import SnapshotAssertion

from casereport.analysis.sensitivity import with_robustness
from casereport.analysis.under_way import under_way
from casereport.audit.claims import audit_claims
from casereport.audit.consistency import check_consistency
from casereport.case.place import case_names
from casereport.case.reading import read_case

by_case = pytest.mark.parametrize("name", case_names())


@cache
def tables(name: str) -> dict[str, pd.DataFrame]:
    return of_case(name)


def lines(table: pd.DataFrame, *columns: str) -> list[str]:
    return [" | ".join(map(str, row)) for row in table[list(columns)].itertuples(index=False)]


@by_case
def test_the_verdicts_on_changes_are_those_that_were_read(name: str, snapshot: SnapshotAssertion) -> None:
    t = tables(name)
    changes = with_robustness(t["changes"], t["sensitivity"])
    columns = "short", "before_printed", "after_printed", "verdict", "heading", "robust", "rule", "extreme_printed"
    assert lines(changes, "phase", *columns) == snapshot
    assert lines(under_way(t["observations"], t["phases"]), "phase", "sentence") == snapshot
    assert lines(t["sensitivity"], "sentence") == snapshot


@by_case
def test_the_audit_says_what_was_read(name: str, snapshot: SnapshotAssertion) -> None:
    case = read_case(name)
    assert lines(audit_claims(case), "claim", "sort", "verdict", "evidence", "rule") == snapshot
    assert lines(check_consistency(case), "check", "day", "analyte", "finding") == snapshot
