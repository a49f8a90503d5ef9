"""Clusters of Kubernetes as kubectl shows them: the secrets that nodes pull images with, and who names them."""
