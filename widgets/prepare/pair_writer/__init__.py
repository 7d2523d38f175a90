"""Writing of summaries: each text beside an empty box, kept as it is written."""
