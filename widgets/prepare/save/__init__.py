"""Saving of the dataset: the choices, its name, what can be downloaded, and the account of every row."""
