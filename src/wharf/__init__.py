"""wharf: a container registry, a delivery tool, and the answer to "why doesn't my image arrive?"."""

__all__ = ["__version__"]

__version__ = "0.1.0"
