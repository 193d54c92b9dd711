"""Reproducible clinical case reports: one case folder in, one audited HTML report out."""

__version__ = "0.1.0"
