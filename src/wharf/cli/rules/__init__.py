"""What owners decide beforehand, from the command line: rules for tags and old versions, and how much room there is."""
