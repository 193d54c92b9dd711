"""The pictures of a case as figures of its report: the pixels of each, made anew, with the words of its row."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas

from casereport.analysis.tidy import gathered
from casereport.analysis.time_unit import in_its_time
from casereport.case.pictures import pixels
from casereport.case.place import case_path
from casereport.case.schema import PICTURE_KINDS
from casereport.figures.drawing import WIDTH, Figure, style
from casereport.files.paths import PICTURES
from casereport.quantities.wording import day_text

_HIGH = 4.2  # inches: two of them and their captions fit on a page


@in_its_time
def pictures(table: pd.DataFrame, case: str | Path, phases: pd.DataFrame) -> list[Figure]:
    """A figure for each row of the table `pictures` of the case at `case`; the days are told in the unit of `phases`.

    Of a file the pixels alone are taken. Raises BadInput for one that cannot be shown.
    """
    return [_figure(row, case_path(case) / PICTURES) for _, row in table.iterrows()]


@style()
def _figure(row: pd.Series, folder: Path) -> Figure:
    seen = np.asarray(pixels(folder / row["file"]))
    tall, wide = seen.shape[:2]
    height = min(WIDTH * tall / wide, _HIGH)
    canvas = Canvas(figsize=(WIDTH, height))
    share = height * wide / tall / WIDTH
    ax = canvas.add_axes(((1 - share) / 2, 0, share, 1))
    ax.imshow(seen, interpolation="none", aspect="auto")  # into the file as it is, pixel by pixel
    ax.set_axis_off()
    title = f"{PICTURE_KINDS[row['kind']]}, {day_text(gathered(row, 'day_', 'day'))}"
    caption = f"{title}. {row['caption'].rstrip('.')}. Source: {row['source'].rstrip('.')} ({row['evidence']})."
    return Figure(
        id=f"picture-{row['number']}",
        title=title,
        caption=caption,
        alt=row["alt"],
        description=f"{title}. {row['alt'].rstrip('.')}. Consent: {row['consent']}",
        canvas=canvas,
        table=row.to_frame().T,
    )
