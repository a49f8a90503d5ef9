"""Scripts of sh and bash: parsed, and followed to the commands that they would run. Nothing is ever run."""
