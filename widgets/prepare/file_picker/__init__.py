"""File picker: upload, local folders, samples, reading hints."""
