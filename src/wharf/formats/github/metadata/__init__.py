"""docker/metadata-action: which tags and labels it makes, out of its inputs and of what happened."""
