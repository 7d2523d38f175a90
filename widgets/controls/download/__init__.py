"""File download from the kernel in chunks."""
