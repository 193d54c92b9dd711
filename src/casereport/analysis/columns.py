"""What a column of a table is, and the columns that several tables have."""

from typing import Any, NamedTuple


class Column(NamedTuple):
    """One column: its `kind` (text, number, whole or yes/no), its unit, and what it says."""

    kind: str
    meaning: str
    unit: str = ""

    @property
    def dtype(self) -> str:
        """Its type in pandas."""
        return _DTYPES[self.kind]


_DTYPES: dict[str, Any] = {"text": "str", "number": "float64", "whole": "int64", "yes/no": "bool"}


def text(meaning: str) -> Column:
    return Column("text", meaning)


def number(meaning: str, unit: str = "") -> Column:
    return Column("number", meaning, unit)


def whole(meaning: str, unit: str = "") -> Column:
    return Column("whole", meaning, unit)


ANALYTE = {
    "analyte": text("id of the analyte, as in data/analytes.csv"),
    "label": text("its name"),
    "short": text("its short name"),
}
PAIR = {
    "phase": text("id of the phase"),
    "phase_before": text("id of the phase that it is compared with"),
    **ANALYTE,
}
N = {
    "n_before": whole("values that enter, in the phase before"),
    "n_after": whole("values that enter, in the phase"),
}
CI = {
    "ci_low": number("lower end of the confidence interval"),
    "ci_high": number("upper end of the confidence interval"),
}
LEVEL = {"confidence": number("level of the intervals, such as 0.95")}
