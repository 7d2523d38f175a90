"""What teaches in all three apps: lesson notes and glossary."""
