"""Reusable controls that depend on no app: upload, download, sliders, tables, charts, job card."""
