"""Compose files: services and their images, with variables put in as Compose does."""
