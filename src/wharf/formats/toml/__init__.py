"""TOML with places: each setting of a file, where it stands, and which ones stand there twice."""
