"""A model that counts which words follow which in the learner's own text."""
