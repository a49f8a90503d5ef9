"""YAML as it was written: scalars as texts and never as numbers, and the place of everything."""
