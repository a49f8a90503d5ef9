"""GitLab CI: pipelines, and the runners that work on them."""
