"""What a column of a table is made of: its kind, its unit and its meaning; and columns that many tables share."""

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
    """A column of text."""
    return Column("text", meaning)


def number(meaning: str, unit: str = "") -> Column:
    """A column of numbers, NaN where one is not known."""
    return Column("number", meaning, unit)


def whole(meaning: str, unit: str = "") -> Column:
    """A column of whole numbers."""
    return Column("whole", meaning, unit)


def span(name: str, what: str, unit: str) -> dict[str, Column]:
    """The three columns of an interval."""
    return {
        f"{name}low": number(f"{what}: the lowest that it can be; -inf where there is no lower end", unit),
        f"{name}high": number(f"{what}: the highest that it can be; inf where there is no upper end", unit),
        f"{name}closed": text(f"{what}: which ends belong to it: both, left, right or neither; empty: not known"),
    }


WHOSE = {
    "evidence": text("measured, reported, inferred, secondary or simulated"),
    "source": text("where in the source it stands"),
    "note": text("what the author of the case notes"),
}
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
