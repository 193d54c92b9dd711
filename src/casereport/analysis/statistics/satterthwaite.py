"""Satterthwaite's degrees of freedom of a term in a model with AR(1) errors on days as they are spaced."""

import numpy as np
from scipy import linalg

from casereport.analysis.statistics.orderings import Floats


def satterthwaite(x: Floats, white: Floats, gaps: Floats, rho: float, variance: float, combination: Floats) -> float:
    """2 v^2 / var(v) for the variance v of a term, var(v) from the REML information by the delta method.

    `x` is the design, `white` the same whitened, `gaps` the steps from each day to the next, `rho` the correlation a
    step apart, `variance` that of the errors, and `combination` the term.

    With L, which whitens, the inverse of the correlations is L'L, and its derivative by rho D'L + L'D, D being that of
    L. Both join neighbours only, so that the traces of the information cost no more than the values are many.
    """
    carried, slope = np.power(rho, gaps), gaps * np.power(rho, gaps - 1)
    new, derived, turned = 1 - carried**2, np.zeros_like(x), np.zeros_like(x)  # D x and D' L x
    derived[1:] = (carried * slope / new)[:, None] * white[1:] - (slope / np.sqrt(new))[:, None] * x[:-1]
    turned[1:] = (carried * slope / new**1.5)[:, None] * white[1:]
    turned[:-1] -= (slope / new**1.5)[:, None] * white[1:]
    upper = np.vstack([np.append(0, -carried / np.sqrt(new)), np.append(1, 1 / np.sqrt(new))])  # L', its two diagonals
    both = linalg.solve_banded((0, 1), upper, turned) + derived
    cover = np.linalg.inv(white.T @ white)
    once, twice = cover @ (white.T @ derived + derived.T @ white), cover @ both.T @ both
    spare = x.shape[0] - x.shape[1]
    mixed = (np.trace(once) - (2 * carried * slope / new).sum()) / variance
    squared = (2 * (1 + carried**2) * slope**2 / new**2).sum() - 2 * np.trace(twice) + np.trace(once @ once)
    information = np.array([[spare / variance**2, mixed], [mixed, squared]]) / 2  # by the variance, and by rho
    pull = cover @ combination
    v = variance * float(combination @ pull)
    gradient = np.array([v / variance, -2 * variance * float(white @ pull @ (derived @ pull))])
    df = 2 * v * v / float(gradient @ np.linalg.solve(information, gradient))
    return min(max(df, 1.0), float(spare))
