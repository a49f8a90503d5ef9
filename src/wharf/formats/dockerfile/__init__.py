"""Dockerfiles, read as BuildKit reads them, and ignore files, matched as Docker matches them."""
