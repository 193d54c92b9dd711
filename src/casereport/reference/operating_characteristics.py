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
same bytes each time, in about a minute on two free cores (measured: 70 s).
"""

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np

from casereport.analysis.chance import AUTOCORRELATIONS, INDICES, LENGTHS, LOG_SD, TABLE
from casereport.analysis.statistics.orderings import Floats, Integers
from casereport.analysis.statistics.overlap import newcombe_interval
from casereport.files.paths import relative
from casereport.files.whole import write_whole

SEED = 20
REPLICATES = 40_000  # a share is then known to 0.25 percentage points (one standard error) or better
WINDOW = 14
Z = -NormalDist().inv_cdf(0.025)

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


# The indices of effects.py for many cases at once, one case a row


class Computed(NamedTuple):
    """An index of each case and, where it has one, its 95 % confidence interval."""

    value: Floats
    low: Floats | None = None
    high: Floats | None = None


def compute(a: Floats, b: Floats) -> dict[str, Computed]:
    """Every index that m and n values allow, as in effects.py; `a` has shape (cases, m), `b` (cases, n).

    Larger is better. LRR is that of exp(`LOG_SD` x). Tau-BC is exact only where no value after detrending ties with
    one of the other phase, as for continuous data.
    """
    m, n = a.shape[1], b.shape[1]
    pairs = m * n
    s = _concordance(a, b)
    nap = (s + pairs) / (2 * pairs)
    low, high = _newcombe(nap, m, n)
    earlier, later = np.triu_indices(m, k=1)
    rises = a[:, later] - a[:, earlier]
    best = a.max(axis=1, keepdims=True)
    median = np.median(a, axis=1, keepdims=True)
    kept = _kept(a, b)
    found = {
        "nap": Computed(nap, low, high),
        "tau": Computed(2 * nap - 1, 2 * low - 1, 2 * high - 1),
        "tau_u": Computed((s - np.sign(rises).sum(axis=1)) / pairs),
        "pnd": Computed(np.count_nonzero(b > best, axis=1) / n),
        "pem": Computed((2 * np.count_nonzero(b > median, axis=1) + np.count_nonzero(b == median, axis=1)) / (2 * n)),
        "pand": Computed(kept / (m + n)),
        "ird": Computed((2 * pairs - (m + n) * (m + n - kept)) / (2 * pairs)),
    }
    if m > 1:
        slope = np.median(rises / (later - earlier), axis=1, keepdims=True)
        day = np.arange(m + n)
        found["tau_bc"] = Computed(_concordance(a - slope * day[:m], b - slope * day[m:]) / pairs)
    if m > 2:
        found["smd"] = _smd(a, b)
    if m > 1 and n > 1:
        found["lrr"] = _lrr(np.exp(LOG_SD * a), np.exp(LOG_SD * b))
    return found


def _concordance(a: Floats, b: Floats) -> Integers:
    """S of each case: the pairs with b above a, minus those below."""
    first, second = a[:, :, None], b[:, None, :]
    return np.count_nonzero(second > first, axis=(1, 2)) - np.count_nonzero(second < first, axis=(1, 2))


def _newcombe(nap: Floats, m: int, n: int) -> tuple[Floats, Floats]:
    values, which = np.unique(nap, return_inverse=True)
    limits = np.array([newcombe_interval(float(p), m, n, Z) for p in values])
    return limits[which, 0], limits[which, 1]


def _kept(a: Floats, b: Floats) -> Integers:
    """The most values that can stay when every a that stays is below every b that stays."""
    lowest = np.sort(a, axis=1)
    above = np.count_nonzero(b[:, None, :] > lowest[:, :, None], axis=2)
    return np.maximum(b.shape[1], (above + np.arange(1, a.shape[1] + 1)).max(axis=1))


def _smd(a: Floats, b: Floats) -> Computed:
    m, n = a.shape[1], b.shape[1]
    correction = 1 - 3 / (4 * (m - 1) - 1)
    spread = a.std(axis=1, ddof=1)
    d = correction * (b.mean(axis=1) - a.mean(axis=1)) / spread
    if n == 1:
        return Computed(d)
    ratio = b.std(axis=1, ddof=1) / spread
    reach = Z * correction * np.sqrt(1 / m + ratio**2 / n + d**2 / (2 * (m - 1)))
    return Computed(d, d - reach, d + reach)


def _lrr(a: Floats, b: Floats) -> Computed:
    mean_a, mean_b = a.mean(axis=1), b.mean(axis=1)
    spread_a, spread_b = (x.var(axis=1, ddof=1) / (x.shape[1] * x.mean(axis=1) ** 2) for x in (a, b))
    ratio = np.log(mean_b) - np.log(mean_a) + (spread_b - spread_a) / 2
    reach = Z * np.sqrt(spread_a + spread_b)
    return Computed(ratio, ratio - reach, ratio + reach)


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
    return a, b + cell.effect_sd


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


def _row(name: str, cell: Cell, computed: Computed) -> tuple[str, ...]:
    index, (value, low, high) = INDICES[name], computed
    count, mean = len(value), float(value.mean())
    # the SMD of 3 values before is distributed like t with 2 degrees of freedom: its variance is infinite
    mean_se = None if name == "smd" and cell.n_baseline == 3 else float(value.std(ddof=1)) / math.sqrt(count)
    truth = index.truth(cell.effect_sd) if index.truth else None
    met = [value >= index.alarm]
    if low is not None and high is not None and truth is not None:
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
