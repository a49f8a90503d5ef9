"""The way of an image: what CI pushes, what deployment asks for, what the registry holds, where they part."""
