"""What mends a broken way, on either side; each change is tried before it is told."""
