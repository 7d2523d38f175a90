"""Taking the model away: check of what it recites, export as a zip, keepsake page."""
