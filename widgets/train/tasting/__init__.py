"""Base and fine-tuned model side by side on the learner's own text."""
