"""The trainings of a dataset side by side."""
