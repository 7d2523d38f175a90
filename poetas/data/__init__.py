"""Preparation of datasets: a learner's file in, a cleaned and split dataset out.

Import from the modules: ``pipeline.reading.read_file``, ``pipeline.mapping.guess``, ``pipeline.pipeline.prepare``,
``storage.dataset_store.PreparedDataset``, ``storage.samples.samples``. This package imports nothing, so that an app's
kernel can list the samples without pandas or Arrow.
"""
