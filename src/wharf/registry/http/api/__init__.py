"""The JSON API: GitHub's operations on packages, and wharf's own, each a row of one table."""
