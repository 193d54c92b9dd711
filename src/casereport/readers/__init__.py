"""Other people's tables into a case: laboratory tables as they are printed."""
