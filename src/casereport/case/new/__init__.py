"""A new case to begin with, as a folder of files or as one workbook.

It is valid as it stands, and nothing in it is known.
"""
