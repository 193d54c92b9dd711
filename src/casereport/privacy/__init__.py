"""The de-identification gate: what must not be published is refused before anything is written."""
