"""What can be wrong with how images are built: Dockerfiles, the folders they are built from, and ignore files."""
