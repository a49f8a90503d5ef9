"""What can be wrong with the workflows of GitHub Actions."""
