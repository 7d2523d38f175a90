"""Train, validation and test split."""
