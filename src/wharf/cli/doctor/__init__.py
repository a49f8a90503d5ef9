"""The verb that looks at a repository and says why its images do not arrive, and how it says so."""
