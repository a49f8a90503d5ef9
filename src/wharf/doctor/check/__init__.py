"""The check: proof that an image gets into a registry and out again, step by step, and that nothing of it stays."""
