"""What people write: Dockerfiles, ignore files, compose files, workflows, manifests, scripts. Texts to located trees.

Nothing here has an opinion, reads a file by itself, or runs what it reads. What cannot be known from the text stays
a hole that says why.
"""
