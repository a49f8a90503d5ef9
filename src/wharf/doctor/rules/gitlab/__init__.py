"""Rules about GitLab: its pipelines, the daemons that they build with, and the runners that work on them."""
