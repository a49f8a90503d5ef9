"""Bake files of buildx, in HCL and JSON: targets, and the tags that they push."""
