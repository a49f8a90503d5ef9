"""The wire form of the registry: requests become calls of a use case, answers and errors become replies."""
