"""Rules about scripts: what they believe of commands that is not so, and variables that do not reach them."""
