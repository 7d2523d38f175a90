"""Fine-tuning: the knobs, what a run will cost, the training program and its callbacks.

`config`, `knobs`, `presets`, `estimate` and `curve` are light: an app's kernel imports them. `program` and `dry run`
are jobs and bring torch along when they run. Import from the modules; this package loads nothing by itself.
"""
