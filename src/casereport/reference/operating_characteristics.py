"""How the effect sizes behave on series like those of a case report, found by simulating cases with a known truth.

A case is one patient's values in time order: a stationary AR(1) series, normal, with mean 0 and standard deviation 1,
larger being better; an effect adds `effect_sd` to every treatment value. Nothing else happens: no day is missing, and
nobody recovers without treatment, which would make false alarms more frequent still. Treatment starts

- `fixed`: at a point that does not depend on the values;
- `worst`: right after a value that is the worst of the latest `WINDOW` (14, say two weeks of daily values), of which
  the case shows the last m as its baseline. The worst value is thus always the last of the baseline; the treatment
  values follow as the series goes on, unknown when treatment starts. This is regression to the mean.

For LRR, which needs positive data, the values are exp(`LOG_SD` x): a log-normal measure that varies by about 30 %.

True values, for one value drawn from each phase without regard to the start: NAP Phi(d / sqrt 2); Tau, Tau-U and
Tau-BC 2 Phi(d / sqrt 2) - 1, the baseline having no trend; PEM Phi(d); SMD d; LRR `LOG_SD` d. PND, PAND and IRD depend
on the number of values, so no one number is their truth: they have a mean, and no bias.

`python -m casereport.reference.operating_characteristics` writes data/reference/operating_characteristics.csv, the
same bytes each time, in some minutes.
"""

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import numpy as np

from casereport.analysis.chance import AUTOCORRELATIONS, INDICES, LENGTHS, LOG_SD, TABLE
from casereport.analysis.effect_tables import INDICES as COMPUTED
from casereport.analysis.effect_tables import code_of
from casereport.analysis.statistics.pairs import Estimates, Pairs
from casereport.files.paths import relative
from casereport.files.whole import write_whole
from casereport.quantities.many_intervals import Floats, Intervals

SEED = 20
REPLICATES = 40_000  # a share is then known to 0.25 percentage points (one standard error) or better
WINDOW = 14
DECIMALS = 9  # of a simulated value, so that a trend is removed exactly in floats

