"""The look of every figure, and how one is saved: SVG, PNG and the CSV of what it shows.

Text stays text in the SVG, so that it can be read aloud, searched and printed sharply; ids and dates are fixed, so
that the same figure gives the same bytes.
"""

import base64
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.style
import pandas as pd
from cycler import cycler
from markupsafe import escape
from matplotlib.figure import Figure as Canvas
from matplotlib.transforms import Bbox

from casereport.analysis.result_files import csv_text
from casereport.figures import fonts
from casereport.figures.palette import INK, SERIES
from casereport.figures.second_scale import SecondScale, with_both
from casereport.figures.svg import lean

SIMULATED = "SIMULATED: no patient"
_TITLE = 0.24  # inches, of the line that says so
WIDTH = 6.2  # inches, of every figure: text then has one size on a page
PHONE = 3.6  # inches, of a figure for a phone
_MARK = re.compile(r'<g id="([^"]*)">')
LETTER = 0.072  # inches, as wide as a letter of 8.5 points is as a rule

_LOOK: dict[str, Any] = {
    "font.family": fonts.BASE,
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.axisbelow": True,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=SERIES),
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "white",
    "patch.force_edgecolor": True,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "casereport",
    "hatch.linewidth": 0.6,
}


def use_fonts(text: str) -> None:
    """Has figures drawn from now on show every sign of this text that a font of this machine has."""
    if found := fonts.needed(text):
        _LOOK["font.family"] = [fonts.BASE, *found]
        mpl.rcParams["font.family"] = [fonts.BASE, *found]


@contextmanager
def _no_boxes() -> Iterator[None]:
    """Raises ValueError, with the sign, where a figure would show a box in its place."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing from")
        try:
            yield
        except UserWarning as warning:
            raise ValueError(f"no font for a text of a figure ({warning}): {fonts.PACKAGES}") from None


def use_style() -> None:
    """Gives every figure that follows the look of a report's own, for the rest of a notebook."""
    mpl.style.use(["default", _LOOK])


@contextmanager
def style(mathematics: bool = False) -> Iterator[None]:
    """The look of a figure, as a context or a decorator, from matplotlib's defaults: no matplotlibrc changes it.

    A dollar sign in a text that is drawn here is a dollar sign, unless `mathematics`.
    """
    with mpl.style.context(["default", _LOOK, {"text.parse_math": mathematics}]):
        yield


def settle(canvas: Canvas) -> None:
    """Finds the places of labels and axes once and for all: with a layout engine matplotlib draws twice each time."""
    engine = canvas.get_layout_engine()
    if engine is None:
        return
    with _no_boxes():
        engine.execute(canvas)
    with style():
        canvas.set_layout_engine(None)  # "none" would leave one that does nothing, and have it drawn twice all the same
    # the solver's last bits differ from run to run, and the ids of an SVG are made of them
    for ax in canvas.axes:
        ax.set_position(tuple(round(x, 9) for x in ax.get_position().bounds))
        ax.set_in_layout(True)


