"""Small helpers without knowledge of the domain: files, locks, parsing, resources, error log."""
