"""Where the project's files are, how a strict table is read, and what a file is known by.

This room knows no patient: paths, tables as files, hashes.
"""
