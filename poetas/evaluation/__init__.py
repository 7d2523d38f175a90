"""Evaluation of summaries and styles: metrics, baselines, confidence intervals, verdicts."""
