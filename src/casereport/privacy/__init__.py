"""The de-identification gate: what must not be published is refused before anything is written.

It searches every text, table, workbook and drawing of a case for the forms of identifiers, and replaces no reading.
"""
