"""Java values as templates see them: text, arithmetic, comparison and an allow-list of methods."""
