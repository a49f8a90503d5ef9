"""The way of a repository's images as a picture: what happens, what CI pushes because of it, and who asks for it."""
