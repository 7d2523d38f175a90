"""Fine-tuning: configuration, dry run, estimate of time and memory, the training job and its callbacks.

`config`, `parameter_docs`, `presets`, `estimate` and `loss_curve` are light: an app's kernel imports them. `train` and
`dry_run` are jobs and import torch when they run. Import from the modules; this package loads nothing by itself.
"""
