"""What there is to see in a repository, kind by kind: workflows, compose files, manifests. Each is looked at once."""
