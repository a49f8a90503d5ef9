"""The verbs that a person or a script types: each reads its words, calls one function below, and prints."""
