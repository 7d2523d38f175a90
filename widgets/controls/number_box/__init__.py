"""A number input that accepts a decimal comma in any browser."""
