"""Actions of GitHub that build, push and fetch images: what each use of them does. One file for each action."""