@dataclass(frozen=True)
class Figure:
    """One figure: `canvas` to draw and `table` with the data it shows; `alt` sums up what can be seen, `description`
    tells all of it.

    `points` says of a mark, by the id it is drawn with, what a reader sees who points at it. `crop` is the part of the
    canvas that is saved, in inches; None is all of it. `phone` is the same drawn anew for a screen of 350 px,
    and `page` for the text width of a manuscript, where the text of the wide one would be too small to read.
    `second` is another scale for the colours of a heat map.
    """

    id: str
    title: str
    caption: str
    alt: str
    description: str
    canvas: Canvas
    table: pd.DataFrame
    points: dict[str, str] = field(default_factory=dict)
    crop: Bbox | None = None
    phone: "Figure | None" = None
    page: "Figure | None" = None
    second: SecondScale | None = None

    def __post_init__(self) -> None:
        settle(self.canvas)

    @property
    def others(self) -> "dict[str, Figure]":
        """Its drawings for a `phone` and a `page`, where there are any."""
        found = {"phone": self.phone, "page": self.page}
        return {which: other for which, other in found.items() if other is not None}

    @cached_property
    def svg(self) -> str:
        """The figure as SVG, with its title and alt text inside and ids that are its own."""
        buffer = io.StringIO()
        metadata = {"Date": None, "Creator": None, "Title": self.title, "Description": self.alt}
        with style(mathematics=True), _no_boxes():
            self.canvas.savefig(buffer, format="svg", metadata=metadata, bbox_inches=self.crop)
        said = dict(self.points)  # the first mark of an id has its words
        text = _MARK.sub(
            lambda mark: f"{mark[0]}<title>{escape(said.pop(mark[1]))}</title>" if mark[1] in said else mark[0],
            buffer.getvalue(),
        )
        return lean(text if self.second is None else with_both(text, self.second), self.id)

    @property
    def _address(self) -> str:
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode("ascii")

    def png(self) -> bytes:
        """The figure as PNG, with the 300 dots an inch that journals ask for."""
        buffer = io.BytesIO()
        metadata = {"Software": None, "Description": self.alt}
        # to pack it as tightly as can be takes as long as to draw it, and gains a quarter of the bytes
        packed = {"compress_level": 1}
        with style(mathematics=True), _no_boxes():
            self.canvas.savefig(
                buffer, format="png", dpi=300, metadata=metadata, pil_kwargs=packed, bbox_inches=self.crop
            )
        return buffer.getvalue()

    def __repr__(self) -> str:
        return f"[{self.title}] {self.alt}"

    def _repr_html_(self) -> str:
        """What Jupyter shows: the drawing with its alt text, which nbconvert's own image output would drop."""
        image = f'<img src="{self._address}" alt="{escape(self.alt)}">'
        if self.phone is not None:
            small = f'<source media="(max-width: 40rem)" srcset="{self.phone._address}">'
            image = f"<picture>{small}{image}</picture>"
        return f'<figure id="figure-{self.id}">{image}<figcaption>{escape(self.caption)}</figcaption></figure>'


@style()
def mark_simulated(figure: Figure) -> Figure:
    """The figure of a simulated case: it says so as the title of its drawing, in a line above it, and in its texts."""
    size = figure.canvas.get_size_inches()
    shown = figure.crop or Bbox([[0, 0], [size[0], size[1]]])
    # the line stands above all that is drawn, and what is saved reaches up to it whatever else it leaves out
    middle = shown.y1 + _TITLE / 2
    figure.canvas.text(
        shown.x0 + 0.08, middle, SIMULATED, transform=figure.canvas.dpi_scale_trans, va="center", fontweight="bold"
    )
    crop = Bbox([[shown.x0, shown.y0], [shown.x1, shown.y1 + _TITLE]])
    phone, page = (other and mark_simulated(other) for other in (figure.phone, figure.page))
    second = figure.second and replace(figure.second, alt=f"Simulated. {figure.second.alt}")
    title, alt, told = f"Simulated: {figure.title}", f"Simulated. {figure.alt}", f"Simulated. {figure.description}"
    words = replace(figure, title=title, alt=alt, description=told)
    return replace(words, crop=crop, phone=phone, page=page, second=second)


def save(figure: Figure, folder: Path, png: bool = False) -> None:
    """Writes `<id>.svg` and `<id>.csv` into `folder`, and the drawings for phone and page and `<id>.png` if any."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{figure.id}.svg").write_text(figure.svg, encoding="utf-8")
    for which, other in figure.others.items():
        (folder / f"{figure.id}-{which}.svg").write_text(other.svg, encoding="utf-8")
    (folder / f"{figure.id}.csv").write_text(csv_text(figure.table), encoding="utf-8")
    if png:
        (folder / f"{figure.id}.png").write_bytes(figure.png())
