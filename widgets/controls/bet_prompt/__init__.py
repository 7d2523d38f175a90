"""Prompt for a bet before a result is shown."""
