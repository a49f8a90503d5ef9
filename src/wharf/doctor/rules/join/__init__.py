"""Rules about the way of images: what deployments ask for, and what CI pushes."""
