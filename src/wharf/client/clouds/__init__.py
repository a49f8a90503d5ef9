"""The registries that many people use: who one is there, how long a login lasts, and what usually goes wrong."""
