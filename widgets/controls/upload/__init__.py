"""File upload from the browser in acknowledged chunks, with a fallback to `FileUpload`."""
