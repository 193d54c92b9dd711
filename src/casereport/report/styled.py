"""A table as a clinician reads it: words for headings, numbers without noise, `—` where nothing is known."""

import hashlib
import math
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import escape

from casereport.analysis.result_files import csv_text
from casereport.quantities.units import shown
from casereport.quantities.wording import MINUS, figure_text

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

_UNKNOWN = "—"
# a word of judgement has a sign besides its colour, which not everybody sees
_SIGNS = {
    "better": "●", "worse": "■", "in range": "○", "same": "◆", "not certain": "◆", "rose": "▲", "fell": "▼",
    "below": "↓", "above": "↑", "in": "○", "supported": "✔", "partly supported": "◐", "contradicted": "✘",
    "reported only": "❝", "not testable": "?", "yes": "✔", "partly": "◐", "gap": "✘",
}  # fmt: skip
# dark enough to be read on white and on a grey row (WCAG: 4.5 to 1)
_COLOURS = {
    **dict.fromkeys(("better", "supported", "yes"), "#0173b2"),
    **dict.fromkeys(("worse", "contradicted", "gap", "below", "above"), "#b85000"),
}
_HEADS = {
    "ref_low": "range from",
    "ref_high": "range to",
    "n_before": "n before",
    "n_after": "n after",
    "short": "analyte",
}


class Sentence(str):
    """What a cell shows in place of an empty table: the sentence, without quotation marks."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<p>{escape(self)}</p>"


def styled(table: pd.DataFrame, empty: str = "Nothing to show.") -> "Styler | Sentence":
    """The table for reading, or the sentence `empty` where it has no row.

    Headings are words, a number has at most four significant digits and a typographic minus, what is not known is a
    dash, words of judgement have a sign and a colour, and units are written as physicians write them. The table itself
    is unchanged; texts of a case are escaped, also in headings.

    >>> import pandas as pd
    >>> styled(pd.DataFrame(columns=["label"]), "No value is reported.")
    No value is reported.
    """
    if table.empty:
        return Sentence(empty)
    whole = table.rename_axis(columns=None)
    if isinstance(table.index.name, str) or table.index.nlevels > 1:  # the keys of a groupby or a crosstab
        whole = whole.reset_index()
    named = whole.set_axis(_headings(list(whole)), axis="columns")
    units = [name for name in named if name.removesuffix(" printed").split()[-1:] == ["unit"]]
    style = named.style.format(_cell, escape="html").format(_unit, subset=units, escape="html").map(_colour)
    style.format_index(escape="html", axis="columns")  # a heading may be a text of the case, such as a phase's name
    # notebooks put every cell to the right, where words cannot be read down a column
    words = [name for name in named if named[name].dtype.kind not in "iuf"]
    style.set_table_styles({name: [{"selector": "", "props": "text-align: left"}] for name in words})
    # ids that a run gives anew would make two runs of a notebook differ
    return style.hide(axis="index").set_uuid(hashlib.sha256(csv_text(named).encode()).hexdigest()[:8])


def _headings(columns: list[object]) -> list[str]:
    """The columns in words; what is printed is said to be where it stands beside what was understood."""
    whole = [str(name).replace("_", " ") for name in columns]
    short = [_HEADS.get(str(name), text.removesuffix(" printed")) for name, text in zip(columns, whole, strict=True)]
    return [one if short.count(one) == 1 else text for one, text in zip(short, whole, strict=True)]


def _cell(value: object) -> str:
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return _UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return figure_text(value) if abs(value) < 1000 else f"{value:.0f}".replace("-", MINUS)
    if isinstance(value, int):
        return str(value).replace("-", MINUS)
    text = str(value)
    return f"{_SIGNS[text]} {text}" if text in _SIGNS else text


def _unit(value: object) -> str:
    return shown(str(value)) if value else _UNKNOWN


def _colour(value: object) -> str:
    colour = _COLOURS.get(value) if isinstance(value, str) else None
    return f"color: {colour}; font-weight: 600" if colour else ""