Start = Literal["fixed", "worst"]
STARTS: tuple[Start, ...] = ("fixed", "worst")
LENGTHS_WITH_EFFECT = (3, 5, 8, 12)
EFFECTS = (1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of simulated case: values before and after, lag-1 autocorrelation, start, level shift in SDs."""

    n_baseline: int
    n_treatment: int
    autocorrelation: float
    start: Start
    effect_sd: float


CELLS: tuple[Cell, ...] = tuple(
    Cell(m, n, rho, start, effect)
    for effect, lengths in ((0.0, LENGTHS), *((effect, LENGTHS_WITH_EFFECT) for effect in EFFECTS))
    for m, n, rho, start in product(lengths, lengths, AUTOCORRELATIONS, STARTS)
)


COLUMNS = (
    "index", "n_baseline", "n_treatment", "autocorrelation", "start", "effect_sd", "replicates", "mean", "mean_se",
    "true_value", "bias", "coverage", "alarm_rule", "alarm_rate", "interval_alarm_rate", "monte_carlo_se",
)  # fmt: skip


def compute(a: Floats, b: Floats) -> dict[str, Estimates]:
    """Every index that m and n values allow; `a` has shape (cases, m), `b` (cases, n).

    Larger is better. LRR is that of exp(`LOG_SD` x).
    """
    closed = np.zeros(len(a), dtype=bool)
    pairs = Pairs(Intervals.exact(a), Intervals.exact(b), closed)
    positive = Pairs(Intervals.exact(np.exp(LOG_SD * a)), Intervals.exact(np.exp(LOG_SD * b)), closed)
    found = {name: index.of_each(positive if name == "LRR" else pairs) for name, index in COMPUTED.items()}
    return {code_of(name): index for name, index in found.items() if not np.isnan(index.low).all()}


# The simulation


def draw(cell: Cell, replicates: int) -> tuple[Floats, Floats]:
    """The baseline (replicates, m) and the treatment (replicates, n) of cases of this kind.

    The stream of random numbers belongs to the cell: it does not depend on which others are simulated, or where.
    Raises ValueError for a baseline longer than `WINDOW` with a start at the worst value.
    """
    if cell.start == "worst" and cell.n_baseline > WINDOW:
        raise ValueError(f"{cell.n_baseline} values before; with a start at the worst value, at most {WINDOW}")
    rho = cell.autocorrelation
    key = (cell.n_baseline, cell.n_treatment, round(100 * rho), STARTS.index(cell.start), round(100 * cell.effect_sd))
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))
    if cell.start == "fixed":
        a = _continued(rng, rng.standard_normal((replicates, 1)), cell.n_baseline, rho)
    else:
        windows: list[Floats] = []
        while sum(map(len, windows)) < replicates:
            window = _continued(rng, rng.standard_normal((replicates, 1)), WINDOW, rho)
            windows.append(window[window.argmin(axis=1) == WINDOW - 1])
        a = np.concatenate(windows)[:replicates, WINDOW - cell.n_baseline :]
    b = _continued(rng, a[:, -1:], cell.n_treatment + 1, rho)[:, 1:]
    return a.round(DECIMALS), (b + cell.effect_sd).round(DECIMALS)


def _continued(rng: np.random.Generator, first: Floats, length: int, rho: float) -> Floats:
    """The AR(1) series of that length, one a row, that begin with the column `first`."""
    series = np.empty((len(first), length))
    series[:, :1] = first
    noise = math.sqrt(1 - rho * rho) * rng.standard_normal((len(first), length - 1))
    for t in range(1, length):
        series[:, t] = rho * series[:, t - 1] + noise[:, t - 1]
    return series


def simulate_cell(cell: Cell, replicates: int = REPLICATES) -> list[tuple[str, ...]]:
    """The rows of `cell`, one for each index that its lengths allow, as texts in the order of `COLUMNS`."""
    found = compute(*draw(cell, replicates))
    return [_row(name, cell, found[name]) for name in INDICES if name in found]


def _row(name: str, cell: Cell, computed: Estimates) -> tuple[str, ...]:
    index, value, low, high = INDICES[name], computed.low, computed.ci_low, computed.ci_high
    count, mean = len(value), float(value.mean())
    # the SMD of 3 values before is distributed like t with 2 degrees of freedom: its variance is infinite
    mean_se = None if name == "smd" and cell.n_baseline == 3 else float(value.std(ddof=1)) / math.sqrt(count)
    truth = index.truth(cell.effect_sd) if index.truth else None
    met = [value >= index.alarm]
    if not np.isnan(low).all() and truth is not None:
        met += [low > index.none, (low <= truth) & (truth <= high)]
    hits = [int(np.count_nonzero(cases)) for cases in met]
    shares = [hit / count for hit in hits] + [None] * (3 - len(hits))
    # one case more of either kind keeps the error from being 0 where all cases agree
    error = max(math.sqrt((hit + 1) * (count - hit + 1) / count) / (count + 2) for hit in hits)
    cells: Iterable[float | None] = (mean, mean_se, truth, None if truth is None else mean - truth, shares[2])
    return (
        name,
        str(cell.n_baseline),
        str(cell.n_treatment),
        f"{cell.autocorrelation:g}",
        cell.start,
        f"{cell.effect_sd:g}",
        str(count),
        *map(_text, cells),
        f"{name} >= {index.alarm:g}",
        *map(_text, (shares[0], shares[1], error)),
    )


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:z.4f}"


def characteristics(cells: Sequence[Cell] = CELLS, replicates: int = REPLICATES, workers: int | None = None) -> str:
    """The table as CSV text, one row for each cell and index; a bar shows the progress on a terminal.

    Columns: `index`; the cell (`n_baseline`, `n_treatment`, `autocorrelation`, `start`, `effect_sd`); `replicates`;
    `mean` of the index and its Monte Carlo standard error `mean_se` (empty where the variance is infinite);
    `true_value` and `bias`, mean less truth (empty for an index without a truth); `coverage`, the share of 95 %
    intervals that hold the truth (empty without an interval); `alarm_rule` and `alarm_rate`, the share of cases in
    which it is met; `interval_alarm_rate`, the share whose interval lies wholly on the side of improvement (2.5 % are
    meant without effect; on both sides together it is then 1 - coverage). Where `effect_sd` is 0 an alarm is false.
    `monte_carlo_se` is the largest standard error of the row's shares. Every share is a number from 0 to 1. `workers`
    processes (all cores if None) share the cells and do not change the result.
    """
    from tqdm import tqdm

    simulate = partial(simulate_cell, replicates=replicates)
    # spawn: a fork copies the locks of whatever threads the caller runs
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        done = map(simulate, cells) if workers == 1 else pool.map(simulate, cells, chunksize=4)
        found = list(tqdm(done, total=len(cells), disable=None, unit="cell"))
    return "".join(",".join(row) + "\n" for row in (COLUMNS, *(row for rows in found for row in rows)))


def write(path: Path = TABLE) -> None:
    """Simulates every cell and writes the table to `path`, whole or not at all."""
    text = characteristics()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text)


if __name__ == "__main__":
    write()
    print(relative(TABLE))
