"""The colours: safe for the colour-blind, and a phase has one colour everywhere."""

from collections.abc import Sequence

INK = "#1f2430"
FAINT = "#8a8f98"
# Text on a coloured or a pale mark keeps its colour when the page turns dark; INK and white follow the page.
ON_COLOUR, ON_PALE = "#fffffe", "#1f2431"
COURSE = "#757b87"  # told from white and from a dark page alike, 4 to 1
REFERENCE = "#029e73"
# below the reference range, within it, above it: told apart by the colour-blind, dark text reads on all, and none of
# them means better or worse
BELOW_ABOVE = ("#c9a227", "#e3e6eb", "#a37fd6")
BETTER, WORSE, NEITHER = "#0173b2", "#d55e00", "#6b7280"

# seaborn's "colorblind" palette
SERIES = (
    "#0173b2", "#de8f05", "#029e73", "#d55e00", "#cc78bc", "#ca9161", "#fbafe4", "#949494", "#ece133", "#56b4e9",
)  # fmt: skip
# grey for what came first, the three that readers meet most told apart best, and the first four of any other case
_KNOWN_PHASES = {"conventional": "#949494", "cp": "#de8f05", "msc": "#0173b2"}
_OTHER_PHASES = ["#cc78bc", "#ca9161", "#56b4e9", "#6a5fc8", "#d55e00", "#ece133"]


def phase_colours(ids: Sequence[str]) -> dict[str, str]:
    """One colour for each phase id, the same in every figure and for every case that uses the id."""
    others = iter(_OTHER_PHASES * (1 + len(ids)))
    return {i: _KNOWN_PHASES.get(i) or next(others) for i in ids}
