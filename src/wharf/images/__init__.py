"""Images as values: where they are read from, where they are written to, and what lies between."""
