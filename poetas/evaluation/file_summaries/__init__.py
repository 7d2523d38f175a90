"""A whole file summarised row by row by a tuned model: request, job, result as a table."""
