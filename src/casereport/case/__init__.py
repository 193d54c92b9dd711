"""One case, read and checked: its description, its tables as rows, its phases and its prose.

A case is somebody else's file, so nothing is assumed, and every problem is named at once.
"""
