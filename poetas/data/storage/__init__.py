"""Prepared datasets on the disk: records, Arrow files, zip archives, bundled samples."""
