"""Blind tasting: texts of both models without their names, the learner's votes and rubric, and what they show."""
