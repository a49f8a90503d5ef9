"""GitHub Actions: workflows, expressions, and the actions that name images."""
