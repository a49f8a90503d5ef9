"""How often what is pulled, how much room it takes, and what a worker counts beside its requests."""
