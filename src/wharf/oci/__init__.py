"""What an image is: digests, names, manifests. Frozen values, standard library only, no I/O."""
