"""The verbs that run a registry and look after it."""
