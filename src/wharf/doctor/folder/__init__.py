"""A repository as it lies on a disk: which files belong to it, what stands in them, and what git knows of it."""
