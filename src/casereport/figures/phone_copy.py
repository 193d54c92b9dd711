"""A figure as a small screen has it: the one that was drawn for a page, laid out anew and as narrow as a phone."""

import itertools
import math
import pickle
import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from casereport.figures.drawing import LETTER, PHONE, settle, style
from casereport.figures.matplotlib_figures import canvas_of

_SHAPE = 0.78  # height of a panel by its width


@style(mathematics=True)
def narrowed(drawn: object, columns: int = 2) -> Canvas:
    """A copy of a figure of matplotlib's or seaborn's, 3.6 inches wide: what `keep` takes as `phone`.

    Where more than `columns` panels stand side by side, they go on below; the key stands below all of it, one entry a
    line; names below an axis that would overlap are turned, and long titles have two lines. Raises TypeError for what
    has no figure.
    """
    canvas: Canvas = pickle.loads(pickle.dumps(canvas_of(drawn)))
    panels = [ax for ax in canvas.axes if ax.get_subplotspec() is not None and ax.get_label() != "<colorbar>"]
    height = canvas.get_figheight()
    if len(panels) > columns:
        rows = math.ceil(len(panels) / columns)
        letters = int((PHONE / columns - 0.3) / (1.1 * LETTER))  # bold, and beside the names of the axis to the left
        grid = canvas.add_gridspec(rows, columns)
        for i, ax in enumerate(panels):
            ax.set_subplotspec(grid[divmod(i, columns)])
            for where in ("left", "center", "right"):
                if title := ax.get_title(loc=where):
                    ax.set_title(textwrap.fill(title, letters), loc=where, size=9)
        height = rows * PHONE / columns * _SHAPE
    entries = [
        pair for legend in canvas.legends for pair in zip(legend.legend_handles, legend.get_texts(), strict=False)
    ]
    known = [(handle, text.get_text()) for handle, text in entries if handle is not None]
    for legend in list(canvas.legends):
        legend.remove()
    if known:
        key = canvas.legend(
            [handle for handle, _ in known], [text for _, text in known], loc="outside lower center", frameon=False
        )
        height += key.get_window_extent().height / canvas.dpi
    canvas.set_size_inches(PHONE, height)
    canvas.set_layout_engine("constrained")
    canvas.draw_without_rendering()
    turned = [ax for ax in panels if _overlap(ax)]
    for ax in turned:
        ax.tick_params(axis="x", rotation=90)
    if turned:
        longest = max(label.get_window_extent().height for ax in turned for label in ax.get_xticklabels())
        canvas.set_figheight(height + longest / canvas.dpi)
    settle(canvas)
    return canvas


def _overlap(ax: Axes) -> bool:
    """True where names below an axis run into each other."""
    boxes = [label.get_window_extent() for label in ax.get_xticklabels() if label.get_visible() and label.get_text()]
    return any(left.x1 > right.x0 for left, right in itertools.pairwise(boxes))
