"""Reusable controls that know nothing of language models' apps: upload, sliders, tables, charts, job card."""
