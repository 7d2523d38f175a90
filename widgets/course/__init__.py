"""Teaching material that all three apps share: lesson notes and glossary."""
