"""The look of every figure, and how one is saved: SVG, PNG and the CSV of what it shows.

Text stays text in the SVG, so that it can be read aloud, searched and printed sharply; ids and dates are fixed, so
that the same figure gives the same bytes.
"""

import base64
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from markupsafe import escape
from matplotlib.figure import Figure as Canvas

from casereport.analysis.result_files import csv_text
from casereport.figures.palette import INK

SIMULATED = "SIMULATED: no patient"


@dataclass(frozen=True)
class Figure:
    """One figure: `canvas` to draw and `table` with the data it shows; `alt` sums up what can be seen, `description`
    tells all of it.

    `points` says of a mark, by the id it is drawn with, what a reader sees who points at it.
    """

    id: str
    title: str
    caption: str
    alt: str
    description: str
    canvas: Canvas
    table: pd.DataFrame
    points: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # the places of labels and axes are found once: with a layout engine matplotlib draws twice for each format
        engine = self.canvas.get_layout_engine()
        if engine is not None:
            engine.execute(self.canvas)
            self.canvas.set_layout_engine(None)

    @cached_property
    def svg(self) -> str:
        """The figure as SVG, with its title and alt text inside and ids that are its own."""
        buffer = io.StringIO()
        with style():
            metadata = {"Date": None, "Creator": None, "Title": self.title, "Description": self.alt}
            self.canvas.savefig(buffer, format="svg", metadata=metadata)
        prefix = self.id + "-"
        text = buffer.getvalue()
        for gid, said in self.points.items():
            text = text.replace(f'<g id="{gid}">', f'<g id="{gid}"><title>{escape(said)}</title>', 1)
        text = re.sub(r'\bid="', f'id="{prefix}', text)
        return re.sub(r'(url\(#|href="#)', rf"\1{prefix}", text)

    @property
    def png(self) -> bytes:
        """The figure as PNG, with the 300 dots an inch that journals ask for."""
        buffer = io.BytesIO()
        with style():
            metadata = {"Software": None, "Description": self.alt}
            # to pack it as tightly as can be takes as long as to draw it, and gains a quarter of the bytes
            self.canvas.savefig(buffer, format="png", dpi=300, metadata=metadata, pil_kwargs={"compress_level": 1})
        return buffer.getvalue()

    def __repr__(self) -> str:
        return f"[{self.title}] {self.alt}"

    def _repr_html_(self) -> str:
        """What Jupyter shows: the drawing with its alt text, which nbconvert's own image output would drop."""
        data = base64.b64encode(self.svg.encode()).decode("ascii")
        image = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(self.alt)}">'
        return f'<figure id="figure-{self.id}">{image}<figcaption>{escape(self.caption)}</figcaption></figure>'


@dataclass(frozen=True)
class Shown:
    """A figure as a notebook shows it, without what it was drawn from: its text and its HTML."""

    text: str
    html: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def leave(figure: Figure, path: Path) -> None:
    """Leaves what a notebook shows of a figure, for the other notebooks of a run."""
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps([repr(figure), figure._repr_html_()]), encoding="utf-8")
    beside.replace(path)


def left(path: Path) -> Shown | None:
    """What another notebook of the run has left, or None where it has not drawn that yet."""
    try:
        return Shown(*json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


@contextmanager
def style() -> Iterator[None]:
    """The settings under which every figure is drawn and saved."""
    with mpl.rc_context(
        {
            **sns.axes_style("ticks"),
            "font.family": "DejaVu Sans",
            "font.size": 9,
            "axes.titlesize": 10,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.labelsize": 9,
            "xtick.labelsize": 8.5,
            "ytick.labelsize": 8.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.linewidth": 0.8,
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
            "text.parse_math": False,  # a dollar sign in a note is a dollar sign
        }
    ):
        yield


def canvas(width: float, height: float, simulated: bool, layout: str | None = "constrained") -> Canvas:
    """An empty figure in inches; that of a simulated case says so inside the drawing, where no crop removes it."""
    figure = Canvas(figsize=(width, height), layout=layout)
    if simulated:
        figure.text(
            0.5,
            0.5,
            SIMULATED,
            ha="center",
            va="center",
            rotation=20,
            fontsize=15,
            color="#b91c1c",
            alpha=0.28,
            zorder=9,
        )
    return figure


def save(figure: Figure, folder: Path) -> None:
    """Writes `<id>.svg`, `<id>.png` and `<id>.csv` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{figure.id}.svg").write_text(figure.svg, encoding="utf-8")
    (folder / f"{figure.id}.png").write_bytes(figure.png)
    (folder / f"{figure.id}.csv").write_text(csv_text(figure.table), encoding="utf-8")
