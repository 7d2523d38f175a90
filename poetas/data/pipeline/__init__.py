"""From a file's rows to three parts: reading, column mapping, cleaning, duplicate search, splitting."""
