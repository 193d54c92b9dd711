"""Statistics of one patient's series, without any notion of a patient: effect sizes, their order in time, regression.

Every index is tested on the published numbers of its source.
"""

from casereport.analysis.statistics.effects import LOOSE, ird, lrr, nap, pand, pem, pnd, smd, tau, tau_bc, tau_u
from casereport.analysis.statistics.pairs import Estimate
from casereport.analysis.statistics.regression import piecewise, start_point_rank

__all__ = [
    "LOOSE", "Estimate", "ird", "lrr", "nap", "pand", "pem", "piecewise", "pnd", "smd", "start_point_rank", "tau",
    "tau_bc", "tau_u",
]  # fmt: skip
