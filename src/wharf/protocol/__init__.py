"""What client and server say to each other. Values in, values out; no I/O."""
