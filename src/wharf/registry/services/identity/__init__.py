"""Who comes: what a credential proves, how passwords are kept, and which short-lived tokens are given for it."""
