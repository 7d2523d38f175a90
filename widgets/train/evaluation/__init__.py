"""The evaluation of a fine-tuned model: scores, intervals, verdict, examples."""
