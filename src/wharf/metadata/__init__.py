"""What we know about bytes: repositories, tags, manifests, who holds which blob, and what happened when."""
