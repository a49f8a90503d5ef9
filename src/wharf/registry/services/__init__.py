"""What one can ask of a registry, use case by use case, without a word of HTTP."""
