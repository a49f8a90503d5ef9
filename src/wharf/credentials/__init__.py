"""Who I am, on this machine: which credential is used for a registry, and where it comes from."""
