"""What can be wrong with Kubernetes manifests, kustomizations, charts, and what Argo CD is told of images."""
