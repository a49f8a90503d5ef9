"""What can be wrong with compose files."""
