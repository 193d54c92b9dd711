"""How a thing that is kept is written, and what the cell that keeps it shows.

A case folder is somebody else's file, so that what a Styler makes of it is cleaned: tags that a table does not have
are shown as text, and run nothing.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import escape

from casereport.analysis.result_files import csv_text
from casereport.quantities.wording import counted

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from casereport.figures.drawing import Figure

_TAGS = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "br", "b", "i", "sup"}
_ATTRIBUTES = {"*": ["class", "id", "colspan", "rowspan", "scope"]}
_STYLE = re.compile(r"<style type=\"text/css\">(.*?)</style>", re.S)


class Kept:
    """What a cell shows of something that it kept, and the place where the report's links lead.

    A notebook shows it at once and once: a link must find it too where it is not the last thing of its cell.
    """

    def __init__(self, name: str, text: str, html: str) -> None:
        self._name, self._text, self._html = name, text, html
        self._shown = False

    def __repr__(self) -> str:
        return self._text

    def _ipython_display_(self) -> None:
        if not self._shown:
            from IPython.display import display

            display({"text/html": self._repr_html_(), "text/plain": self._text}, raw=True)
        self._shown = True

    def _repr_html_(self) -> str:
        return f'<div class="kept" id="kept-{escape(self._name)}">{self._html}</div>'


def shown_table(
    folder: Path, table: pd.DataFrame, name: str, caption: str, style: "Styler | None" = None
) -> tuple[dict[str, Any], Kept]:
    """Writes `results/<name>.csv`, and `.html` where it is styled; what is known of it, and its display."""
    results = folder / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{name}.csv").write_text(csv_text(table), encoding="utf-8")
    line = f"{counted(len(table), 'row')}: results/{name}.csv"
    link = f'<p class="links">{counted(len(table), "row")}: <a href="../results/{name}.csv">results/{name}.csv</a></p>'
    link = link if len(table) else ""  # the cell says in a sentence that there is nothing
    html = link
    if style is not None:
        styled = styled_html(style, name)
        (results / f"{name}.html").write_text(styled, encoding="utf-8")
        html = styled + link
    entry = {"kind": "table", "caption": caption, "styled": style is not None}
    return entry, Kept(name, line, html)


def styled_html(style: "Styler", name: str) -> str:
    """The HTML of a styled table, the same each time, cleaned of what a table does not have."""
    from bleach import clean

    style.set_uuid(f"{name}-").set_table_attributes('class="dataframe styled"')
    text = style.to_html()
    css = "".join(_STYLE.findall(text)).replace("<", "")
    table = clean(_STYLE.sub("", text), tags=_TAGS, attributes=_ATTRIBUTES)
    return f"<style>{css}</style>{table}" if css.strip() else table


def shown_figure(
    folder: Path, figure: "Figure", name: str, caption: str, alt: str, simulated: bool
) -> tuple[dict[str, Any], Kept]:
    """Writes `figures/<name>.svg` and `.csv`; what is known of the figure, and its display."""
    from dataclasses import replace

    from casereport.figures.drawing import mark_simulated, save

    phone, page = (
        other and replace(other, id=f"{name}-{which}", caption=caption or other.caption)
        for which, other in (("phone", figure.phone), ("page", figure.page))
    )
    figure = replace(figure, id=name, caption=caption or figure.caption, alt=alt or figure.alt, phone=phone, page=page)
    if simulated:
        figure = mark_simulated(figure)
    save(figure, folder / "figures")
    entry: dict[str, Any] = {"kind": "figure", "caption": figure.caption, "title": figure.title, "alt": figure.alt}
    entry |= {which: which in figure.others for which in ("phone", "page")}
    if figure.phone is not None and figure.phone.caption != figure.caption:
        entry["phone_caption"] = figure.phone.caption
    if figure.second is not None and figure.second.name:
        entry["second"] = {what: getattr(figure.second, what) for what in ("name", "caption", "alt")}
    return entry | {"description": figure.description}, Kept(name, repr(figure), figure._repr_html_())
