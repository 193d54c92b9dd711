"""The figures of a cohort: how each effect is distributed, the verdicts of the audits, and the courses of the patients.

They show many patients side by side. No curve here is adjusted for anything, and a median over patients is not the
course of any of them: who is still measured late in a stay differs from who was measured first.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.ticker import NullFormatter, StrMethodFormatter

from casereport.analysis.measurements import sorted_analytes
from casereport.cohort.dataset import COUNTS, read
from casereport.cohort.patients import vocabulary
from casereport.figures.drawing import Figure, canvas, style
from casereport.figures.palette import BETTER, FAINT, INK, WORSE
from casereport.quantities.units import shown
from casereport.quantities.wording import counted

MOST_ANALYTES = 12
MOST_LINES = 100  # more courses in one panel cannot be told apart
MOST_VALUES = 1_000_000  # that courses are drawn from: all are in memory at once, and are drawn in seconds
FEWEST = 5  # patients on a day for a median to be drawn


def draw_all(out: Path) -> list[Figure]:
    """The figures that the results under `out` allow."""
    patients = read(out, "patients", ["patient", "simulated", *COUNTS])
    simulated = bool(patients["simulated"].any())
    drawn = [effects(out, simulated), verdicts(patients, simulated), courses(out, len(patients), simulated)]
    return [figure for figure in drawn if figure is not None]


def effect_summary(out: Path) -> pd.DataFrame:
    """One row a phase, analyte and index with a value in some patient: `patients`, then the quartiles of the index
    over them (`lower`, `median`, `upper`) and the share of them in which its interval lies on the better side
    (`improved`; of NAP above 0.5, of the signed indices above 0; NaN where no interval is given).
    """
    table = read(out, "effects", ["phase", "analyte", "index", "value", "ci_low"])
    table = table[table["value"].notna()]
    middle = table["index"].map({"NAP": 0.5}).astype(float).fillna(0.0)
    table = table.assign(improved=(table["ci_low"] > middle).astype(float).where(table["ci_low"].notna()))
    group = table.groupby(["phase", "analyte", "index"], sort=False, observed=True)
    found = group.agg(
        patients=("value", "size"),
        lower=("value", lambda x: x.quantile(0.25)),
        median=("value", "median"),
        upper=("value", lambda x: x.quantile(0.75)),
        improved=("improved", "mean"),
    )
    return found.reset_index()


@style()
def effects(out: Path, simulated: bool) -> Figure | None:
    """NAP of the patients, a box for each analyte, a panel for each phase; None where no patient has two phases."""
    table = read(out, "effects", ["phase", "analyte", "index", "value"])
    table = table[(table["index"] == "NAP") & table["value"].notna()]
    if not len(table):
        return None
    phases = table["phase"].value_counts().index[:4].to_list()
    shown = {p: _most(table.loc[table["phase"] == p, "analyte"]) for p in phases}
    figure = canvas(6.4, sum(0.26 * len(a) + 0.9 for a in shown.values()) + 0.2, simulated)
    ratios = [len(a) + 2.2 for a in shown.values()]
    axes = figure.subplots(len(phases), 1, squeeze=False, height_ratios=ratios)[:, 0]
    rows = []
    for ax, phase in zip(axes, phases, strict=True):
        names = shown[phase][::-1]
        mine = table[table["phase"] == phase]
        values = [mine.loc[mine["analyte"] == a, "value"].to_numpy(dtype=float) for a in names]
        ax.boxplot(values, orientation="horizontal", widths=0.55, whis=(5, 95), showfliers=False,
                   medianprops={"color": INK}, boxprops={"color": INK}, whiskerprops={"color": FAINT},
                   capprops={"color": FAINT})  # fmt: skip
        ax.axvline(0.5, color=INK, lw=0.8, ls=":")
        ax.set_xlim(-0.02, 1.02)
        ax.set_yticks(range(1, len(names) + 1), [_short(a) for a in names])
        ax.set_title(f"{_label(phase)}, {counted(mine.shape[0], 'comparison')}", fontsize=9.5)
        for name, x in zip(names, values, strict=True):
            ax.annotate(str(len(x)), (1, names.index(name) + 1), xycoords=("axes fraction", "data"), xytext=(6, 0),
                        textcoords="offset points", va="center", fontsize=7.8)  # fmt: skip
            rows.append((phase, name, len(x), *np.quantile(x, (0.05, 0.25, 0.5, 0.75, 0.95))))
    axes[-1].set_xlabel("NAP (0 all worse, 0.5 no difference, 1 all better)")
    shown_table = pd.DataFrame(rows, columns=["phase", "analyte", "patients", "p5", "lower", "median", "upper", "p95"])
    top = shown_table.loc[(shown_table["median"] - 0.5).abs().idxmax()]
    return Figure(
        "cohort-effects",
        "How NAP is distributed over the patients",
        "Each phase against the phase before it, within each patient. Box: the middle half of the patients; line: the "
        "median; whiskers: 5 % to 95 %; number: patients. An analyte without a good side is compared for a rise.",
        f"Boxes of NAP for {counted(len(phases), 'phase')}. Furthest from 0.5 is {_short(top['analyte'])} "
        f"({_label(top['phase'])}): a median of {top['median']:.2f} in {counted(int(top['patients']), 'patient')}.",
        "; ".join(
            f"{_short(r.analyte)} ({_label(r.phase)}): median {r.median:.2f}, middle half {r.lower:.2f} to "
            f"{r.upper:.2f}, {counted(int(r.patients), 'patient')}"
            for r in shown_table.itertuples()
        )
        + ".",
        figure,
        shown_table,
    )


@style()
def verdicts(patients: pd.DataFrame, simulated: bool) -> Figure | None:
    """How many claims of all cases have each verdict; None where no case lists claims."""
    totals = patients[COUNTS].sum()
    if not totals.sum():
        return None
    figure = canvas(6.2, 2.2, simulated)
    ax = figure.subplots()
    words = [c.replace("_", " ") for c in COUNTS]
    colours = [BETTER if c == "supported" else WORSE if c == "contradicted" else FAINT for c in COUNTS]
    bars = ax.barh(words[::-1], totals.to_list()[::-1], color=colours[::-1])
    ax.bar_label(bars, padding=3, fontsize=8)
    ax.set_xlabel("claims")
    table = pd.DataFrame({"verdict": words, "claims": totals.astype(int).to_list()})
    told = ", ".join(f"{n} {w}" for w, n in table.itertuples(index=False))
    return Figure("cohort-verdicts", "The verdicts on all claims", "Claims of all cases, by the verdict of the audit.",
                  f"Bars: {told}.", f"Of {int(totals.sum())} claims: {told}.", figure, table)  # fmt: skip


@style()
def courses(out: Path, cases: int, simulated: bool) -> Figure | None:
    """Each analyte in a small panel: the courses of up to MOST_LINES patients, and the median of all by day."""
    table = read(out, "observations", ["patient", "analyte", "day", "low", "high"], MOST_VALUES)
    table = table[table["day"].notna() & (table["low"] == table["high"])]
    if not len(table):
        return None
    names = _most(table.drop_duplicates(["patient", "analyte"])["analyte"], 9)
    across = min(3, len(names))
    down = -(-len(names) // across)
    figure = canvas(7.2, 1.75 * down + 0.3, simulated)
    axes = figure.subplots(down, across, squeeze=False).ravel()
    rows = []
    for ax, name in zip(axes, names, strict=False):
        mine = table[table["analyte"] == name].sort_values(["patient", "day"], kind="stable")
        # evenly spread: a cohort is often listed by outcome, and its first patients are then not like the others
        chosen = mine["patient"].unique()
        chosen = chosen[np.linspace(0, len(chosen) - 1, min(len(chosen), MOST_LINES)).round().astype(int)]
        few = mine[mine["patient"].isin(chosen)]
        # one line through all patients, broken between them, draws a hundred times quicker than a line for each
        breaks = np.flatnonzero(few["patient"].to_numpy()[1:] != few["patient"].to_numpy()[:-1]) + 1
        x, y = (np.insert(few[c].to_numpy(dtype=float), breaks, np.nan) for c in ("day", "low"))
        ax.plot(x, y, color=FAINT, lw=0.5, alpha=0.5)
        by_day = mine.assign(day=np.floor(mine["day"])).groupby("day")
        middle = by_day["low"].median()[by_day["patient"].nunique() >= FEWEST]
        ax.plot(middle.index, middle, color=BETTER, lw=1.8)
        if (few["low"] > 0).all() and few["low"].max() > 20 * few["low"].median():
            ax.set_yscale("log")
            ax.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))  # powers would be set as mathematics
            ax.yaxis.set_minor_formatter(NullFormatter())
        ax.set_title(_with_unit(name), fontsize=8.5)
        ax.tick_params(labelsize=7.5)
        days = by_day["patient"].nunique()
        rows += [(name, day, int(days[day]), value) for day, value in middle.items()]
    for ax in axes[len(names) :]:
        ax.set_visible(False)
    figure.supxlabel("study day", fontsize=9)
    patients = table["patient"].nunique()
    whose = f"all {patients} patients" if patients == cases else f"the {patients} patients read for this figure"
    return Figure(
        "cohort-courses",
        "The courses of the patients",
        f"Grey: up to {MOST_LINES} patients, evenly spread over the list; blue: the median of {whose}, on days with at "
        f"least {FEWEST}. Who is measured on a late day is not who was measured on the first.",
        f"Small panels of {counted(len(names), 'analyte')}, each with thin lines for patients and a thick one for the "
        "median by day.",
        f"The analytes: {', '.join(_short(name) for name in names)}. The medians by day, and of how many patients, are "
        "in the data of the figure.",
        figure,
        pd.DataFrame(rows, columns=["analyte", "day", "patients", "median"]),
    )


def _most(analytes: pd.Series, most: int = MOST_ANALYTES) -> list[str]:
    """The analytes that most patients have, in the order of a report."""
    often = set(analytes.value_counts().index[:most])
    listed = [a.id for a in sorted_analytes(often, vocabulary())]
    return listed + sorted(often - set(listed))


def _short(analyte: str) -> str:
    known = vocabulary().analytes.get(analyte)
    return known.short if known else analyte


def _with_unit(analyte: str) -> str:
    known = vocabulary().analytes.get(analyte)
    if not known or known.short.endswith("%"):
        return _short(analyte)
    return f"{known.short}, {shown(known.unit)}"


def _label(phase: str) -> str:
    known = vocabulary().interventions.get(phase)
    return known.label if known else phase
