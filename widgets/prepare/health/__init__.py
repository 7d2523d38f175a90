"""Health of the texts: what the checks found, as cards with a button each."""
