"""Effects pooled over the patients of a series: the random-effects mean of NAP and of the log response ratio.

Patients differ, so their effects are taken for draws from a distribution: its mean is pooled, its spread is the
heterogeneity. Nobody was assigned to a treatment, and who was treated at the worst gets better on average whatever is
given: a pooled effect is no effect of the treatment.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from casereport.analysis.judgement.improvement import WITHIN

POOLED = ("NAP", "LRR")
FEWEST = 5  # patients: of fewer the spread between them is hardly known
COLUMNS = (
    "phase", "analyte", "label", "short", "index", "patients", "left_out", "mean", "ci_low", "ci_high", "tau2", "i2",
    "q", "q_p", "predicted_low", "predicted_high",
)  # fmt: skip


def pooled_effects(effects: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """The random-effects mean of NAP and LRR of each phase and analyte over the patients of a cohort's `effects`.

    Only indices of which a direction is better, from 5 patients on; `left_out` counts those whose index is bounded
    only, not shown or without a variance. Between-patient variance `tau2` by Paule and Mandel 1982, `mean` with the
    interval of Hartung and Knapp 2001, never narrower than without its adjustment; `q` and `q_p` are Cochran's test of
    homogeneity, `i2` the share of the variation that is between patients (Higgins 2003), and `predicted_low` to
    `predicted_high` is where the effect of another such patient is expected (Higgins 2009). The variance of NAP is read
    off its interval, since its own is nought where all pairs agree. All take the values of a patient for independent.

    Needs statsmodels, of `make cohort`. Columns: those of COLUMNS; LRR on the scale of natural logarithms, positive for
    better.
    """
    better = effects[effects["index"].isin(POOLED) & ~effects["improvement"].isin(["", WITHIN])]
    rows = _rows(better, confidence)
    return pd.DataFrame(list(rows), columns=list(COLUMNS))


def _rows(effects: pd.DataFrame, confidence: float) -> Iterator[dict[str, Any]]:
    for (phase, analyte, index), mine in effects.groupby(["phase", "analyte", "index"], sort=False):
        effect, variance = mine["value"].to_numpy(), _variance(mine, str(index))
        known = np.isfinite(effect) & (variance > 0)
        if known.sum() < FEWEST:
            continue
        about = {"phase": phase, "analyte": analyte, "index": index}
        about |= {name: mine[name].iloc[0] for name in ("label", "short")}
        about |= {"patients": int(known.sum()), "left_out": int((~known).sum())}
        yield about | random_effects_mean(effect[known], variance[known], confidence)


def _variance(mine: pd.DataFrame, index: str) -> np.ndarray:
    if index != "NAP":
        return np.nan_to_num(mine["se"].to_numpy() ** 2)
    z = special.ndtri((1 + mine["confidence"].to_numpy()) / 2)
    return np.nan_to_num(((mine["ci_high"] - mine["ci_low"]).to_numpy() / (2 * z)) ** 2)


def random_effects_mean(effect: np.ndarray, variance: np.ndarray, confidence: float) -> dict[str, float]:
    """The mean of effects with these variances, three or more, its interval and the heterogeneity, as columns."""
    from statsmodels.stats.meta_analysis import combine_effects

    with np.errstate(divide="ignore"):  # equal effects have a Q of nought, which it divides by
        found = combine_effects(effect, variance, method_re="iterated", alpha=1 - confidence)
    count, q = len(effect), float(found.q)
    tau2, mean = max(0.0, float(found.tau2)), float(found.mean_effect_re)
    se = max(float(found.sd_eff_w_re_hksj), float(found.sd_eff_w_re))
    reach = float(special.stdtrit(count - 1, (1 + confidence) / 2)) * se
    further = float(special.stdtrit(count - 2, (1 + confidence) / 2)) * math.sqrt(tau2 + float(found.sd_eff_w_re) ** 2)
    return {
        "mean": mean,
        "ci_low": mean - reach,
        "ci_high": mean + reach,
        "tau2": tau2,
        "i2": max(0.0, 1 - (count - 1) / q) if q > 0 else 0.0,
        "q": q,
        "q_p": float(special.chdtrc(count - 1, q)),
        "predicted_low": mean - further,
        "predicted_high": mean + further,
    }
