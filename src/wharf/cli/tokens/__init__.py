"""Tokens of a wharf registry: made, listed, taken back, and replaced by new ones."""
