"""Blobs on their way, out and in, across connections that break."""
