"""What somebody adds to a report: a table, a styled table and a figure, with a text that must not run."""

import shutil
from pathlib import Path

import matplotlib
import pandas as pd
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from assembly import put_together
from casereport.report.kept import Results
from casereport.report.titles import SECTIONS

matplotlib.use("Agg")
SCRIPT = '<script>window.ran=1</script><img src="x" onerror="window.ran=1">'
TABLE = pd.DataFrame({"day": [-1, 2], "ratio": [5.25, 2.5], "said": ["first", SCRIPT]})
ALT = "The ratio falls from 5.25 on day -1 to 2.5 on day 2."


def line(data: pd.DataFrame = TABLE) -> Axes:
    _, ax = plt.subplots()
    sns.lineplot(data, x="day", y="ratio", marker="o", ax=ax)
    return ax


def extend(built: Path, out: Path) -> None:
    """Copies a report of peng2020 to `out`, with a figure and a table more in each section."""
    shutil.copytree(built, out)
    mine = Results(out, "mine")
    for section in SECTIONS:
        mine.keep(line(), f"figure-{section}", section=section, caption=f"Figure in {section}.", alt=ALT)
        mine.keep(TABLE, f"table-{section}", section=section, caption=f"Table in {section}.")
    mine.keep(TABLE.style, "styled", section="discussion", caption="A styled table.")
    mine.keep(TABLE, "unseen", caption="A table for other notebooks.")
    mine.keep(line(), "unseen", caption="A figure for other notebooks.", alt=ALT)
    put_together("peng2020", out)
