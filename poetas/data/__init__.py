"""From a learner's file to a prepared dataset: reading, choosing columns, cleaning, splitting, saving.

Import from the modules: ``reading.read_file``, ``mapping.guess``, ``preparing.prepare``, ``store.PreparedDataset``,
``samples.samples``. This package loads nothing by itself, so that an app's kernel can list the samples without
pandas or Arrow.
"""
