"""The verbs about who one is at a registry."""
