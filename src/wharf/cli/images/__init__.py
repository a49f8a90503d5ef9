"""The verbs that carry, show and delete images."""
