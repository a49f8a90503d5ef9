"""Kubernetes manifests, and what makes or changes them: kustomize, Helm, Argo CD."""
