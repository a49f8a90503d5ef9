"""Repositories as packages: what they hold, what was deleted from them and can come back."""
