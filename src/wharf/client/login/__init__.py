"""Who one is at a registry: what is shown to prove it, and what may be done with it."""
