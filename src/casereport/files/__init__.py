"""Where the project's files are, how a strict table is read, what a file is known by, and whose a folder is.

Nothing here knows what a patient or an analyte is.
"""
