"""Other people's tables into a case: what is not understood is told and left out, never guessed."""
