"""From an error text to its cause: the verb `explain`, and what other verbs take from it."""
