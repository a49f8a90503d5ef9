"""The verbs of webhooks: addresses that a registry tells of what happens."""
