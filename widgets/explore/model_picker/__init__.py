"""Model cards, licence question, model download."""
